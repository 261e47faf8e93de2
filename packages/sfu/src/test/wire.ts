import { createSocket } from 'node:dgram';
import { once } from 'node:events';

/** A stretch of network between a session and its node. */
export interface Wire {
  /** An answer of the node, by which the session's packets take this way. */
  through(answer: string): string;
  /** From now on media waits so many ms on its way to the session; all else goes at once. */
  delayMedia(ms: number): void;
  close(): void;
}

export async function startWire(nodePort: number): Promise<Wire> {
  const [near, far] = [createSocket('udp4'), createSocket('udp4')];
  near.bind(0, '127.0.0.1');
  far.bind(0, '127.0.0.1');
  await Promise.all([once(near, 'listening'), once(far, 'listening')]);
  let session: { port: number; address: string } | undefined;
  let delay = 0;
  let closed = false;
  near.on('message', (bytes, from) => {
    session = from;
    far.send(bytes, nodePort, '127.0.0.1');
  });
  far.on('message', bytes => {
    const carry = () => {
      if (session && !closed) near.send(bytes, session.port, session.address);
    };
    // RTP and RTCP begin with 128 to 191, STUN and DTLS below (RFC 7983).
    if (delay > 0 && (bytes[0] ?? 0) >= 128) setTimeout(carry, delay);
    else carry();
  });
  return {
    through: answer => answer.replaceAll(` ${nodePort} typ`, ` ${near.address().port} typ`),
    delayMedia(ms) {
      delay = ms;
    },
    close() {
      closed = true;
      near.close();
      far.close();
    },
  };
}
