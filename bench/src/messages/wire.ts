import { randomBytes } from 'node:crypto';
import { connect, type Socket } from 'node:net';

/*
 * The lightest clients that are still real ones: on a small machine the load generator shares the cores with the server,
 * and what it spends the server lacks. They know just enough of HTTP/1.1 and RFC 6455 to talk to this server.
 */

/** One connection, kept alive, one request at a time. */
export class HttpLine {
  readonly #port: number;
  readonly #head: string;
  #tcp: Socket;
  #received: Buffer = Buffer.alloc(0);
  #answer: PromiseWithResolvers<{ status: number; body: string }> | null = null;

  constructor(port: number, token: string) {
    this.#port = port;
    this.#head = `Host: 127.0.0.1:${port}\r\nAuthorization: Bearer ${token}\r\n`;
    this.#tcp = this.#connect();
  }

  get busy(): boolean {
    return this.#answer !== null;
  }

  request(method: string, path: string, body = ''): Promise<{ status: number; body: string }> {
    if (this.#answer) throw new Error('HttpLine: one request at a time');
    this.#answer = Promise.withResolvers();
    // The server ends a connection that was idle for a minute.
    if (this.#tcp.destroyed || this.#tcp.readableEnded) this.#tcp = this.#connect();
    const type = body === '' ? '' : 'Content-Type: application/json\r\n';
    this.#tcp.write(
      `${method} ${path} HTTP/1.1\r\n${this.#head}${type}Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`,
    );
    return this.#answer.promise;
  }

  close(): void {
    this.#tcp.destroy();
  }

  #connect(): Socket {
    const tcp = connect({ port: this.#port, host: '127.0.0.1', noDelay: true });
    tcp.on('data', (data: Buffer) => this.#take(data));
    tcp.on('error', error => this.#answer?.reject(error));
    tcp.on('close', () => this.#answer?.reject(new Error('the server hung up')));
    return tcp;
  }

  #take(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    const end = this.#received.indexOf('\r\n\r\n');
    if (end < 0) return;
    const head = this.#received.toString('latin1', 0, end);
    const length = Number(/\r\ncontent-length: (\d+)/i.exec(head)?.[1] ?? 0);
    if (this.#received.length < end + 4 + length) return;
    const body = this.#received.toString('utf8', end + 4, end + 4 + length);
    this.#received = this.#received.subarray(end + 4 + length);
    const answer = this.#answer;
    this.#answer = null;
    answer?.resolve({ status: Number(head.slice(9, 12)), body });
  }
}

const TEXT = 1;
const PING = 9;
const PONG = 10;

/** One WebSocket that hands over each text frame, answers pings, and resumes with nothing. */
export class SocketLine {
  readonly opened: Promise<void>;
  readonly #tcp: Socket;
  readonly #onText: (text: string) => void;
  #received: Buffer = Buffer.alloc(0);
  #upgraded = false;
  #open: PromiseWithResolvers<void> = Promise.withResolvers();

  constructor(port: number, ticket: string, onText: (text: string) => void) {
    this.#onText = onText;
    this.opened = this.#open.promise;
    this.#tcp = connect({ port, host: '127.0.0.1', noDelay: true });
    this.#tcp.on('data', (data: Buffer) => this.#take(data));
    this.#tcp.on('error', error => this.#open.reject(error));
    this.#tcp.on('close', () => this.#open.reject(new Error('the socket was closed')));
    this.#tcp.write(
      [
        `GET /socket?ticket=${ticket} HTTP/1.1`,
        `Host: 127.0.0.1:${port}`,
        'Connection: Upgrade',
        'Upgrade: websocket',
        'Sec-WebSocket-Version: 13',
        `Sec-WebSocket-Key: ${randomBytes(16).toString('base64')}`,
        'Sec-WebSocket-Protocol: sotto.1',
        '\r\n',
      ].join('\r\n'),
    );
  }

  close(): void {
    this.#tcp.destroy();
  }

  #take(data: Buffer): void {
    this.#received = this.#received.length === 0 ? data : Buffer.concat([this.#received, data]);
    if (!this.#upgraded) {
      const end = this.#received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const status = this.#received.toString('latin1', 9, 12);
      if (status !== '101') {
        this.#open.reject(new Error(`no socket: ${this.#received.toString('latin1')}`));
        return;
      }
      this.#upgraded = true;
      this.#received = this.#received.subarray(end + 4);
      this.#write(
        TEXT,
        JSON.stringify({ type: 'resume', device: 'bench-device', have: [], room: null, hallway: false }),
      );
    }
    for (let frame = this.#next(); frame; frame = this.#next()) this.#handle(frame.opcode, frame.payload);
  }

  #handle(opcode: number, payload: Buffer): void {
    if (opcode === PING) this.#write(PONG, payload);
    if (opcode !== TEXT) return;
    const text = payload.toString();
    if (text.startsWith('{"type":"resumed"')) this.#open.resolve();
    this.#onText(text);
  }

  /** The next whole frame; a server's frames are not masked. */
  #next(): { opcode: number; payload: Buffer } | null {
    const data = this.#received;
    if (data.length < 2) return null;
    const short = data.readUInt8(1) & 0x7f;
    const header = short < 126 ? 2 : short === 126 ? 4 : 10;
    if (data.length < header) return null;
    const length =
      short < 126 ? short : short === 126 ? data.readUInt16BE(2) : Number(data.readBigUInt64BE(2));
    if (data.length < header + length) return null;
    this.#received = data.subarray(header + length);
    return { opcode: data.readUInt8(0) & 0x0f, payload: data.subarray(header, header + length) };
  }

  /** Masked with zeros: the payload stays as it is. */
  #write(opcode: number, payload: string | Buffer): void {
    const bytes = Buffer.from(payload);
    const header = bytes.length < 126 ? Buffer.alloc(6) : Buffer.alloc(8);
    header.writeUInt8(0x80 | opcode, 0);
    if (bytes.length < 126) header.writeUInt8(0x80 | bytes.length, 1);
    else {
      header.writeUInt8(0x80 | 126, 1);
      header.writeUInt16BE(bytes.length, 2);
    }
    this.#tcp.write(Buffer.concat([header, bytes]));
  }
}
