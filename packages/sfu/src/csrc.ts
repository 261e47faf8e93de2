import type { ParticipantId } from './types.ts';

/**
 * The contributing source (RFC 3550 section 5.1) that names a participant in every packet of theirs: FNV-1a of the
 * id's UTF-16 units, so that all nodes, and clients, come to the same number without asking.
 */
export function csrcOf(participantId: ParticipantId): number {
  let hash = 0x811c9dc5;
  for (let index = 0; index < participantId.length; index += 1) {
    hash = Math.imul(hash ^ participantId.charCodeAt(index), 0x01000193);
  }
  return hash >>> 0;
}
