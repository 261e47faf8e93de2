import * as words from './en/index.ts';

/**
 * The catalogue in use. Every word on a screen comes from here; a second language is a second module of the same shape. It is a
 * module and not an object, so that each part is loaded with the screens that say it.
 */
export { words };

/** For `Intl`: the language of the words, with the region of the device where it is the same language. */
export const locale: string =
  globalThis.navigator?.languages?.find(tag => tag.split('-')[0] === words.language) ?? words.language;
