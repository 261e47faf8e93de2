/** Bytes of a file to be replaced as it is copied; its length stays. Without `bytes`: by zeros. */
export interface Patch {
  at: number;
  length: number;
  bytes?: Buffer;
}

export const zeros = (at: number, length: number): Patch => ({ at, length });
export const overwrite = (at: number, bytes: Buffer): Patch => ({ at, length: bytes.length, bytes });

/**
 * Applies patches to the pieces of a file, which are given in order from its beginning. Pieces are changed in place.
 * Where patches overlap, the one that begins later wins.
 */
export function patcher(patches: readonly Patch[]): (piece: Buffer) => Buffer {
  const sorted = patches.filter(patch => patch.length > 0).sort((a, b) => a.at - b.at);
  let next = 0;
  let carried: Patch[] = [];
  let start = 0;
  return piece => {
    const end = start + piece.length;
    const here = carried;
    for (let patch = sorted[next]; patch && patch.at < end; patch = sorted[next]) {
      here.push(patch);
      next += 1;
    }
    for (const { at, length, bytes } of here) {
      const from = Math.max(at, start);
      const to = Math.min(at + length, end);
      if (bytes) bytes.copy(piece, from - start, from - at, to - at);
      else piece.fill(0, from - start, to - start);
    }
    carried = here.filter(({ at, length }) => at + length > end);
    start = end;
    return piece;
  };
}
