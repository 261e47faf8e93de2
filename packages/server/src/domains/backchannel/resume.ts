import type { Conversation, LogEntry, Person } from '@sotto/protocol';
import { peopleOf, presentEntries, type Sight, withPersonCard } from './entries.ts';
import { firstsOf, type InboxDeps, peopleInInbox, present, readerOf } from './inbox.ts';
import { planResume } from './policy.ts';
import type { ConversationRow, EntryRow } from './rows.ts';
import { readConversations, readStates, readUnnamed } from './store/conversations.ts';
import { readStretches } from './store/log.ts';
import { countWaiting } from './store/memberships.ts';

/** What a client says it has of a conversation; without `readSeq` and `version`, they are not compared. */
export interface Have {
  conversation: string;
  seq: number;
  readSeq?: number | undefined;
  version?: number | undefined;
}

export interface Resumed {
  conversations: Conversation[];
  entries: { conversation: string; entries: LogEntry[] }[];
  people: Person[];
  limited: string[];
  gone: string[];
  inboxLimited: boolean;
  requests: number;
}

/** Conversations that a client did not name and still gets; beyond, it loads its inbox page by page. */
const UNNAMED_MAX = 500;
/** Characters of text in one answer: it must go through before the socket counts as too slow (RT-7). */
const TEXT_MAX = 128 * 1024;

/**
 * What a client missed (RT-6), found by comparing what it has with every conversation of the account: no clock and no
 * serial number is asked, so nothing that was committed late can be skipped (RT-12).
 */
export async function resume(deps: InboxDeps, account: string, have: readonly Have[]): Promise<Resumed> {
  const named = new Map(have.map(each => [each.conversation, each]));
  const ids = [...named.keys()];
  const reader = await readerOf(deps, account);
  const [states, unnamed, requests] = await Promise.all([
    readStates(deps.db, account, ids),
    readUnnamed(deps.db, reader, ids, UNNAMED_MAX + 1),
    countWaiting(deps.db, account),
  ]);
  const inboxLimited = unnamed.length > UNNAMED_MAX || textOf(unnamed) > TEXT_MAX;
  // Of most that a client names it has all there is: only the others are read whole.
  const differing = states.filter(row => {
    const client = named.get(row.id);
    return (
      (client?.readSeq ?? row.read_seq) !== row.read_seq || (client?.version ?? row.version) !== row.version
    );
  });
  const changed =
    differing.length === 0
      ? []
      : await readConversations(
          deps.db,
          reader,
          differing.map(row => row.id),
        );
  // As new as what is sent of them: entries go as far as the head that the client is told.
  const whole = new Map(changed.map(row => [row.id, row]));
  const known = states.map(row => whole.get(row.id) ?? row);
  const plan = planResume(
    // Of the log of an invitation nothing is theirs yet.
    known
      .filter(row => row.state !== 'invited')
      .map(row => ({
        conversation: row.id,
        seq: Math.max(named.get(row.id)?.seq ?? 0, row.first_seq - 1),
        head: row.head,
      })),
  );
  const firsts = firstsOf(known);
  const kinds = new Map(known.map(row => [row.id, row.kind]));
  const { stretches, limited } = fit(await readStretches(deps.db, plan.catchUp));
  const isDirect = ([conversation]: Stretch): boolean => kinds.get(conversation) === 'direct';
  const entries = [
    ...(await presentStretches(deps, stretches.filter(isDirect), { withheld: new Set(), firsts })),
    ...(await presentStretches(
      deps,
      stretches.filter(each => !isDirect(each)),
      { withheld: reader.blocked, firsts },
    )),
  ];
  const conversations = await present(deps, reader, inboxLimited ? changed : [...changed, ...unnamed]);
  const speakers = await peopleOf(
    deps,
    entries.flatMap(each =>
      kinds.get(each.conversation) === 'direct' ? withPersonCard(each.entries) : each.entries,
    ),
    reader.blocked,
  );
  const people = [...speakers, ...(await peopleInInbox(deps, conversations, reader))];
  const found = new Set(known.map(row => row.id));
  return {
    conversations,
    entries,
    people: [...new Map(people.map(person => [person.id, person])).values()],
    limited: [...plan.limited, ...limited],
    gone: ids.filter(id => !found.has(id)),
    inboxLimited,
    requests,
  };
}

const textOf = (rows: readonly ConversationRow[]): number =>
  rows.reduce((sum, row) => sum + (row.last?.text.length ?? 0), 0);

type Stretch = readonly [conversation: string, rows: readonly EntryRow[]];

/** All at once: after a break of the network there may be hundreds, of an entry each. */
async function presentStretches(
  deps: InboxDeps,
  stretches: readonly Stretch[],
  sight: Sight,
): Promise<Resumed['entries']> {
  const all = stretches.flatMap(([, rows]) => rows);
  const shown = await presentEntries(deps, all, sight);
  return stretches.map(([conversation, rows]) => ({ conversation, entries: shown.splice(0, rows.length) }));
}

/** Whole stretches as far as their text fits; the rest is to be reloaded. */
function fit(rows: readonly EntryRow[]): { stretches: Stretch[]; limited: string[] } {
  const stretches: Stretch[] = [];
  const limited: string[] = [];
  let text = 0;
  for (const [conversation, stretch] of Map.groupBy(rows, row => row.conversation_id)) {
    text += stretch.reduce((sum, row) => sum + row.text.length, 0);
    if (text > TEXT_MAX) limited.push(conversation);
    else stretches.push([conversation, stretch]);
  }
  return { stretches, limited };
}
