import type { PushPayload } from '@sotto/protocol';
import webPush from 'web-push';
import { type Outbound, OutboundError } from '../../platform/outbound/index.ts';
import type { VapidKeys } from './keys.ts';
import type { Subscription } from './store.ts';

/** What a push service made of it. */
export type Pushed =
  | { outcome: 'sent' }
  /** The browser is not subscribed any more, or its service is nowhere we go. */
  | { outcome: 'gone' }
  /** The service will not have it, and would not a second time. */
  | { outcome: 'refused'; why: string }
  | { outcome: 'later'; retryAfter: string | null; why: string };

/** Seconds that a service keeps it for a device that is off. */
const TTL = 24 * 60 * 60;
/** Payloads are filled up to a multiple of it: their length tells the service nothing of what was written. */
const BLOCK = 256;

/**
 * One push to one browser: encrypted for it (RFC 8291), signed as ours (RFC 8292), sent by RFC 8030. A newer one for the same
 * conversation takes the place of what the service still keeps (`Topic`).
 */
export async function push(
  outbound: Outbound,
  keys: VapidKeys & { subject: string },
  subscription: Subscription,
  payload: PushPayload,
): Promise<Pushed> {
  const { endpoint, p256dh, auth } = subscription;
  const request = webPush.generateRequestDetails({ endpoint, keys: { p256dh, auth } }, filledUp(payload), {
    vapidDetails: keys,
    TTL,
    urgency: payload.kind === 'clear' ? 'low' : 'high',
    topic: payload.conversation.replaceAll('-', ''),
    contentEncoding: 'aes128gcm',
  });
  try {
    const headers = Object.fromEntries(
      Object.entries(request.headers).map(([name, value]) => [name.toLowerCase(), String(value)]),
    );
    const { status, retryAfter } = await outbound.post(endpoint, { headers, body: request.body });
    if (status >= 200 && status < 300) return { outcome: 'sent' };
    if (status === 404 || status === 410) return { outcome: 'gone' };
    if (status === 429 || status >= 500) return { outcome: 'later', retryAfter, why: `HTTP ${status}` };
    return { outcome: 'refused', why: `HTTP ${status}` };
  } catch (error) {
    if (!(error instanceof OutboundError) || error.reason === 'closed') throw error;
    const isNowhere = ['url', 'scheme', 'port', 'credentials', 'address'].includes(error.reason);
    return isNowhere ? { outcome: 'gone' } : { outcome: 'later', retryAfter: null, why: error.reason };
  }
}

function filledUp(payload: PushPayload): Buffer {
  const text = Buffer.from(JSON.stringify(payload));
  return Buffer.concat([text, Buffer.alloc(BLOCK - (text.length % BLOCK), ' ')]);
}
