/* How English counts, lists and orders. */

export const language = 'en';
export const plurals = new Intl.PluralRules(language);
const ordinals = new Intl.PluralRules(language, { type: 'ordinal' });
export const numbers = new Intl.NumberFormat(language);
export const compact = new Intl.NumberFormat(language, { notation: 'compact', maximumFractionDigits: 1 });
export const percents = new Intl.NumberFormat(language, { style: 'percent' });
export const list = new Intl.ListFormat(language, { type: 'conjunction' });

export const many = (n: number, one: string, other: string) =>
  `${numbers.format(n)} ${plurals.select(n) === 'one' ? one : other}`;

const PLACES = [
  'first',
  'second',
  'third',
  'fourth',
  'fifth',
  'sixth',
  'seventh',
  'eighth',
  'ninth',
  'tenth',
];
const SUFFIX: Record<string, string> = { one: 'st', two: 'nd', few: 'rd', other: 'th' };
export const placeOf = (n: number) =>
  PLACES[n - 1] ?? `${numbers.format(n)}${SUFFIX[ordinals.select(n)] ?? 'th'}`;

export const wait = (seconds: number) =>
  seconds < 90
    ? many(Math.max(1, Math.ceil(seconds)), 'second', 'seconds')
    : many(Math.ceil(seconds / 60), 'minute', 'minutes');
