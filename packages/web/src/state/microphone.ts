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
  switch (state) {
    case 'denied':
      return { title: words.microphone.micDeniedTitle, text: words.microphone.micDeniedText };
    case 'missing':
      return secure
        ? { title: words.microphone.micMissingTitle, text: words.microphone.micMissingText }
        : { title: words.microphone.micInsecureTitle, text: words.microphone.micInsecureText };
    case 'silent':
      return { title: words.microphone.micSilentTitle, text: words.microphone.micSilentText };
    default:
      return null;
  }
}
