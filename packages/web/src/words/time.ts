import { locale, words } from './index.ts';

const DAY = 86_400_000;
const clock = new Intl.DateTimeFormat(locale, { hour: 'numeric', minute: '2-digit' });
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const longWeekday = new Intl.DateTimeFormat(locale, { weekday: 'long' });
const dayMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const longDay = new Intl.DateTimeFormat(locale, { weekday: 'long', day: 'numeric', month: 'long' });
const full = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const month = new Intl.DateTimeFormat(locale, { month: 'long', year: 'numeric' });
const minutes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'short' });
const hours = new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'narrow' });
const digits = new Intl.NumberFormat(locale, { useGrouping: false });
const twoDigits = new Intl.NumberFormat(locale, { minimumIntegerDigits: 2 });
const relative = new Intl.RelativeTimeFormat(locale, { numeric: 'auto' });

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);

/** Whole days between two instants as the calendar here counts them. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
}

export function timeOfDay(at: string): string {
  return clock.format(new Date(at));
}

/** For the end of an inbox line: `now`, `2 min`, `1h`, `Fri`, `3 Mar`. */
export function shortAgo(at: string, now = Date.now()): string {
  const then = Date.parse(at);
  const ago = now - then;
  if (ago < 60_000) return words.now;
  if (ago < 3_600_000) return minutes.format(Math.floor(ago / 60_000));
  const days = daysBetween(then, now);
  if (days === 0) return hours.format(Math.floor(ago / 3_600_000));
  if (days < 7) return weekday.format(then);
  return new Date(then).getFullYear() === new Date(now).getFullYear()
    ? dayMonth.format(then)
    : full.format(then);
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
