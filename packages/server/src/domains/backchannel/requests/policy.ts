import { REQUEST_AGAIN_DAYS, REQUEST_TEXT_MAX } from '@sotto/protocol';
import { refuse } from '../../../platform/refusal.ts';

const DAY = 24 * 60 * 60_000;
const AGAIN = REQUEST_AGAIN_DAYS * DAY;
/** New requests in 24 hours (BC-16). */
export const PER_DAY = 10;
export const PER_DAY_NEW_ACCOUNT = 3;
export const PER_DAY_FEW_ACCEPTED = 2;
const NEW_ACCOUNT = 7 * DAY;
/** Fewer than a fifth of so many last ones accepted is few. */
export const LAST = 20;
const ENOUGH = LAST / 5;
/** Requests that one person is shown in 24 hours; more wait their turn. */
export const SHOWN_PER_DAY = 20;

/** What is known of two people when one writes to the other for the first time, or again. */
export interface Asking {
  /** The sender has blocked the recipient. */
  blocking: boolean;
  /** The recipient has blocked the sender. */
  blocked: boolean;
  /** The recipient follows the sender. */
  followed: boolean;
  accepts: 'everyone' | 'following' | 'nobody';
  askedAt: Date | null;
  senderSince: Date;
  /** When the sender asked anybody in the last 24 hours, the latest first. */
  sentToday: Date[];
  /** Of the sender's last requests: how many there are, up to {@link LAST}, and how many were accepted. */
  last: number;
  accepted: number;
  /** Requests that the recipient was shown in the last 24 hours. */
  shownToday: number;
  words: string[];
  hosts: string[];
}

/** What the recipient has of a request at first. `never`: they have blocked the sender. */
export type Arrival = 'request' | 'queued' | 'held' | 'never';

/** Whether a request that was not answered keeps its sender from asking again (BC-13). */
export const stillWaits = (askedAt: Date | null, now: Date): boolean =>
  askedAt !== null && askedAt.getTime() + AGAIN > now.getTime();

/**
 * Refuses a request that may not be sent. Nothing that the sender is told here depends on what became of earlier ones, but
 * for how many were accepted, which they know.
 */
export function checkRequest(
  { accepts, sentToday, ...asking }: Asking,
  draft: { text: string; extra: object | null },
  now: Date,
): void {
  if (accepts !== 'everyone') throw refuse('cannot_message');
  if (draft.extra !== null || draft.text.length > REQUEST_TEXT_MAX)
    throw refuse('request_text_only', { maxCharacters: REQUEST_TEXT_MAX });
  const { limit, max } = limitOf(asking, now);
  const oldest = sentToday[max - 1];
  if (oldest)
    throw refuse('request_limit', {
      limit,
      max,
      retryAfter: Math.max(1, Math.ceil((oldest.getTime() + DAY - now.getTime()) / 1000)),
    });
}

function limitOf(
  { last, accepted, senderSince }: Pick<Asking, 'last' | 'accepted' | 'senderSince'>,
  now: Date,
): { limit: 'day' | 'new_account' | 'few_accepted'; max: number } {
  if (last >= LAST && accepted < ENOUGH) return { limit: 'few_accepted', max: PER_DAY_FEW_ACCEPTED };
  if (now.getTime() - senderSince.getTime() < NEW_ACCOUNT)
    return { limit: 'new_account', max: PER_DAY_NEW_ACCOUNT };
  return { limit: 'day', max: PER_DAY };
}

export function arrivalOf({ blocked, shownToday }: Asking, isHeld: boolean): Arrival {
  if (blocked) return 'never';
  if (isHeld) return 'held';
  return shownToday >= SHOWN_PER_DAY ? 'queued' : 'request';
}
