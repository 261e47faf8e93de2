import { damaged } from './bad-file.ts';
import type { ByteSource } from './source.ts';

/** PDF readers look for their header here. */
const HEAD = 1024;
/** A ZIP's directory ends here, before a comment of at most 64 KiB. */
const TAIL = 22 + 0xffff;

const MARKUP = /<script|<!doctype html|<html|<\?php/i;

/**
 * Files that are two things at once are refused: a picture that is also an archive or a page is made to get past
 * somebody.
 * @throws BadFile
 */
export async function refuseForeign(source: ByteSource): Promise<void> {
  const head = (await source.read(0, HEAD)).toString('latin1');
  if (head.includes('%PDF-')) throw damaged('a PDF header');
  if (MARKUP.test(head)) throw damaged('markup at the beginning');
  const start = Math.max(0, source.size - TAIL);
  const tail = await source.read(start, TAIL);
  if (endsAsZip(tail)) throw damaged('an archive at the end');
  if (MARKUP.test(tail.toString('latin1'))) throw damaged('markup at the end');
}

/** The end of a ZIP's central directory (APPNOTE 4.3.16), its comment reaching to the last byte. */
function endsAsZip(tail: Buffer): boolean {
  for (
    let at = tail.lastIndexOf('PK\x05\x06');
    at >= 0;
    at = at > 0 ? tail.lastIndexOf('PK\x05\x06', at - 1) : -1
  ) {
    if (at + 22 > tail.length) continue;
    if (at + 22 + tail.readUInt16LE(at + 20) <= tail.length) return true;
  }
  return false;
}
