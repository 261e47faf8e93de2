/** What a Range header asks for; both ends included, and they may lie past the end of the file. */
export type AskedRange = { start: number; end: number } | { last: number };

/**
 * The one range of bytes of a Range header (RFC 9110, 14.1.2).
 * @returns null where the whole is to be sent: no header, none we understand, or several ranges at once
 */
export function readRange(header: string | undefined): AskedRange | null {
  const [, first = '', last = ''] = /^bytes=(\d{0,15})-(\d{0,15})$/i.exec(header?.trim() ?? '') ?? [];
  if (first === '') return last === '' ? null : { last: Number(last) };
  const start = Number(first);
  const end = last === '' ? Number.MAX_SAFE_INTEGER : Number(last);
  return end < start ? null : { start, end };
}
