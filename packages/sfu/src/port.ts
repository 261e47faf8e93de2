import { createSocket } from 'node:dgram';
import { isIP } from 'node:net';
import ndc from 'node-datachannel';
import { MediaError } from './errors.ts';

/** A free port may be taken by somebody else between asking and listening. */
const ATTEMPTS = 5;

/**
 * Takes the node's UDP port and holds it until `stop`: the library aborts the process when a session finds the port
 * taken, so it must never be free while sessions may come.
 * @throws MediaError `port_in_use` or `port_not_permitted`
 */
export async function holdPort(
  port: number,
  bind: string | undefined,
): Promise<{ readonly port: number; readonly listener: ndc.IceUdpMuxListener }> {
  for (let attempt = 1; ; attempt += 1) {
    const probed = await probe(port, bind);
    try {
      return { port: probed, listener: new ndc.IceUdpMuxListener(probed, bind) };
    } catch {
      if (port !== 0 || attempt === ATTEMPTS) throw inUse(probed);
    }
  }
}

/** Waits until the library, which closes on its own threads, has let go of the port. */
export async function awaitFree(port: number, bind: string | undefined, limitMs: number): Promise<void> {
  const until = performance.now() + limitMs;
  for (;;) {
    try {
      await probe(port, bind);
      return;
    } catch (error) {
      if (performance.now() > until) throw error;
      await new Promise(resolve => setTimeout(resolve, 20));
    }
  }
}

/** Binds the port for a moment. Resolves with its number. */
function probe(port: number, bind: string | undefined): Promise<number> {
  const socket = createSocket(bind !== undefined && isIP(bind) === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    socket.once('error', error => {
      socket.close();
      reject(refusal(error, port));
    });
    socket.bind({ port, ...(bind === undefined ? {} : { address: bind }) }, () => {
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
