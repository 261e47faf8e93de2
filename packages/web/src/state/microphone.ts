import type { Microphone } from '@sotto/sdk';
import { words } from '../words/index.ts';

/**
 * What keeps one's voice from being heard, and what to do about it; null where nothing does.
 * @param secure `isSecureContext`: elsewhere browsers give no page a microphone (W3C mediacapture-streams, section 10)
 */
export function microphoneProblem(
  { state }: Microphone,
  secure: boolean,
): { title: string; text: string } | null {
  const { room } = words;
  switch (state) {
    case 'denied':
      return { title: room.micDeniedTitle, text: room.micDeniedText };
    case 'missing':
      return secure
        ? { title: room.micMissingTitle, text: room.micMissingText }
        : { title: room.micInsecureTitle, text: room.micInsecureText };
    case 'silent':
      return { title: room.micSilentTitle, text: room.micSilentText };
    default:
      return null;
  }
}
