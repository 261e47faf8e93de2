import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';

const MB = 1024 * 1024;

/** An element of WebM: its id in hexadecimal, its content. */
function element(id: string, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content);
  const size = Buffer.alloc(8);
  size.writeBigUInt64BE(BigInt(body.length));
  size.writeUInt8(1);
  return Buffer.concat([Buffer.from(id, 'hex'), size, body]);
}

/** A WebM of so many megabytes in 100 seconds; its frames are noise. */
export function videoOf(megabytes: number): Buffer {
  const head = element('1a45dfa3', element('4282', Buffer.from('webm')));
  const video = element('e0', element('b0', Buffer.from([4, 0])), element('ba', Buffer.from([2, 0])));
  const track = element('ae', element('83', Buffer.from([1])), element('86', Buffer.from('V_VP9')), video);
  const noise = randomBytes(MB - 200);
  const clusters = Array.from({ length: megabytes }, (_, second) => {
    const time = Buffer.alloc(4);
    time.writeUInt32BE(second * 1000);
    return element('1f43b675', element('e7', time), element('a3', Buffer.from([0x81, 0, 0, 0]), noise));
  });
  const tracks = element('1654ae6b', track);
  return Buffer.concat([head, element('18538067', element('1549a966'), tracks, ...clusters)]);
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length);
  numbers.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)]);
}

/** A PNG, by default of 12 megapixels, as large as a phone's photo: soft colours under a grain. */
export function photo(width = 4000, height = 3000): Buffer {
  const grain = randomBytes(width * 3);
  const row = Buffer.alloc(1 + width * 3);
  const rows: Buffer[] = [];
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width * 3; x += 1)
      row[x + 1] = ((x + y * 3) >> 6) + ((grain[(x + y * 7) % grain.length] ?? 0) & 3);
    rows.push(Buffer.from(row));
  }
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows), { level: 1 })),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}
