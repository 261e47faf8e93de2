import type { Patch } from './patch.ts';

/** What a container says of itself, as far as its structure bears it out. */
export interface MediaFacts {
  container: 'mp4' | 'webm' | 'ogg';
  /** Pixels as shown, upright; null without a video track. */
  video: { width: number; height: number } | null;
  audio: boolean;
  seconds: number;
  /** What takes everything away that is not picture or sound. */
  patches: Patch[];
}
