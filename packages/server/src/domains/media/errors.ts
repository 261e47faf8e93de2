import { MediaError } from '@sotto/sfu';
import { refuse } from '../../platform/refusal.ts';

/** The node's refusal in the API's words. What is not a refusal stays what it is: a fault. */
export function refusalOf(error: unknown): unknown {
  if (!(error instanceof MediaError)) return error;
  switch (error.code) {
    case 'bad_offer':
      return refuse('bad_offer', {
        reason: error.field ? `${error.field}: ${error.message}` : error.message,
      });
    case 'full':
      return refuse('audio_full');
    case 'draining':
    case 'closed':
      return refuse('unavailable');
    default:
      return error;
  }
}
