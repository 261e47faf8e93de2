import { damaged } from './bad-file.ts';

/** A box of ISO BMFF (ISO 14496-12, 4.2), or an atom of QuickTime. */
export interface Box {
  type: string;
  /** Where its header begins, its content begins, and it ends: bytes from the start of the buffer. */
  start: number;
  body: number;
  end: number;
}

/** Bytes that a header may take. */
export const BOX_HEADER_MAX = 16;

/**
 * The header of the box at `at`.
 * @param limit where what it is in ends
 * @param open whether it may say that it goes on to the end
 */
export function boxAt(bytes: Buffer, at: number, limit: number, open = false): Box {
  if (at + 8 > limit || at + 8 > bytes.length) throw damaged(`a box cut at ${at}`);
  const type = bytes.toString('latin1', at + 4, at + 8);
  const short = bytes.readUInt32BE(at);
  if (short === 0 && open) return { type, start: at, body: at + 8, end: limit };
  if (short !== 1) return checked({ type, start: at, body: at + 8, end: at + short }, limit);
  if (at + 16 > bytes.length) throw damaged(`a box cut at ${at}`);
  const size = Number(bytes.readBigUInt64BE(at + 8));
  return checked({ type, start: at, body: at + 16, end: at + size }, limit);
}

function checked(box: Box, limit: number): Box {
  if (!/^[\x20-\x7e\xa9]{4}$/.test(box.type)) throw damaged(`no box at ${box.start}`);
  if (box.end < box.body || box.end > limit) throw damaged(`box ${box.type} at ${box.start} is cut`);
  return box;
}

/** The boxes in a part of a buffer, which they fill to its end. */
export function boxesIn(bytes: Buffer, start: number, end: number): Box[] {
  const boxes: Box[] = [];
  for (let at = start; at < end; ) {
    const box = boxAt(bytes, at, end);
    boxes.push(box);
    at = box.end;
  }
  return boxes;
}

/** The one box of a type; the first, if there are more. */
export const find = (boxes: readonly Box[], type: string): Box | undefined =>
  boxes.find(box => box.type === type);

export function need(boxes: readonly Box[], type: string): Box {
  const box = find(boxes, type);
  if (!box) throw damaged(`no ${type}`);
  return box;
}

/** Fields of one box; what lies past its end is damage. */
export function fieldsOf(bytes: Buffer, box: Box) {
  const at = (offset: number, length: number): number => {
    if (box.body + offset + length > box.end) throw damaged(`${box.type} is too short`);
    return box.body + offset;
  };
  return {
    u8: (offset: number) => bytes.readUInt8(at(offset, 1)),
    u16: (offset: number) => bytes.readUInt16BE(at(offset, 2)),
    u32: (offset: number) => bytes.readUInt32BE(at(offset, 4)),
    u64: (offset: number) => Number(bytes.readBigUInt64BE(at(offset, 8))),
    i32: (offset: number) => bytes.readInt32BE(at(offset, 4)),
    text: (offset: number, length: number) => {
      const from = at(offset, length);
      return bytes.toString('latin1', from, from + length);
    },
    length: box.end - box.body,
  };
}
