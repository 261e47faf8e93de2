import type { AccountId, ConversationId, ConversationKind, LogEntry, Person } from '@sotto/protocol';
import { sql } from 'kysely';
import { refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import { memberOf } from './access.ts';
import { presentEntries } from './entries.ts';
import { readAbout } from './groups/store.ts';
import type { InboxDeps } from './inbox.ts';
import { isAsking, isInvitation } from './requests/decide.ts';
import { readMember } from './requests/store.ts';
import { readLog } from './store/log.ts';
import { hideMessage } from './talk/actions.ts';

/** Entries before and after the reported message that are kept with it (BC-7). */
const AROUND = 10;

/** What somebody reports, as they see it at this moment. */
export interface Reported {
  about: AccountId;
  kind: ConversationKind;
  /** The message; null where an invitation is reported, or nothing was written. */
  seq: number | null;
  /** The group into which one is invited: its name, and the name of its picture. */
  group: { title: string; picture: string | null } | null;
  entries: LogEntry[];
  people: Person[];
}

/**
 * A message and what stands around it; without `seq`, whoever asks or invites, with the newest that they wrote.
 * @throws Refusal `not_found` for what the account cannot see, `not_yourself`
 */
export async function evidenceOf(
  deps: InboxDeps,
  account: AccountId,
  conversation: ConversationId,
  seq: number | undefined,
): Promise<Reported> {
  const member = await readMember(deps.db, conversation, account);
  // Held back is out of sight of every other call, not of this one.
  if (member?.invitedBy && isInvitation(member)) {
    const about = member.invitedBy;
    if (seq !== undefined) throw refuse('not_found');
    const group = await readAbout(deps.db, conversation);
    return {
      about,
      kind: 'group',
      seq: null,
      group,
      entries: [],
      people: await peopleIn(deps, [about, account]),
    };
  }
  const isHeld = member?.state === 'held' && isAsking(member);
  const standing = isHeld ? null : await memberOf(deps.db, account, conversation);
  const first = standing?.firstSeq ?? 1;
  const kind = standing?.kind ?? 'direct';
  const withheld =
    kind === 'direct' ? new Set<AccountId>() : await deps.relations.blockedWith(account, deps.db);
  const other = member?.other ?? null;
  const at = seq ?? (other === null ? undefined : await newestOf(deps, conversation, other, first));
  if (at === undefined) {
    if (other === null) throw refuse('not_found');
    return {
      about: other,
      kind,
      seq: null,
      group: null,
      entries: [],
      people: await peopleIn(deps, [other, account]),
    };
  }
  const rows = [
    ...(await readLog(deps.db, conversation, { first, before: at, limit: AROUND })),
    ...(await readLog(deps.db, conversation, { first, after: at - 1, limit: AROUND + 1 })),
  ];
  const entries = await presentEntries(deps, rows, { withheld, firsts: new Map([[conversation, first]]) });
  const reported = entries.find(entry => entry.seq === at);
  if (reported?.kind !== 'message') throw refuse('not_found');
  const about = reported.message.sender;
  if (about === account) throw refuse('not_yourself');
  const authors = rows.flatMap(row =>
    row.sender_id === null || withheld.has(row.sender_id) ? [] : [row.sender_id],
  );
  return { about, kind, seq: at, group: null, entries, people: await peopleIn(deps, [...authors, account]) };
}

const peopleIn = async ({ people, db }: InboxDeps, ids: readonly AccountId[]): Promise<Person[]> => [
  ...(await people.people([...new Set(ids)], db)).values(),
];

async function newestOf(
  { db }: InboxDeps,
  conversation: ConversationId,
  sender: AccountId,
  first: number,
): Promise<number | undefined> {
  const row = await db
    .selectFrom('log_entries')
    .where('conversation_id', '=', conversation)
    .where('sender_id', '=', sender)
    .where('kind', '=', 'message')
    .where('seq', '>=', first)
    .orderBy('seq', 'desc')
    .limit(1)
    .select('seq')
    .executeTakeFirst();
  return row?.seq;
}

/** The operator's moderators take a message out of view, whatever kind of conversation it is in (BC-6). */
export async function hideForOperator(
  work: Work,
  deps: InboxDeps,
  conversation: ConversationId,
  seq: number,
): Promise<void> {
  const { rows } = await sql<{ id: string; kind: ConversationKind; room: string | null }>`
    select id, kind, room_id as room from conversations where id = ${conversation} for no key update`.execute(
    work.tx,
  );
  const place = rows[0];
  if (!place) throw refuse('not_found');
  await hideMessage(work, deps, place, seq, null);
}

/** The newest request of `about` to `by` in this conversation was reported (BC-18). False where there is none. */
export async function markReported(
  work: Work,
  { conversation, about, by }: { conversation: ConversationId; about: AccountId; by: AccountId },
): Promise<boolean> {
  const { rows } = await sql`
    update requests set reported = true
    where not reported and id = (
      select id from requests
      where conversation_id = ${conversation} and sender_id = ${about} and recipient_id = ${by}
      order by sent_at desc limit 1
    ) returning id`.execute(work.tx);
  return rows.length > 0;
}
