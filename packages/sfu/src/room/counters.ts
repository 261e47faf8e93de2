import type { CloseReason, DropReason } from '../types.ts';

/** The node's running counts. Plain numbers: touched for every packet. */
export interface Counters {
  packetsIn: number;
  packetsOut: number;
  bytesIn: number;
  bytesOut: number;
  badOffers: number;
  readonly dropped: Record<DropReason, number>;
  readonly closed: Record<CloseReason, number>;
}

export function newCounters(): Counters {
  return {
    packetsIn: 0,
    packetsOut: 0,
    bytesIn: 0,
    bytesOut: 0,
    badOffers: 0,
    dropped: {
      malformed: 0,
      oversized: 0,
      rate: 0,
      not_permitted: 0,
      payload_type: 0,
      late: 0,
      no_slot: 0,
      send_failed: 0,
    },
    closed: {
      left: 0,
      replaced: 0,
      kicked: 0,
      room_ended: 0,
      moved: 0,
      timeout: 0,
      lost: 0,
      failed: 0,
      flooding: 0,
      node_stopped: 0,
    },
  };
}
