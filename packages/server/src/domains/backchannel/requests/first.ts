import { uuidv7 } from '../../../platform/ids.ts';
import type { Platform } from '../../../platform/platform.ts';
import { refuse } from '../../../platform/refusal.ts';
import type { Work } from '../../../platform/work.ts';
import { memberOf } from '../access.ts';
import { tellMembers } from '../fanout.ts';
import type { InboxDeps } from '../inbox.ts';
import type { Standing } from '../rows.ts';
import { type Appended, appendOne, type Draft } from '../store/log.ts';
import { requestCounter } from './counter.ts';
import { arrivalOf, checkRequest, stillWaits } from './policy.ts';
import { isHeldBack } from './rules.ts';
import { agree, decideNewest, insertRequest, lockAsking, noteAsked, readAsking } from './store.ts';
import { tellWaiting } from './tell.ts';

/**
 * Sends where the two have yet to agree to talk (BC-10, BC-11). Who writes has agreed. Whatever the recipient has done
 * with an earlier request, or will see of this one, the sender's way through here is the same, statement by statement.
 * @throws Refusal `cannot_message`, `request_waiting`, `request_text_only` or `request_limit`
 */
export const settle = (platform: Platform, deps: InboxDeps, draft: Draft): Promise<Appended> =>
  platform.transact(work => doSettle(platform, deps, work, draft)).catch(notWritten);

async function doSettle(platform: Platform, deps: InboxDeps, work: Work, draft: Draft): Promise<Appended> {
  const standing = await memberOf(work.tx, draft.sender, draft.conversation, { lock: true });
  if (standing.other === null) throw refuse('cannot_message');
  // Before the lock was had, the same message may have been written by a repeat of this, or the two have agreed.
  const meanwhile = await append(work, draft, { at: platform.now(), settled: false });
  if (meanwhile.outcome !== 'unsettled') return meanwhile;
  const pair = { conversation: draft.conversation, sender: draft.sender, recipient: standing.other };
  await lockAsking(work.tx, 'asks', pair.sender);
  await lockAsking(work.tx, 'asked', pair.recipient);
  const now = platform.now();
  const asking = await readAsking(work.tx, pair, now);
  const agreed = standing.otherState === 'active' || asking.followed;
  // Told only to who asks for the first time: later it would say what became of the request.
  if (asking.blocking || (asking.blocked && (agreed || standing.state !== 'active')))
    throw refuse('cannot_message');
  if (agreed) return write(platform, deps, work, draft, standing);
  if (standing.state === 'active' && stillWaits(asking.askedAt, now)) throw refuse('request_waiting');
  checkRequest(asking, draft, now);
  const arrival = arrivalOf(
    asking,
    isHeldBack(draft.text, asking, text => deps.people.searchWords(text)),
  );
  await noteAsked(work.tx, pair.conversation, pair.sender, now);
  const result = await append(work, draft, { at: now, settled: true });
  if (result.outcome !== 'written') throw new NotWritten(result);
  await insertRequest(work.tx, { ...pair, seq: result.seq, arrival, at: now });
  await tellMembers(work, deps, pair.conversation, [pair.sender]);
  await tellWaiting(work, pair.recipient);
  work.afterCommit(() => {
    const counter = requestCounter(platform.metrics);
    counter.inc({ event: 'sent' });
    if (arrival === 'held' || arrival === 'queued') counter.inc({ event: arrival });
  });
  return result;
}

/** Takes back, with the transaction, what was agreed for a message that cannot be. */
class NotWritten extends Error {
  readonly result: Appended;
  constructor(result: Appended) {
    super(result.outcome);
    this.result = result;
  }
}

function notWritten(error: unknown): Appended {
  if (error instanceof NotWritten) return error.result;
  throw error;
}

/** Nobody has to be asked, or who was asked answers. */
async function write(
  platform: Platform,
  deps: InboxDeps,
  work: Work,
  draft: Draft,
  { other }: Standing,
): Promise<Appended> {
  const at = platform.now();
  const accounts = [draft.sender, ...(other === null ? [] : [other])];
  await agree(work.tx, draft.conversation, accounts, at);
  const result = await append(work, draft, { at, settled: false });
  if (result.outcome !== 'written') throw new NotWritten(result);
  if (await decideNewest(work.tx, draft.conversation, draft.sender, 'accepted', at)) {
    await tellWaiting(work, draft.sender);
    work.afterCommit(() => requestCounter(platform.metrics).inc({ event: 'accepted' }));
  }
  await tellMembers(work, deps, draft.conversation, accounts);
  return result;
}

const append = (
  work: Work,
  draft: Draft,
  { at, settled }: { at: Date; settled: boolean },
): Promise<Appended> => appendOne(work.tx, { ...draft, id: uuidv7(at.getTime()) }, at, { settled });
