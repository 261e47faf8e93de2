/** The English catalogue, whole: for tests, which read what the screens say. */
export * as en from './en/index.ts';
