import { locale, words } from './index.ts';
import { daysBetween } from './time.ts';

const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
const longWeekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const longDay = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
const full = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const digits = new Intl.NumberFormat(locale, { useGrouping: false });
const twoDigits = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

export function timeOfDay(at: string): string {
  return clock.format(new Date(at));
}

/** In a sentence: `5 minutes ago`, `yesterday`. */
export function longAgo(at: string, now = Date.now()): string {
  const then = Date.parse(at);
  const ago = Math.max(0, now - then);
  if (ago < 60_000) return relative.format(0, 'second');
  if (ago < 3_600_000) return relative.format(-Math.floor(ago / 60_000), 'minute');
  const days = daysBetween(then, now);
  if (days === 0) return relative.format(-Math.floor(ago / 3_600_000), 'hour');
  return days < 30 ? relative.format(-days, 'day') : full.format(then);
}

/** The heading of a day in a conversation. */
export function dayName(at: string, now = Date.now()): string {
  const then = Date.parse(at);
  const days = daysBetween(then, now);
  if (days === 0) return words.conversation.today;
  if (days === 1) return words.conversation.yesterday;
  if (days > 1 && days < 7) return longWeekday.format(then);
  return new Date(then).getFullYear() === new Date(now).getFullYear()
    ? longDay.format(then)
    : full.format(then);
}

/** How long something plays: `0:07`, `4:31`. */
export function duration(seconds: number): string {
  const whole = Math.max(0, Math.round(seconds));
  return `${digits.format(Math.floor(whole / 60))}:${twoDigits.format(whole % 60)}`;
}

export function monthOf(at: string): string {
  return month.format(new Date(at));
}
