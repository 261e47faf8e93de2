/** As far as the standard looks for a declaration (HTML, "prescan a byte stream"). */
const PRESCAN = 1024;

/**
 * The text of a page: by its byte order mark, by what HTTP said, by what it says itself, else UTF-8. Bytes that are not
 * in that encoding become U+FFFD.
 * @param charset the parameter of Content-Type; empty if none
 */
export function decodePage(bytes: Buffer, charset: string): string {
  const label = markOf(bytes) ?? (charset || declared(bytes));
  return decoder(label).decode(bytes);
}

function markOf(bytes: Buffer): string | undefined {
  if (bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf) return 'utf-8';
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return 'utf-16be';
  return bytes[0] === 0xff && bytes[1] === 0xfe ? 'utf-16le' : undefined;
}

function declared(bytes: Buffer): string {
  const start = bytes.subarray(0, PRESCAN).toString('latin1');
  const label = /<meta\b[^>]{0,512}?\bcharset\s*=\s*["']?\s*([\w.:-]{2,40})/i.exec(start)?.[1] ?? 'utf-8';
  // Whoever could write it in ASCII was not in UTF-16.
  return /^utf-?16/i.test(label) ? 'utf-8' : label;
}

function decoder(label: string): TextDecoder {
  try {
    return new TextDecoder(label);
  } catch {
    return new TextDecoder();
  }
}
