import type { Conversation, Me } from '@sotto/protocol';
import type { Remote } from './remote.ts';
import { HttpLine, SocketLine } from './wire.ts';

/** Someone with a session, a connection for calls and a socket, who writes to one other. */
export interface Writer {
  id: string;
  http: HttpLine;
  socket: SocketLine;
  conversation: string;
}

/** @throws Error where it is refused */
export async function call<T>(http: HttpLine, method: string, path: string, body?: unknown): Promise<T> {
  const answer = await http.request(method, path, body === undefined ? '' : JSON.stringify(body));
  if (answer.status >= 300) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
  return JSON.parse(answer.body || 'null') as T;
}

export async function openSocket(
  port: number,
  http: HttpLine,
  onText: (text: string) => void,
): Promise<SocketLine> {
  const { ticket } = await call<{ ticket: string }>(http, 'POST', '/v1/socket-tickets');
  const socket = new SocketLine(port, ticket, onText);
  await socket.opened;
  return socket;
}

/** Signs people up as anyone would, two by two, each pair with its conversation. */
export async function signUpPairs(
  remote: Remote,
  pairs: number,
  onText: (text: string) => void,
): Promise<Writer[]> {
  const writers: Writer[] = [];
  for (let pair = 0; pair < pairs; pair++) {
    const [a, b] = await Promise.all([signUp(remote, `a${pair}`), signUp(remote, `b${pair}`)]);
    // Who is followed writes without asking first (BC-10).
    await call(a.http, 'PUT', `/v1/people/${b.id}/follow`);
    await call(b.http, 'PUT', `/v1/people/${a.id}/follow`);
    const { id } = await call<Conversation>(a.http, 'PUT', `/v1/conversations/direct/${b.id}`);
    for (const one of [a, b]) {
      const socket = await openSocket(remote.port, one.http, onText);
      writers.push({ ...one, socket, conversation: id });
    }
  }
  return writers;
}

/** Signs one person up, with a connection for calls. */
export async function signUp(remote: Remote, name: string): Promise<{ id: string; http: HttpLine }> {
  const address = `${name}@bench.example`;
  const nobody = new HttpLine(remote.port, 'nobody-nobody-nobody-nobody');
  await call(nobody, 'POST', '/v1/sign-in/codes', { address });
  const { me, token } = await call<{ me: Me; token: string }>(nobody, 'POST', '/v1/sign-in', {
    address,
    code: await remote.code(address),
    transport: 'token',
  });
  nobody.close();
  const http = new HttpLine(remote.port, token);
  await call(http, 'PATCH', '/v1/me', { handle: `bench.${name}`, name });
  return { id: me.id, http };
}
