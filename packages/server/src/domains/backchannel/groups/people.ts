import type { Platform } from '../../../platform/platform.ts';
import { refuse } from '../../../platform/refusal.ts';
import type { Work } from '../../../platform/work.ts';
import { checkMayWrite } from '../access.ts';
import { appendEvent, tellMembers } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';
import type { GroupInvitations } from '../requests/invitations.ts';
import { checkRequest, SHOWN_PER_DAY } from '../requests/policy.ts';
import { isHeldBack } from '../requests/rules.ts';
import { lockAsking, readAsking } from '../requests/store.ts';
import { tellGone, tellWaiting } from '../requests/tell.ts';
import { admissionOf } from './policy.ts';
import { admit, hold, invite, putOut, readAbout, readCandidates, readGroup, readInvited } from './store.ts';

/** What actions on groups need. */
export interface GroupDeps {
  platform: Platform;
  inbox: InboxDeps;
  /** People in a group, those who are invited among them. */
  peopleMax: number;
}

export const groupPlace = (id: string) => ({ id, kind: 'group' as const, room: null });

/**
 * Brings people into a group, under its lock: who knows the one who adds them comes in; everybody else is invited, or so it
 * looks (BC-10). Those who are in it or invited already stay as they are.
 * @returns who came in
 * @throws Refusal `not_found`, `group_full`, `silenced`, `request_limit`
 */
export async function bringIn(
  { inbox, peopleMax }: GroupDeps,
  work: Work,
  by: string,
  conversation: string,
  people: readonly string[],
): Promise<string[]> {
  const { tx } = work;
  const now = inbox.now();
  await checkMayWrite(tx, by, now);
  const known = await inbox.people.people(people, tx);
  if (people.some(id => !known.has(id))) throw refuse('not_found');
  const candidates = await readCandidates(tx, { conversation, by, people, now });
  const admissions = candidates.map(candidate => ({
    account: candidate.id,
    admission: admissionOf(candidate, SHOWN_PER_DAY),
  }));
  const come = admissions.filter(({ admission }) => admission !== 'inside');
  if ((await readGroup(tx, conversation)).length + come.length > peopleMax)
    throw refuse('group_full', { max: peopleMax });
  const { title } = await readAbout(tx, conversation);
  for (const { account, admission } of come) {
    if (admission === 'added') await admit(tx, conversation, account, { at: now, by, unread: true });
    else if (admission !== 'inside') await ask(inbox, work, { by, account, conversation, title, admission });
  }
  return come.flatMap(({ account, admission }) => (admission === 'added' ? account : []));
}

/**
 * An invitation counts as a request (BC-16), and the group's name is what it says (BC-17): to the one who adds, the same
 * whatever the other sees of it.
 */
async function ask(
  inbox: InboxDeps,
  work: Work,
  {
    by,
    account,
    conversation,
    title,
    admission,
  }: {
    by: string;
    account: string;
    conversation: string;
    title: string;
    admission: 'invited' | 'queued' | 'never';
  },
): Promise<void> {
  const now = inbox.now();
  await lockAsking(work.tx, 'asks', by);
  await lockAsking(work.tx, 'asked', account);
  const asking = await readAsking(work.tx, { conversation, sender: by, recipient: account }, now);
  checkRequest({ ...asking, accepts: 'everyone' }, { text: '', extra: null }, now);
  const isHeld = isHeldBack(title, asking, text => inbox.people.searchWords(text));
  const state = admission === 'never' ? 'deleted' : isHeld ? 'held' : admission;
  await invite(work.tx, conversation, account, { state, by, at: now });
  if (state === 'invited') await tellWaiting(work, account);
}

/** Under a new name, the same rules: who would not have been shown it is not shown it now (BC-17). */
export async function holdBack(
  inbox: InboxDeps,
  work: Work,
  conversation: string,
  title: string,
): Promise<void> {
  for (const { account, state, ...rules } of await readInvited(work.tx, conversation)) {
    if (!isHeldBack(title, rules, text => inbox.people.searchWords(text))) continue;
    await hold(work.tx, conversation, account, inbox.now());
    if (state !== 'invited') continue;
    tellGone(work, account, conversation);
    await tellWaiting(work, account);
  }
}

/** New ones see the group, whose log begins for them with their coming. */
export async function tellAdded(
  { inbox }: GroupDeps,
  work: Work,
  by: string,
  conversation: string,
  accounts: readonly string[],
): Promise<void> {
  if (accounts.length === 0) return;
  await appendEvent(work, inbox, groupPlace(conversation), {
    kind: 'people',
    by,
    extra: { change: 'added', accounts: [...accounts] },
  });
  await tellMembers(work, inbox, conversation, accounts);
}

/**
 * Someone who was invited says yes, under the conversation's lock: they are in the group, and everyone in it is told. History
 * is theirs from then on (BC-2).
 */
export async function joinGroup(
  inbox: InboxDeps,
  work: Work,
  account: string,
  conversation: string,
): Promise<void> {
  await admit(work.tx, conversation, account, { at: inbox.now(), by: null, unread: false });
  await appendEvent(work, inbox, groupPlace(conversation), {
    kind: 'people',
    by: account,
    extra: { change: 'joined', accounts: [account] },
  });
  await tellMembers(work, inbox, conversation, [account]);
}

/** The invited one's side of invitations; the group goes on seeing one who declined as invited. */
export const groupInvitations = (inbox: InboxDeps): GroupInvitations => ({
  join: (work, account, conversation) => joinGroup(inbox, work, account, conversation),
  decline: async (work, account, conversation) => {
    await putOut(work.tx, conversation, account, 'deleted', inbox.now());
    tellGone(work, account, conversation);
  },
  withhold: (work, account, conversation) => putOut(work.tx, conversation, account, 'deleted', inbox.now()),
});
