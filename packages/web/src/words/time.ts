import { locale, words } from './index.ts';

const DAY = 86_400_000;
const weekday = new Intl.DateTimeFormat(locale, { weekday: 'short' });
const dayMonth = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short' });
const full = new Intl.DateTimeFormat(locale, { day: 'numeric', month: 'short', year: 'numeric' });
const minutes = new Intl.NumberFormat(locale, { style: 'unit', unit: 'minute', unitDisplay: 'short' });
const hours = new Intl.NumberFormat(locale, { style: 'unit', unit: 'hour', unitDisplay: 'narrow' });

const midnight = (at: number) => new Date(at).setHours(0, 0, 0, 0);

/** Whole days between two instants as the calendar here counts them. */
export function daysBetween(earlier: number, later: number): number {
  return Math.round((midnight(later) - midnight(earlier)) / DAY);
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
