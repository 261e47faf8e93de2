import { createHmac } from 'node:crypto';
import { setTimeout as wait } from 'node:timers/promises';
import { DeliveryError } from '../delivery-error.ts';
import { uuidv7 } from '../ids.ts';
import type { SmsSender } from './sms-sender.ts';

export interface SmsWebhookOptions {
  webhookUrl: string;
  /** Key of the signature. */
  secret: string;
  /** Milliseconds that one attempt may take. */
  timeout?: number;
  /** Milliseconds before each further attempt: after no answer, a 5xx or a 429. */
  retryAfter?: readonly number[];
}

/**
 * Hands each message to the operator's own bridge to an SMS service: `POST {"id", "to", "text"}` as JSON.
 *
 * `sotto-timestamp` is the Unix time in seconds, `sotto-signature` is `v1=` and the hexadecimal HMAC-SHA256 of
 * `<timestamp>.<body>`. A receiver compares it in constant time, refuses timestamps older than some minutes, and takes
 * a repeated `id` for the same message. Any 2xx is success; redirects are not followed.
 */
export function smsWebhook(options: SmsWebhookOptions): SmsSender {
  const delays = options.retryAfter ?? [300, 1000];
  return {
    printed: false,
    async send({ to, text }) {
      const body = JSON.stringify({ id: uuidv7(), to, text });
      let problem = await attempt(options, body);
      for (const delay of delays) {
        if (!problem?.again) break;
        await wait(delay);
        problem = await attempt(options, body);
      }
      if (problem) throw new DeliveryError(`SMS webhook: ${problem.reason}`);
    },
  };
}

interface Problem {
  reason: string;
  /** Whether another attempt may go better. */
  again: boolean;
}

/** Null if the message was taken. Signed anew each time, so that a late attempt is not refused for its age. */
async function attempt(options: SmsWebhookOptions, body: string): Promise<Problem | null> {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', options.secret).update(`${timestamp}.${body}`).digest('hex');
  const { url, authorization } = withoutPassword(options.webhookUrl);
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      redirect: 'manual',
      signal: AbortSignal.timeout(options.timeout ?? 5000),
      headers: {
        'content-type': 'application/json',
        'user-agent': 'Sotto',
        'sotto-timestamp': timestamp,
        'sotto-signature': `v1=${signature}`,
        ...(authorization && { authorization }),
      },
    });
    await response.body?.cancel();
    if (response.ok) return null;
    return { reason: `HTTP ${response.status}`, again: response.status >= 500 || response.status === 429 };
  } catch (error) {
    return { reason: reasonOf(error), again: true };
  }
}

/** `fetch` refuses a URL with a user and a password in it: they belong into the header (RFC 7617). */
function withoutPassword(text: string): { url: URL; authorization: string | undefined } {
  const url = new URL(text);
  const { username, password } = url;
  if (username === '' && password === '') return { url, authorization: undefined };
  url.username = '';
  url.password = '';
  const pair = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { url, authorization: `Basic ${Buffer.from(pair).toString('base64')}` };
}

/** What kept the service from answering: `ECONNREFUSED`, `TimeoutError`. */
function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return 'unknown';
  const cause = error.cause;
  if (cause instanceof Error && 'code' in cause && typeof cause.code === 'string') return cause.code;
  return error.name;
}
