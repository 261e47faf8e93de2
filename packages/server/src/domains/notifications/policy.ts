import type { PushChoices, PushPayload, QuietHours } from '@sotto/protocol';
import type { Notice } from '../backchannel/index.ts';

/** Characters of a message that a push carries: what a lock screen shows, and the push services' 4 KB hold with ease. */
export const BODY_MAX = 240;

const minutes = (clock: string): number => Number(clock.slice(0, 2)) * 60 + Number(clock.slice(3));

/** Minutes since midnight, where the person is. */
function minutesAt({ timeZone }: QuietHours, at: Date): number {
  const clock = { timeZone, hour: '2-digit', minute: '2-digit', hourCycle: 'h23' } as const;
  return minutes(new Intl.DateTimeFormat('en-GB', clock).format(at));
}

/** Whether it is quiet now, by the clock where the person is. From a time to the same time is all day. */
export function isQuiet(quiet: QuietHours | null, now: Date): boolean {
  if (!quiet) return false;
  const [at, from, to] = [minutesAt(quiet, now), minutes(quiet.from), minutes(quiet.to)];
  return from < to ? at >= from && at < to : at >= from || at < to;
}

const MINUTE = 60_000;
const DAY = 24 * 60;

/** When the quiet hours end that it is now in; null: never. */
export function quietUntil(quiet: QuietHours, now: Date): Date | null {
  if (quiet.from === quiet.to) return null;
  const to = minutes(quiet.to);
  const left = (to - minutesAt(quiet, now) + DAY) % DAY;
  const end = new Date((Math.floor(now.getTime() / MINUTE) + left) * MINUTE);
  // The clock may be put forward or back before then.
  const off = (to - minutesAt(quiet, end) + DAY) % DAY;
  return new Date(end.getTime() + (off > DAY / 2 ? off - DAY : off) * MINUTE);
}

/** Whether a person wants to hear of it. */
export function isWanted(choices: PushChoices, kind: Notice['kind'], mentioned: boolean): boolean {
  if (mentioned && kind !== 'direct' && choices.mentions) return true;
  return kind === 'direct' ? choices.direct : kind === 'group' && choices.groups;
}

/** One name for all notifications of a conversation: a new one takes the place of the one before. */
export const tagOf = (conversation: string): string => `conversation ${conversation}`;

export function payloadOf(
  notice: Notice,
  facts: { conversation: string; badge: number; hideText: boolean; silent: boolean },
): PushPayload {
  const { conversation, badge, hideText, silent } = facts;
  return {
    v: 1,
    kind: 'message',
    conversation,
    title: notice.title,
    ...(notice.from !== null && { from: notice.from }),
    ...(!hideText && notice.text !== '' && { body: cut(notice.text) }),
    ...(!hideText && notice.what && { what: notice.what }),
    count: notice.count,
    badge,
    tag: tagOf(conversation),
    url: `/backchannel/${conversation}`,
    ...(notice.picture && { icon: notice.picture.small }),
    at: new Date(notice.at).getTime(),
    ...(silent && { silent }),
  };
}

function cut(text: string): string {
  if (text.length <= BODY_MAX) return text;
  let kept = '';
  for (const { segment } of new Intl.Segmenter().segment(text.slice(0, BODY_MAX * 2))) {
    if (kept.length + segment.length >= BODY_MAX) break;
    kept += segment;
  }
  return `${kept.trimEnd()}…`;
}

/**
 * Whether a push may come without a notification on screen. Apple's service ends a subscription after a few of those: there
 * what was read elsewhere goes away when the app is opened.
 */
export const maySilently = (endpoint: string): boolean =>
  !/(^|\.)push\.apple\.com$/.test(URL.parse(endpoint)?.hostname ?? '');

const HOUR = 3_600_000;

/** When to try again, in ms from now: what the service asks for, within reason, else ever later. */
export function retryIn(failures: number, retryAfter: string | null, now: Date): number {
  const seconds = retryAfter !== null && /^\d{1,6}$/.test(retryAfter) ? Number(retryAfter) : undefined;
  const at = retryAfter === null || seconds !== undefined ? Number.NaN : Date.parse(retryAfter);
  const asked = seconds !== undefined ? seconds * 1000 : Number.isNaN(at) ? 0 : at - now.getTime();
  return Math.min(Math.max(asked, Math.min(5000 * 2 ** failures, HOUR)), 6 * HOUR);
}
