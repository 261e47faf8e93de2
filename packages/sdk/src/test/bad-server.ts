import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type {
  Attachment,
  ClientFrame,
  Conversation,
  EntryOf,
  LogEntry,
  Me,
  ServerFrame,
} from '@sotto/protocol';
import { type WebSocket, WebSocketServer } from 'ws';
import { newId } from '../id.ts';
import { ANA, BEN, CHAT, conversationOf, entryOf } from './samples.ts';

/** What happens to a call on its way. */
export type Mishap =
  /** Answered with this status, and not done. */
  | { kind: 'status'; status: number; code: string; details?: object }
  /** Done, and the reply is lost. */
  | { kind: 'dropAfter' }
  /** Not done, and the connection is cut. */
  | { kind: 'dropBefore' }
  /** Something between answers with a page. */
  | { kind: 'html' }
  /** Never answered. */
  | { kind: 'hang' };

export interface BadUpload {
  bytes: Uint8Array;
  size: number;
  finished: boolean;
  sent: boolean;
}

/** A small server of one conversation over real HTTP and WebSocket, which misbehaves when asked to. */
export interface BadServer {
  readonly url: string;
  readonly log: LogEntry[];
  /** `METHOD /path` of each call that came. */
  readonly calls: string[];
  readonly sockets: Set<WebSocket>;
  readonly frames: ClientFrame[];
  /** Tickets given out so far. */
  tickets: number;
  /** Sockets opened so far. */
  opened: number;
  signedIn: boolean;
  heartbeatSeconds: number;
  /** From where on the log is for this reader. */
  firstSeq: number;
  readSeq: number;
  /** Whether events of new entries go to the sockets. */
  publish: boolean;
  /** Files begun or finished, by id; `sent` ones cannot be sent again. */
  readonly uploads: Map<string, BadUpload>;
  /** Mishaps for the next calls whose `METHOD /path` contains the word, in order. */
  mishaps: Map<string, Mishap[]>;
  conversation(): Conversation;
  /** BEN writes. */
  write(text: string): LogEntry;
  push(frame: ServerFrame): void;
  closeSockets(code: number): void;
  stop(): Promise<void>;
}

const json = (response: ServerResponse, status: number, body: unknown) => {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
};

const me: Me = {
  id: ANA,
  handle: 'ana',
  name: 'Ana',
  bio: '',
  picture: null,
  admin: false,
  complete: true,
  addresses: [],
  createdAt: '2026-11-22T00:00:00.000Z',
};

async function readBody(request: IncomingMessage): Promise<Record<string, unknown>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  const body = Buffer.concat(chunks);
  if (request.headers['content-type'] === 'application/octet-stream') return { bytes: new Uint8Array(body) };
  const text = body.toString();
  return text === '' ? {} : (JSON.parse(text) as Record<string, unknown>);
}

const refusal = (status: number, code: string, details = {}): [number, unknown] => [
  status,
  { error: { code, details, requestId: 'r2' } },
];

const attachmentOf = (id: string, upload: BadUpload): Attachment => ({
  id,
  kind: 'image',
  type: 'image/webp',
  bytes: upload.size,
  width: 1,
  height: 1,
  seconds: null,
  moving: false,
  blur: null,
  waveform: null,
  links: {
    expiresAt: '2026-11-22T00:00:00.000Z',
    original: null,
    large: null,
    medium: null,
    small: null,
    poster: null,
  },
});

