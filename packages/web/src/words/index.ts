import { en } from './en.ts';

export type Words = typeof en;

/** The catalogue in use. Every word on a screen comes from here; a second language is a second file of the same shape. */
export const words: Words = en;

/** For `Intl`: the language of the words, with the region of the device where it is the same language. */
export const locale: string =
  globalThis.navigator?.languages?.find(tag => tag.split('-')[0] === words.language) ?? words.language;
