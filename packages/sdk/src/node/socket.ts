import { WebSocket } from 'ws';
import type { OpenSocket } from '../socket/types.ts';

export interface NodeSocketOptions {
  /** The `Origin` to send; none by default, as from a program that is no browser. */
  origin?: string;
  headers?: Readonly<Record<string, string>>;
}

/** WebSockets by `ws`, which can send headers where the platform's own cannot. */
export const nodeSocket =
  (options: NodeSocketOptions = {}): OpenSocket =>
  (url, protocol, events) => {
    const socket = new WebSocket(url, protocol, { perMessageDeflate: false, ...options });
    let closed = false;
    const close = (code: number) => {
      if (closed) return;
      closed = true;
      events.closed(code);
    };
    socket.on('open', () => events.opened());
    socket.on('message', (data, binary) => events.message(binary ? data : data.toString()));
    socket.on('close', close);
    // A refused handshake: 'close' follows, and says it.
    socket.on('error', () => {});
    return {
      send: data => socket.send(data),
      close(code) {
        closed = true;
        // A dead path would hold the closing handshake for half a minute.
        if (code === undefined) socket.terminate();
        else socket.close(code);
      },
    };
  };
