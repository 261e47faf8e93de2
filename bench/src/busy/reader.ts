import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

const resume = JSON.stringify({
  type: 'resume',
  device: 'bench-device',
  have: [],
  room: null,
  hallway: false,
});
/** All read into it: bytes that must be kept for longer are copied. Some hundreds of entries fit. */
const arrived = Buffer.alloc(256 * 1024);
const seqs = /"seq":(\d+),"at"/g;
const numbers = /"text":"message (\d+) /g;

/**
 * A socket that counts what it hears: a million entries a second cannot be parsed beside the server. It sees that `seq`
 * goes on without gap or repeat from the first and the last entry of each frame and the number of them.
 */
export class ReaderLine {
  readonly opened: Promise<void>;
  entries = 0;
  frames = 0;
  bytes = 0;
  outOfOrder = 0;
  /** Called with the number in each message, where it is set: that reads all of them. */
  onNumber: ((number: number) => void) | null = null;
  onFrame: ((type: string) => void) | null = null;
  readonly #tcp: Socket;
  #parts: Buffer[] = [];
  #have = 0;
  #need = 2;
  #upgraded = false;
  #last = 0;
  readonly #open = Promise.withResolvers<void>();

  constructor(port: number, ticket: string) {
    this.opened = this.#open.promise;
    this.#tcp = connect({
      port,
      host: '127.0.0.1',
      noDelay: true,
      onread: {
        buffer: arrived,
        callback: length => {
          this.#take(arrived.subarray(0, length));
          return true;
        },
      },
    });
    this.#tcp.on('error', error => this.#open.reject(error));
    this.#tcp.on('close', () => this.#open.reject(new Error('the socket was closed')));
    this.#tcp.write(
      `GET /socket?ticket=${ticket} HTTP/1.1\r\nHost: 127.0.0.1:${port}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
        `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${randomBytes(16).toString('base64')}\r\n` +
        'Sec-WebSocket-Protocol: sotto.1\r\n\r\n',
    );
  }

  /** Counts anew; the sequence goes on. */
  reset(): void {
    this.entries = 0;
    this.frames = 0;
    this.bytes = 0;
  }

  close(): void {
    this.#tcp.destroy();
  }

  #take(data: Buffer): void {
    this.bytes += data.length;
    this.#have += data.length;
    if (this.#have < this.#need) {
      this.#parts.push(Buffer.from(data));
      return;
    }
    let all = this.#parts.length === 0 ? data : Buffer.concat([...this.#parts, data], this.#have);
    if (!this.#upgraded) {
      const end = all.indexOf('\r\n\r\n');
      if (end < 0) {
        this.#keep(all, all.length + 1);
        return;
      }
      this.#upgraded = true;
      all = all.subarray(end + 4);
      this.#write(1, resume);
    }
    let at = 0;
    let frame = frameAt(all, at);
    while ('end' in frame) {
      this.#handle(frame.opcode, all.subarray(frame.start, frame.end));
      at = frame.end;
      frame = frameAt(all, at);
    }
    this.#keep(all.subarray(at), frame.need);
  }

  #keep(rest: Buffer, need: number): void {
    this.#parts = rest.length > 0 ? [Buffer.from(rest)] : [];
    this.#have = rest.length;
    this.#need = need;
  }

  #handle(opcode: number, payload: Buffer): void {
    if (opcode === 9) this.#write(10, payload);
    if (opcode !== 1) return;
    const head = payload.toString('latin1', 0, 24);
    const type = /^\{"type":"(\w+)"/.exec(head)?.[1] ?? '';
    this.onFrame?.(type);
    if (type === 'resumed') this.#open.resolve();
    if (type !== 'entry' && type !== 'entries') return;
    this.frames += 1;
    if (this.onNumber) this.#readAll(payload.toString());
    else this.#readEnds(payload, type);
  }

  #readAll(text: string): void {
    for (const [, seq] of text.matchAll(seqs)) {
      if (Number(seq) !== this.#last + 1) this.outOfOrder += 1;
      this.#last = Number(seq);
      this.entries += 1;
    }
    for (const [, number] of text.matchAll(numbers)) this.onNumber?.(Number(number));
  }

  #readEnds(payload: Buffer, type: string): void {
    const first = seqAt(payload, payload.indexOf('"seq":'));
    const last = type === 'entry' ? first : seqAt(payload, payload.lastIndexOf('"seq":'));
    if (first !== this.#last + 1 || last < first) this.outOfOrder += 1;
    this.entries += last - first + 1;
    this.#last = last;
  }

  /** Masked with zeros: the payload stays as it is. */
  #write(opcode: number, payload: string | Buffer): void {
    const bytes = Buffer.from(payload);
    const header = Buffer.alloc(bytes.length < 126 ? 6 : 8);
    header[0] = 0x80 | opcode;
    header[1] = 0x80 | Math.min(126, bytes.length);
    if (bytes.length >= 126) header.writeUInt16BE(bytes.length, 2);
    this.#tcp.write(Buffer.concat([header, bytes]));
  }
}

/** Where the payload of the next frame lies; or how many bytes it takes to know more. */
function frameAt(
  data: Buffer,
  at: number,
): { opcode: number; start: number; end: number } | { need: number } {
  const have = data.length - at;
  if (have < 2) return { need: 2 };
  const short = (data[at + 1] ?? 0) & 0x7f;
  const header = short < 126 ? 2 : short === 126 ? 4 : 10;
  if (have < header) return { need: header };
  const length =
    short < 126 ? short : short === 126 ? data.readUInt16BE(at + 2) : Number(data.readBigUInt64BE(at + 2));
  if (have < header + length) return { need: header + length };
  return { opcode: (data[at] ?? 0) & 0x0f, start: at + header, end: at + header + length };
}

const seqAt = (payload: Buffer, at: number): number =>
  Number.parseInt(payload.toString('latin1', at + 6, at + 18), 10);
