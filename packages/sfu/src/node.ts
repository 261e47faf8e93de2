import { MediaError } from './errors.ts';
import type { MediaNode, MediaNodeOptions } from './types.ts';

export function startMediaNode(options: MediaNodeOptions): Promise<MediaNode> {
  return Promise.reject(new MediaError('bad_option', `not listening on ${options.port} yet`));
}