/** What a server does with a file in chunks. */
function actOnUpload(
  uploads: Map<string, BadUpload>,
  call: string,
  query: URLSearchParams,
  body: Record<string, unknown>,
): [number, unknown] {
  if (call === 'POST /v1/uploads') {
    const id = newId();
    uploads.set(id, { bytes: new Uint8Array(), size: Number(body.bytes), finished: false, sent: false });
    return [200, { upload: id, offset: 0, chunkBytes: 65_536, expiresAt: '2026-11-22T00:00:00.000Z' }];
  }
  const [method, path = ''] = call.split(' ');
  const [, , , id = '', last] = path.split('/');
  const upload = uploads.get(id);
  if (!upload) return refusal(404, 'not_found');
  if (method === 'DELETE') {
    uploads.delete(id);
    return [204, undefined];
  }
  if (method === 'GET') return [200, { offset: upload.bytes.length, bytes: upload.size }];
  if (last === 'bytes') {
    const offset = Number(query.get('offset'));
    if (offset !== upload.bytes.length) return refusal(409, 'upload_offset', { offset: upload.bytes.length });
    upload.bytes = new Uint8Array([...upload.bytes, ...(body.bytes as Uint8Array)]);
    return [200, { offset: upload.bytes.length }];
  }
  upload.finished = true;
  return [200, attachmentOf(id, upload)];
}

