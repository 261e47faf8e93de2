import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** One TCP connection through a relay. */
interface Passage {
  near: Socket;
  far: Socket;
}

/** A stretch of network between clients and a server, that a test may cut. */
export interface TcpRelay {
  readonly port: number;
  /** Where new connections go: a server that came up again listens elsewhere. */
  pointTo(port: number): void;
  /** `silence`: bytes stay on the way, as when a phone leaves the house. `reset`: connections break, and none comes up. */
  cut(how: 'silence' | 'reset'): void;
  /** What was held arrives, as TCP would send it again. */
  mend(): void;
  /**
   * Lets the next request that `matches` (its first bytes, as text) through, and nothing of its answer. Resolves once
   * the server has answered: what it promised is done, and nobody was told. The connection stays silent.
   */
  swallowReplyTo(matches: (head: string) => boolean): Promise<void>;
  close(): Promise<void>;
}

/** Listens on a free port of loopback, and carries every byte to `target` and back. */
export async function tcpRelay(target: number): Promise<TcpRelay> {
  const passages = new Set<Passage>();
  let port = target;
  let state: 'open' | 'silence' | 'reset' = 'open';
  let swallowing: { matches: (head: string) => boolean; answered: () => void } | undefined;

  const end = ({ near, far }: Passage): void => {
    near.destroy();
    far.destroy();
  };

  const carry = (passage: Passage): void => {
    const { near, far } = passage;
    let hush: (() => void) | undefined;
    passages.add(passage);
    near.on('data', bytes => {
      if (swallowing?.matches(bytes.toString('latin1'))) {
        hush = swallowing.answered;
        swallowing = undefined;
      }
      far.write(bytes);
    });
    far.on('data', bytes => {
      if (hush) hush();
      else near.write(bytes);
    });
    for (const socket of [near, far]) {
      socket.setNoDelay(true);
      socket.on('error', () => undefined);
      socket.on('close', () => {
        // A hushed client learns nothing, not even that the server is gone.
        if (hush && socket === far) return;
        passages.delete(passage);
        end(passage);
      });
    }
    if (state === 'silence') pause(passage);
  };

  const server = createServer(near => {
    if (state === 'reset') return near.resetAndDestroy();
    carry({ near, far: connect(port, '127.0.0.1') });
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));

  return {
    port: (server.address() as AddressInfo).port,
    pointTo: next => {
      port = next;
    },
    cut(how) {
      state = how;
      for (const passage of passages) {
        if (how === 'reset') end(passage);
        else pause(passage);
      }
    },
    mend() {
      state = 'open';
      for (const { near, far } of passages) {
        near.resume();
        far.resume();
      }
    },
    swallowReplyTo: matches =>
      new Promise(resolve => {
        swallowing = { matches, answered: resolve };
      }),
    async close() {
      for (const passage of passages) end(passage);
      await new Promise(resolve => server.close(resolve));
    },
  };
}

function pause({ near, far }: Passage): void {
  near.pause();
  far.pause();
}
