import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** What becomes of a message on its way from the server to a client. `later`: it comes after the next ones. */
export type NatsFate = 'deliver' | 'drop' | 'twice' | 'later';

/** A stretch of network between clients and a NATS server, that speaks enough of its protocol to lose single messages. */
export interface NatsRelay {
  /** As `NATS_URL`. */
  readonly url: string;
  /** From now on; undefined: everything is delivered, what was held back too. */
  rule(fate: (() => NatsFate) | undefined): void;
  /** How many messages were dropped, doubled or held back so far. */
  readonly faults: number;
  close(): Promise<void>;
}

/** So many messages come before one that is sent later. */
const overtaken = 3;

export async function natsRelay(port: number): Promise<NatsRelay> {
  const sockets = new Set<Socket>();
  const passages = new Set<Passage>();
  let fate: (() => NatsFate) | undefined;
  let faults = 0;

  const server = createServer(near => {
    const far = connect(port, '127.0.0.1');
    const passage = createPassage(
      bytes => near.write(bytes),
      () => {
        const now = fate?.() ?? 'deliver';
        if (now !== 'deliver') faults += 1;
        return now;
      },
    );
    passages.add(passage);
    near.on('data', bytes => far.write(bytes));
    far.on('data', (bytes: Buffer) => passage.take(bytes));
    for (const socket of [near, far]) {
      sockets.add(socket.setNoDelay(true));
      socket.on('error', () => undefined);
      socket.on('close', () => {
        passages.delete(passage);
        sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    }
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `nats://127.0.0.1:${(server.address() as AddressInfo).port}`,
    rule(next) {
      fate = next;
      if (!next) for (const passage of passages) passage.release();
    },
    get faults() {
      return faults;
    },
    async close() {
      for (const socket of sockets) socket.destroy();
      await new Promise(resolve => server.close(resolve));
    },
  };
}

interface Passage {
  take(bytes: Buffer): void;
  release(): void;
}

/** Cuts the server's stream into operations: a line, and after `MSG` its payload. */
function createPassage(write: (bytes: Buffer) => void, fateOf: () => NatsFate): Passage {
  let rest: Buffer = Buffer.alloc(0);
  let held: { operation: Buffer; after: number }[] = [];

  const pass = (operation: Buffer): void => {
    const fate = operation.toString('latin1', 0, 4) === 'MSG ' ? fateOf() : 'deliver';
    if (fate === 'later') {
      held.push({ operation, after: overtaken });
      return;
    }
    if (fate !== 'drop') write(operation);
    if (fate === 'twice') write(operation);
    for (const each of held) each.after -= 1;
    for (const { operation: late } of held.filter(each => each.after <= 0)) write(late);
    held = held.filter(each => each.after > 0);
  };

  return {
    take(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      for (let length = lengthOfFirst(rest); length !== undefined; length = lengthOfFirst(rest)) {
        pass(rest.subarray(0, length));
        rest = rest.subarray(length);
      }
    },
    release() {
      for (const { operation } of held) write(operation);
      held = [];
    },
  };
}

/** Undefined while the first operation is not all there. */
function lengthOfFirst(bytes: Buffer): number | undefined {
  const end = bytes.indexOf('\r\n');
  if (end === -1) return undefined;
  const line = bytes.toString('latin1', 0, end);
  const payload = line.startsWith('MSG ') ? Number(line.slice(line.lastIndexOf(' ') + 1)) + 2 : 0;
  const length = end + 2 + payload;
  return bytes.length >= length ? length : undefined;
}
