import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import ndc from 'node-datachannel';
import { MediaError } from './errors.ts';

/** A free port may be taken by somebody else between asking and listening. */
const ATTEMPTS = 5;

interface HeldPort {
  readonly port: number;
  readonly bind: string | undefined;
  /** Never stopped, and never collected: see `holdPort`. */
  readonly listener: ndc.IceUdpMuxListener;
  used: boolean;
}

const held: HeldPort[] = [];

/** The node's UDP port. `release` lets another node of this process have it. */
export interface Port {
  readonly port: number;
  release(): void;
}

/**
 * Takes a UDP port for as long as the process lives. The library aborts the process when a session finds the port
 * taken, so it must never be free while sessions may come. Its listener (libdatachannel 0.24.5) does not reliably let
 * go when stopped, and is called after it is gone: so it is kept, and used again by the next node on this port.
 * @throws MediaError `port_in_use`, `port_not_permitted` or `bad_option`
 */
export async function holdPort(port: number, bind: string | undefined): Promise<Port> {
  const known = held.find(one => one.port === port && one.bind === bind && !one.used);
  if (known !== undefined) return use(known);
  for (let attempt = 1; ; attempt += 1) {
    const probed = await probe(port, bind);
    try {
      const listener = new ndc.IceUdpMuxListener(probed, bind);
      const one = { port: probed, bind, listener, used: false };
      held.push(one);
      return use(one);
    } catch {
      if (port !== 0 || attempt === ATTEMPTS) throw inUse(probed);
    }
  }
}

function use(one: HeldPort): Port {
  one.used = true;
  return {
    port: one.port,
    release: () => {
      one.used = false;
    },
  };
}

/** Binds the port for a moment, for an error that says what is wrong. Resolves with its number. */
function probe(port: number, bind: string | undefined): Promise<number> {
  const socket = createSocket(bind !== undefined && isIP(bind) === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', error => {
      socket.close();
      reject(refusal(error, port));
    });
    socket.bind({ port, exclusive: true, ...(bind === undefined ? {} : { address: bind }) }, () => {
      const bound = socket.address().port;
      socket.close(() => resolve(bound));
    });
  });
}

function refusal(error: Error & { code?: string }, port: number): MediaError {
  if (error.code === 'EADDRINUSE') return inUse(port);
  if (error.code === 'EACCES') {
    return new MediaError('port_not_permitted', `This user may not listen on UDP port ${port}.`, 'port');
  }
  return new MediaError('bad_option', `Cannot listen on UDP port ${port}: ${error.message}.`, 'bind');
}

function inUse(port: number): MediaError {
  return new MediaError('port_in_use', `UDP port ${port} is in use by another program.`, 'port');
}