export async function startBadServer(): Promise<BadServer> {
  const http = createServer();
  const wss = new WebSocketServer({ noServer: true });

  const append = (
    sender: string,
    text: string,
    clientId?: string,
    files: readonly string[] = [],
  ): EntryOf<'message'> => {
    const entry = entryOf(server.log.length + 1, sender, text);
    const attachments = files.flatMap(id => {
      const upload = server.uploads.get(id);
      return upload ? [attachmentOf(id, upload)] : [];
    });
    const message = { ...entry.message, attachments, ...(clientId && { clientId }) };
    const stored = { ...entry, message };
    server.log.push(stored);
    if (server.publish) server.push({ type: 'entry', conversation: CHAT, entry: stored, people: [] });
    return stored;
  };

  /** Does the call; returns status and body. */
  const act = (call: string, query: URLSearchParams, body: Record<string, unknown>): [number, unknown] => {
    if (!server.signedIn) {
      return [401, { error: { code: 'not_signed_in', details: {}, requestId: 'r1' } }];
    }
    if (call === 'POST /v1/socket-tickets') {
      server.tickets += 1;
      return [200, { ticket: `t${server.tickets}`, expiresAt: '2026-11-22T00:00:00.000Z' }];
    }
    if (call === 'GET /v1/me') return [200, me];
    if (call === 'POST /v1/sign-out') return [204, undefined];
    if (call === 'GET /v1/conversations') {
      const conversation = server.conversation();
      const unread = conversation.unread > 0 ? 1 : 0;
      return [200, { conversations: [conversation], people: [], next: null, unread, requests: 0 }];
    }
    if (call === `PUT /v1/conversations/direct/${BEN}` || call === `GET /v1/conversations/${CHAT}`) {
      return [200, server.conversation()];
    }
    if (call === `GET /v1/conversations/${CHAT}/log`) {
      const limit = Number(query.get('limit') ?? 50);
      const { firstSeq, log } = server;
      const head = log.length;
      const after = Math.max(Number(query.get('after') ?? head), firstSeq - 1);
      const before = Number(query.get('before') ?? head + 1);
      const around = Number(query.get('around')) - 1;
      const entries = query.has('after')
        ? log.slice(after, after + limit)
        : query.has('around')
          ? log.slice(Math.max(firstSeq - 1, around - limit / 2), around + limit / 2)
          : log.slice(firstSeq - 1, before - 1).slice(-limit);
      return [200, { entries, people: [], head, firstSeq, at: null }];
    }
    if (call === `POST /v1/conversations/${CHAT}/messages`) {
      const clientId = String(body.clientId);
      const there = server.log.find(
        entry => entry.kind === 'message' && entry.message.clientId === clientId,
      ) as EntryOf<'message'> | undefined;
      const ids = (body.attachments ?? []) as string[];
      const files = ids.flatMap(id => server.uploads.get(id) ?? []);
      if (!there && (files.length < ids.length || files.some(file => file.sent || !file.finished)))
        return refusal(409, 'attachment_unknown', { attachment: '' });
      const entry = there ?? append(ANA, String(body.text), clientId, ids);
      for (const file of files) file.sent = true;
      return [200, { id: entry.message.id, seq: entry.seq, at: entry.at }];
    }
    if (call === `PUT /v1/conversations/${CHAT}/read`) {
      server.readSeq = Math.max(server.readSeq, Number(body.seq));
      const { readSeq, unread } = server.conversation();
      return [200, { readSeq, unread }];
    }
    if (call.includes(' /v1/uploads')) return actOnUpload(server.uploads, call, query, body);
    return refusal(404, 'not_found');
  };

  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const { pathname, searchParams } = new URL(request.url ?? '/', 'http://server');
    const call = `${request.method} ${pathname}`;
    const body = await readBody(request);
    server.calls.push(call);
    const [, queue] =
      [...server.mishaps].find(([word, waiting]) => call.includes(word) && waiting.length > 0) ?? [];
    const mishap = queue?.shift();
    if (mishap?.kind === 'hang') return;
    if (mishap?.kind === 'dropBefore') return request.socket.destroy();
    if (mishap?.kind === 'html') return response.end('<html>Sign in to the Wi-Fi</html>');
    if (mishap?.kind === 'status') {
      const { status, code, details = {} } = mishap;
      return json(response, status, { error: { code, details, requestId: 'r3' } });
    }
    const [status, reply] = act(call, searchParams, body);
    if (mishap?.kind === 'dropAfter') return request.socket.destroy();
    if (status === 204) return response.writeHead(204).end();
    json(response, status, reply);
  };

  const resumed = (frame: Extract<ClientFrame, { type: 'resume' }>): ServerFrame => {
    const have = frame.have.find(each => each.conversation === CHAT);
    const missed = have ? server.log.slice(have.seq) : [];
    return {
      type: 'resumed',
      conversations: have ? [] : [server.conversation()],
      entries: missed.length > 0 ? [{ conversation: CHAT, entries: missed }] : [],
      people: [],
      gone: [],
      requests: 0,
      limited: [],
      inboxLimited: false,
      room: null,
    };
  };

  const server: BadServer = {
    url: '',
    log: [],
    firstSeq: 1,
    calls: [],
    sockets: new Set(),
    frames: [],
    tickets: 0,
    opened: 0,
    signedIn: true,
    heartbeatSeconds: 25,
    readSeq: 0,
    publish: true,
    uploads: new Map(),
    mishaps: new Map(),
    conversation: () => conversationOf(server.log, server.readSeq),
    write: text => append(BEN, text),
    push(frame) {
      for (const socket of server.sockets) socket.send(JSON.stringify(frame));
    },
    closeSockets(code) {
      for (const socket of server.sockets) socket.close(code);
    },
    async stop() {
      for (const socket of wss.clients) socket.terminate();
      http.closeAllConnections();
      await new Promise(resolve => http.close(resolve));
    },
  };

  http.on('request', (request, response) => {
    answer(request, response).catch(error => {
      // Whoever asked may hang up while they ask.
      if (error !== request.errored) throw error;
    });
  });
  http.on('upgrade', (request, socket, head) => {
    wss.handleUpgrade(request, socket, head, ws => {
      server.opened += 1;
      server.sockets.add(ws);
      ws.on('close', () => server.sockets.delete(ws));
      ws.send(JSON.stringify({ type: 'hello', session: ANA, heartbeatSeconds: server.heartbeatSeconds }));
      ws.on('message', data => {
        const frame = JSON.parse(String(data)) as ClientFrame;
        server.frames.push(frame);
        if (frame.type === 'resume') ws.send(JSON.stringify(resumed(frame)));
        if (frame.type === 'read') {
          server.readSeq = Math.max(server.readSeq, frame.seq);
          const { readSeq, unread } = server.conversation();
          server.push({ type: 'read', conversation: CHAT, readSeq, unread });
        }
      });
    });
  });
  await new Promise<void>(resolve => http.listen(0, '127.0.0.1', resolve));
  return Object.assign(server, { url: `http://127.0.0.1:${(http.address() as AddressInfo).port}` });
}
