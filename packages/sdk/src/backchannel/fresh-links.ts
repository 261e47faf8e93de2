import type { Attachment, Id } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import type { Clock } from '../ports.ts';

/** Links that run out sooner than this are replaced, ms: a video may have been begun. */
const MARGIN = 60_000;
const KEPT = 500;

const holds = ({ links }: Attachment, now: number): boolean => Date.parse(links.expiresAt) - now > MARGIN;

/** Asks for the links of an attachment once for all who need them at the same time (BC-22). */
export function createFreshLinks(call: Call, clock: Clock): (attachment: Attachment) => Promise<Attachment> {
  const fresh = new Map<Id, Attachment>();
  const asked = new Map<Id, Promise<Attachment>>();
  return async attachment => {
    const { id } = attachment;
    if (holds(attachment, clock.now())) return attachment;
    const known = fresh.get(id);
    if (known && holds(known, clock.now())) return known;
    const question =
      asked.get(id) ??
      call('GET /v1/attachments/:attachment', { params: { attachment: id } }).finally(() => asked.delete(id));
    asked.set(id, question);
    const answer = await question;
    fresh.delete(id);
    fresh.set(id, answer);
    for (const oldest of fresh.keys()) {
      if (fresh.size <= KEPT) break;
      fresh.delete(oldest);
    }
    return answer;
  };
}
