/* How English counts, lists and orders. */

export const language = 'en';

/** For `Intl`: the language of the words, with the region of the device where it is the same language. */
export const locale: string =
  globalThis.navigator?.languages?.find(tag => tag.split('-')[0] === language) ?? language;

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

/** How long until something works again. */
export const wait = (seconds: number): string => {
  if (seconds < 90) return many(Math.max(1, Math.ceil(seconds)), 'second', 'seconds');
  if (seconds < 90 * 60) return many(Math.ceil(seconds / 60), 'minute', 'minutes');
  if (seconds < 36 * 3600) return many(Math.ceil(seconds / 3600), 'hour', 'hours');
  return many(Math.ceil(seconds / 86_400), 'day', 'days');
};

const moments = new Intl.DateTimeFormat(locale, { dateStyle: 'medium', timeStyle: 'short' });

/** An instant of the API in a sentence; what is none is `later`. */
export const moment = (at: unknown): string => {
  const date = new Date(String(at));
  return Number.isNaN(date.getTime()) ? 'later' : moments.format(date);
};
