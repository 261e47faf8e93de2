import { randomFillSync } from 'node:crypto';

/** Random bytes for 256 ids at a time: one call for each id costs more than all the rest. */
const pool = Buffer.allocUnsafe(256 * 16);
let used = pool.length;

/** A UUID version 7 (RFC 9562 section 5.7): milliseconds first, so that ids sort by time, then 74 random bits. */
export function uuidv7(now = Date.now()): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const bytes = pool.subarray(used, used + 16);
  used += 16;
  bytes.writeUIntBE(now, 0, 6);
  bytes.writeUInt8(0x70 | (bytes.readUInt8(6) & 0x0f), 6);
  bytes.writeUInt8(0x80 | (bytes.readUInt8(8) & 0x3f), 8);
  const hex = bytes.toString('hex');
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}
