import { UPLOAD_CHUNK_BYTES_MAX, UPLOAD_CHUNK_BYTES_MIN } from '@sotto/protocol/limits';

/** A chunk in two seconds: small enough to be given up and sent again, large enough that asking costs little. */
const AIM_MS = 2000;
const FIRST = 256 * 1024;

/** How much to send at a time: what the network carries in about two seconds. */
export interface Pace {
  /** Bytes of the next chunk. */
  size(): number;
  /** A chunk of `bytes` took `ms`. */
  took(bytes: number, ms: number): void;
  /** A chunk did not arrive. */
  failed(): void;
}

export function createPace(max: number = UPLOAD_CHUNK_BYTES_MAX): Pace {
  const within = (bytes: number) =>
    Math.max(Math.min(UPLOAD_CHUNK_BYTES_MIN, max), Math.min(max, Math.floor(bytes)));
  let size = within(FIRST);
  return {
    size: () => size,
    took(bytes, ms) {
      const carried = (bytes / Math.max(1, ms)) * AIM_MS;
      // A short last chunk says little of the network: it never slows the next ones down by more than half.
      size = within(Math.max(size / 2, Math.min(size * 2, carried)));
    },
    failed() {
      size = within(size / 2);
    },
  };
}
