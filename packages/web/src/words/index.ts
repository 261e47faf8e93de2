import * as words from './en/index.ts';

/**
 * The catalogue in use. Every word on a screen comes from here; a second language is a second module of the same shape. It is a
 * module and not an object, so that each part is loaded with the screens that say it.
 */
export { words };

/** For `Intl`. */
export const locale: string = words.locale;
