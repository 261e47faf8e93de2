import type { PushPayload } from '@sotto/protocol';
import { type Repeated, repeat } from '../../platform/repeat.ts';
import type { Context } from './context.ts';
import { isQuiet, isWanted, maySilently, payloadOf, quietUntil, retryIn, tagOf } from './policy.ts';
import { type Pushed, push } from './send.ts';
import {
  bringForward,
  CLEARED,
  deleteSubscription,
  forgetShown,
  forgetStale,
  LEASE,
  noteOutcome,
  noteShown,
  type Owed,
  postponeOwed,
  readChoices,
  readShown,
  readSubscriptions,
  type Subscription,
  settleOwed,
  sweepShown,
  takeOwed,
} from './store.ts';

const PAUSE = 500;
/** Conversations told of at once. */
const AT_ONCE = 16;
/** After as many tries, a message is old news. */
const TRIES = 8;
/** Pushes in a row that a service did not take, each later than the one before: it will not come back. */
const FAILURES = 30;
/** Milliseconds between looks at what the trigger of read marks could not see. */
const SWEEP = 60_000;

/** Pushes what is owed (BC-31), until stopped. It was written with the message: nothing is forgotten when a node goes down. */
export function startPushing(context: Context): Repeated {
  const { db, log } = context;
  let sweptAt = Date.now();
  const round = async (): Promise<boolean> => {
    if (Date.now() - sweptAt > SWEEP) {
      sweptAt = Date.now();
      await sweepShown(db, context.now());
    }
    const now = context.now();
    const owed = await takeOwed(db, now, new Date(now.getTime() + LEASE), AT_ONCE);
    const done = await Promise.allSettled(owed.map(each => tell(context, each)));
    for (const each of done)
      if (each.status === 'rejected') log.warn({ err: each.reason }, 'a push was not sent');
    return owed.length === AT_ONCE;
  };
  return repeat(round, { pause: PAUSE, onError: error => log.warn({ err: error }, 'nothing is pushed') });
}

async function tell(context: Context, owed: Owed): Promise<void> {
  const { db } = context;
  const news = await whatToTell(context, owed);
  if (news instanceof Date) return waitUntil(context, owed, news);
  if (!news) return settleOwed(db, owed, context.now());
  const about = news.payload.kind === 'clear' ? CLEARED : news.upTo;
  // Whoever has something else has to be told.
  const isOther = owed.sentSeq !== null && owed.sentSeq !== about;
  if (!isOther && owed.tries > TRIES) {
    if (news.gone && about !== CLEARED) await noteShown(db, owed.account, owed.conversation, about);
    else await forgetStale(db, owed.account, owed.conversation);
    return settleOwed(db, owed, context.now());
  }
  const { payload, upTo, gone } = news;

  const all = await readSubscriptions(db, owed.account);
  const sent = isOther ? [] : [...owed.sentTo];
  const missing = all.filter(
    each => !sent.includes(each.id) && (payload.kind === 'message' || maySilently(each.endpoint)),
  );
  const keys = { ...(await context.keys()), subject: context.subject() };
  // Before it goes out: should it be read in this moment, the read mark finds it.
  if (payload.kind === 'message' && missing.length > 0 && !gone)
    await noteShown(db, owed.account, owed.conversation, upTo);
  const later: number[] = [];
  await Promise.all(
    missing.map(async subscription => {
      const wait = (subscription.retry_at?.getTime() ?? 0) - context.now().getTime();
      if (wait > 0) return later.push(wait);
      const result = await push(context.outbound, keys, subscription, payload);
      context.count(result.outcome);
      const again = await note(context, subscription, result);
      if (again === null) sent.push(subscription.id);
      else later.push(again);
      return undefined;
    }),
  );
  if (later.length > 0) {
    const rest = { ...owed, tries: isOther ? 1 : owed.tries, sentTo: sent, sentSeq: about };
    const now = context.now();
    await postponeOwed(db, rest, new Date(now.getTime() + Math.min(...later)), now);
    return;
  }
  if (payload.kind === 'clear') await forgetShown(db, owed.account, owed.conversation, upTo);
  // Only now: until it is everywhere, what takes the place of something gone is without a sound, and heeds no quiet hours.
  else if (gone) await noteShown(db, owed.account, owed.conversation, upTo);
  await settleOwed(db, owed, context.now());
}

/** Quiet hours: what is still unread when they end is told then. They may be changed in this very moment. */
async function waitUntil(context: Context, owed: Owed, end: Date): Promise<void> {
  // To wait is no try.
  await postponeOwed(context.db, { ...owed, tries: owed.tries - 1 }, end, context.now());
  const { quiet } = await readChoices(context.db, owed.account);
  const now = context.now();
  if (!isQuiet(quiet, now)) await bringForward(context.db, owed.account, now);
}

/**
 * What is true now, not when it was written; `upTo`: the newest message that it is about; `gone`: it takes the place of what is
 * not to be seen any more. Null for nothing, a time for not before.
 */
async function whatToTell(
  context: Context,
  owed: Owed,
): Promise<{ payload: PushPayload; upTo: number; gone: boolean } | Date | null> {
  const { db, conversations } = context;
  const { account, conversation } = owed;
  const notice = await conversations.notice(account, conversation);
  const shown = await readShown(db, account, conversation);
  const clear = async () => {
    if (!shown) return null;
    const badge = await conversations.unread(account);
    return {
      payload: { v: 1, kind: 'clear', conversation, badge, tag: tagOf(conversation) } as const,
      upTo: shown.seq,
      gone: shown.gone,
    };
  };
  if (!notice) return clear();
  // What stands there now must go, so that something older may take its place, and nothing waits.
  const gone = shown?.gone === true;
  // What was written since is not for them to see, and what they may see they have been told of.
  const isUnseen = owed.seq > notice.seq;
  if (isUnseen && owed.tries === 1 && !gone && (shown?.seq ?? 0) >= notice.seq) return null;
  const choices = await readChoices(db, account);
  const { quiet, hideText } = choices;
  if (!isWanted(choices, notice.kind, owed.mentioned && !isUnseen)) return gone ? clear() : null;
  const now = context.now();
  if (quiet && isQuiet(quiet, now) && !gone) return quietUntil(quiet, now);
  const isOld = gone && (notice.seq <= shown.seq || isQuiet(quiet, now));
  const badge = await conversations.unread(account);
  return {
    payload: payloadOf(notice, {
      conversation,
      badge,
      hideText,
      silent: isOld || isQuiet(quiet, new Date(notice.at)),
    }),
    upTo: notice.seq,
    gone,
  };
}

/** @returns ms after which it is to be tried again; null: done with, one way or the other */
async function note(context: Context, subscription: Subscription, result: Pushed): Promise<number | null> {
  const { db, log } = context;
  const { id, endpoint, failures } = subscription;
  const service = URL.parse(endpoint)?.host;
  if (result.outcome === 'sent') {
    if (failures > 0) await noteOutcome(db, id, 0, null);
    return null;
  }
  if (result.outcome === 'gone' || failures >= FAILURES) {
    await deleteSubscription(db, id);
    return null;
  }
  if (result.outcome === 'refused') {
    log.warn({ service, why: result.why }, 'push refused');
    await noteOutcome(db, id, failures + 1, null);
    return null;
  }
  log.info({ service, why: result.why }, 'push postponed');
  const wait = retryIn(failures, result.retryAfter, context.now());
  await noteOutcome(db, id, failures + 1, new Date(context.now().getTime() + wait));
  return wait;
}
