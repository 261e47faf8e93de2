import { damaged } from './bad-file.ts';
import type { ByteSource } from './source.ts';

/** An element of EBML (RFC 8794, 6): its bytes in the file. `size` null: it says not how long it is. */
export interface Element {
  id: number;
  start: number;
  body: number;
  size: number | null;
}

const ID_MAX = 4;
const SIZE_MAX = 8;
export const ELEMENT_HEADER_MAX = ID_MAX + SIZE_MAX;

/**
 * The header of the element at `at` of a buffer.
 * @param shift where the buffer begins in the file
 */
export function elementAt(bytes: Buffer, at: number, shift = 0): Element {
  const id = vint(bytes, at, ID_MAX);
  const size = vint(bytes, at + id.length, SIZE_MAX);
  return {
    id: id.marker + id.value,
    start: shift + at,
    body: shift + at + id.length + size.length,
    size: size.full ? null : size.value,
  };
}

/**
 * A number of as many bytes as its leading zeros say, and one (RFC 8794, 4).
 * `full`: all its bits are ones, which of a size means that it is not known.
 */
function vint(bytes: Buffer, at: number, max: number) {
  const first = bytes[at] ?? 0;
  const length = Math.clz32(first) - 23;
  if (first === 0 || length > max || at + length > bytes.length) throw damaged(`no element at ${at}`);
  const bit = 0x80 >> (length - 1);
  let value = first - bit;
  let full = value === bit - 1;
  for (let index = 1; index < length; index += 1) {
    const byte = bytes[at + index] ?? 0;
    value = value * 256 + byte;
    full &&= byte === 0xff;
  }
  return { value, length, marker: bit * 256 ** (length - 1), full };
}

/** The elements that a buffer holds, which they fill to its end. */
export function* elementsIn(bytes: Buffer): Generator<{ id: number; start: number; body: Buffer }> {
  for (let at = 0; at < bytes.length; ) {
    const { id, body, size } = elementAt(bytes, at);
    if (size === null || body + size > bytes.length) throw damaged(`element ${id.toString(16)} is cut`);
    yield { id, start: at, body: bytes.subarray(body, body + size) };
    at = body + size;
  }
}

export function unsigned(body: Buffer): number {
  if (body.length > 8) throw damaged('a number of more than 8 bytes');
  let value = 0;
  for (const byte of body) value = value * 256 + byte;
  return value;
}

export function float(body: Buffer): number {
  if (body.length === 4) return body.readFloatBE();
  if (body.length === 8) return body.readDoubleBE();
  return 0;
}

/** Void elements are to be ignored. */
export const VOID = 0xec;

/** The header of a Void that is as long as what it takes the place of; zeros follow. */
export function voidHeader(element: { start: number; body: number; end: number }): Buffer {
  const width = Math.min(SIZE_MAX, element.body - element.start - 1);
  const size = element.end - element.start - 1 - width;
  const header = Buffer.alloc(1 + width);
  header.writeUInt8(VOID);
  let rest = size;
  for (let index = width; index > 0; index -= 1) {
    header.writeUInt8(rest % 256, index);
    rest = Math.floor(rest / 256);
  }
  header.writeUInt8(header.readUInt8(1) | (1 << (8 - width)), 1);
  return header;
}

/** Goes through a file in order with little memory; reading is without a wait as long as what is asked for is held. */
export function walker(source: ByteSource, window = 256 * 1024) {
  let held: Buffer = Buffer.alloc(0);
  let from = 0;
  return {
    /** Whether `length` bytes from `at`, or all up to the end of the file, are held. */
    holds: (at: number, length: number): boolean =>
      at >= from && Math.min(at + length, source.size) <= from + held.length,
    async hold(at: number): Promise<void> {
      held = await source.read(at, window);
      from = at;
    },
    elementAt: (at: number): Element => elementAt(held, at - from, from),
    /** What is held of the file from `at` on, at most `length`. */
    bytes: (at: number, length: number): Buffer => held.subarray(at - from, at - from + length),
  };
}
