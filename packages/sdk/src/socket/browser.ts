import type { OpenSocket } from './types.ts';

/** The platform's own WebSocket: every browser's, and Node's. */
export const openWebSocket: OpenSocket = (url, protocol, events) => {
  const socket = new WebSocket(url, protocol);
  socket.onopen = () => events.opened();
  socket.onmessage = event => events.message(event.data);
  socket.onclose = event => events.closed(event.code);
  return {
    send: data => socket.send(data),
    close: code => socket.close(code),
  };
};
