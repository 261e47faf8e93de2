import { ECDH } from 'node:crypto';
import type { PushChoices, PushSubscription } from '@sotto/protocol';
import { OutboundError, type OutboundReason } from '../../platform/outbound/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { bringForward, deleteOfSession, readChoices, replaceSubscription, writeChoices } from './store.ts';

/** Whose device it is: a session is one browser's. */
interface Subscriber {
  account: string;
  session: string;
}

const reasons: Partial<Record<OutboundReason, 'address' | 'unreachable'>> = {
  address: 'address',
  unresolved: 'unreachable',
  timeout: 'unreachable',
  failed: 'unreachable',
};

/**
 * A subscription that can be pushed to. Its address is named by a client: it is looked at now, to say what is wrong with it,
 * and again at each push.
 * @throws Refusal `push_endpoint_refused`
 */
export async function checkSubscription(
  context: Context,
  { endpoint, keys }: PushSubscription,
): Promise<void> {
  try {
    ECDH.convertKey(keys.p256dh, 'prime256v1', 'base64url', 'base64url');
  } catch {
    throw refuse('push_endpoint_refused', { reason: 'key' });
  }
  try {
    await context.outbound.check(endpoint, { secure: true });
  } catch (error) {
    if (!(error instanceof OutboundError)) throw error;
    throw refuse('push_endpoint_refused', { reason: reasons[error.reason] ?? 'url' });
  }
}

export const doSubscribe = (context: Context, viewer: Subscriber, { endpoint, keys }: PushSubscription) =>
  context.transact(({ tx }) =>
    replaceSubscription(tx, {
      account: viewer.account,
      session: viewer.session,
      endpoint,
      p256dh: keys.p256dh.replace(/=+$/, ''),
      auth: keys.auth.replace(/=+$/, ''),
      now: context.now(),
    }),
  );

export async function doUnsubscribe(context: Context, viewer: Subscriber): Promise<undefined> {
  await deleteOfSession(context.db, viewer.session);
}

export const doChangeChoices = (
  context: Context,
  viewer: Subscriber,
  changes: { [K in keyof PushChoices]?: PushChoices[K] | undefined },
): Promise<PushChoices> =>
  context.transact(async ({ tx }) => {
    await writeChoices(tx, viewer.account, changes);
    if (changes.quiet !== undefined) await bringForward(tx, viewer.account, context.now());
    return readChoices(tx, viewer.account);
  });
