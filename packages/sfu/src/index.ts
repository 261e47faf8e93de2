export { csrcOf } from './csrc.ts';
export { MediaError, type MediaErrorCode } from './errors.ts';
export { startMediaNode } from './node.ts';
export type * from './types.ts';
