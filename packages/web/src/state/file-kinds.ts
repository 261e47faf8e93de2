import type { AttachmentKind } from '@sotto/protocol';
import { IMAGE_BYTES_MAX, VIDEO_BYTES_MAX, VOICE_BYTES_MAX } from '@sotto/protocol/limits';

/* What files can be sent, told by their type and size alone. Without words: the service worker has it too. */

const KINDS: Readonly<Record<AttachmentKind, readonly string[]>> = {
  image: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'],
  /** QuickTime is what a phone’s camera writes: MP4 in all but its name. */
  video: ['video/mp4', 'video/quicktime', 'video/webm'],
  /** What phones call the recordings they make in MP4, and what browsers and messengers record. */
  voice: ['audio/mp4', 'audio/m4a', 'audio/x-m4a', 'audio/webm', 'audio/ogg'],
};

export const BYTES_MAX: Readonly<Record<AttachmentKind, number>> = {
  image: IMAGE_BYTES_MAX,
  video: VIDEO_BYTES_MAX,
  voice: VOICE_BYTES_MAX,
};

/** What a file field offers; the server looks at the content itself. */
export const ACCEPTED = [...KINDS.image, ...KINDS.video].join(',');

/** What a file of this MIME type would be sent as; null: not at all. */
export function kindOf(type: string): AttachmentKind | null {
  const [essence = ''] = type.toLowerCase().split(';');
  const kinds = Object.keys(KINDS) as AttachmentKind[];
  return kinds.find(kind => KINDS[kind].includes(essence.trim())) ?? null;
}

/** Whether it can be sent, as far as its type and size tell. */
export function isSendable({ type, size }: { type: string; size: number }): boolean {
  const kind = kindOf(type);
  return kind !== null && size > 0 && size <= BYTES_MAX[kind];
}
