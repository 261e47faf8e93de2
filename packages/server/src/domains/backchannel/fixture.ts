import { randomBytes } from 'node:crypto';
import type { Conversation, LogEntry, Message, ServerFrame } from '@sotto/protocol';
import pg from 'pg';
import type { Viewer } from '../../edge/http/caller.ts';
import { folderBlobs } from '../../platform/blobs/index.ts';
import { type BusMessage, memoryBus } from '../../platform/bus/index.ts';
import { openDatabase } from '../../platform/db/index.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { createLog } from '../../platform/log/index.ts';
import { createMetrics } from '../../platform/metrics/index.ts';
import type { Platform } from '../../platform/platform.ts';
import { testDatabase } from '../../platform/postgres/testing.ts';
import { createTransact } from '../../platform/work.ts';
import { createAccounts } from '../accounts/index.ts';
import { createGraph } from '../graph/index.ts';
import { type Backchannel, type BackchannelPorts, createBackchannel, type Resumed } from './index.ts';

type SignedIn = { viewer: Viewer; address: string; client: string };

/** The real domains on a real database: what tests of the Backchannel and of the sockets stand on. */
export interface Stage {
  platform: Platform;
  backchannel: Backchannel;
  accounts: ReturnType<typeof createAccounts>;
  graph: ReturnType<typeof createGraph>;
  /** Another node on the same database and bus, with its own connections. */
  node(options?: Partial<BackchannelPorts>): { backchannel: Backchannel; close(): Promise<void> };
  /** What went over the bus. */
  published: BusMessage[];
  framesTo(account: string): ServerFrame[];
  person(handle: string): Promise<Person>;
  clock: { now: Date };
  close(): Promise<void>;
}

/** Someone signed in, with the calls that the tests use. */
export interface Person {
  id: string;
  viewer: Viewer;
  caller: SignedIn;
  /** The conversation with someone they know: the two follow each other from then on. */
  open(other: { id: string }): Promise<Conversation>;
  /** The conversation with someone as they are. */
  find(other: { id: string }): Promise<Conversation>;
  follow(other: { id: string }): Promise<unknown>;
  send(
    conversation: string,
    text: string,
    clientId?: string,
  ): Promise<{ id: string; seq: number; at: string }>;
  list(query?: { after?: string; limit?: number }): Promise<{
    conversations: Conversation[];
    next: string | null;
    unread: number;
  }>;
  get(conversation: string): Promise<Conversation>;
  log(
    conversation: string,
    query?: { after?: number; before?: number; limit?: number },
  ): Promise<{ entries: LogEntry[]; head: number }>;
  read(conversation: string, seq: number): Promise<{ readSeq: number; unread: number }>;
  block(other: { id: string }): Promise<unknown>;
  unblock(other: { id: string }): Promise<unknown>;
}

/** A resume that brought nothing. */
export const nothing: Resumed = {
  conversations: [],
  entries: [],
  people: [],
  limited: [],
  gone: [],
  inboxLimited: false,
  requests: 0,
};

/** The message of an entry that must be one. */
export function messageOf(entry: LogEntry): Message {
  if (entry.kind !== 'message') throw new Error(`messageOf: ${entry.kind}`);
  return entry.message;
}

export async function createStage(): Promise<Stage> {
  const database = await testDatabase();
  const { db, close } = openDatabase({ connection: database.connection });
  const failures: unknown[] = [];
  const bus = memoryBus(error => failures.push(error));
  const published: BusMessage[] = [];
  bus.subscribe(message => published.push(message));
  const clock = { now: new Date('2026-11-22T12:00:00.000Z') };
  const platform: Platform = {
    db,
    transact: createTransact(db, bus),
    bus,
    blobs: folderBlobs('/nonexistent'),
    log: createLog({ level: 'silent', format: 'json' }),
    metrics: createMetrics(),
    now: () => new Date(clock.now),
  };
  const accounts = createAccounts(platform, {
    mailer: { printed: false, send: async () => undefined },
    smsSender: { printed: false, send: async () => undefined },
  });
  const graph = createGraph(platform, accounts, {
    roomOf: async () => null,
    writing: (viewer, account) => backchannel.writing(viewer, account),
    onBlock: (work, a, b) => backchannel.onBlock(work, a, b),
    onUnblock: (work, a, b) => backchannel.onUnblock(work, a, b),
    onFollow: (work, a, b) => backchannel.onFollow(work, a, b),
  });
  const ports: BackchannelPorts = {
    people: accounts,
    relations: graph,
    files: { present: async () => new Map() },
    rooms: { titles: async () => new Map(), lastTogether: async () => new Map(), mayShow: async () => false },
  };
  const backchannel = createBackchannel(platform, ports);

  // Straight into the tables: how one signs in is tested where it belongs.
  const person = async (handle: string): Promise<Person> => {
    const { id: account } = await db
      .insertInto('accounts')
      .values({ handle, name: handle })
      .returning('id')
      .executeTakeFirstOrThrow();
    const { id: session } = await db
      .insertInto('sessions')
      .values({
        account_id: account,
        token_hash: randomBytes(32),
        client: 'test',
        last_seen_at: platform.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    return personOf({ account, session, complete: true, admin: false }, backchannel, graph);
  };

  return {
    platform,
    backchannel,
    accounts,
    graph,
    node(options = {}) {
      const own = openDatabase({ connection: database.connection });
      const there = { ...platform, db: own.db, transact: createTransact(own.db, bus) };
      return { backchannel: createBackchannel(there, { ...ports, ...options }), close: own.close };
    },
    published,
    framesTo: account =>
      published.flatMap(message =>
        message.kind === 'frame' && 'accounts' in message.to && message.to.accounts.includes(account)
          ? [message.frame]
          : [],
      ),
    person,
    clock,
    async close() {
      await close();
      await database.drop();
      if (failures.length > 0) throw new AggregateError(failures, 'a bus listener failed');
    },
  };
}

/** The calls of someone as they reach a node. */
export function personOf(viewer: Viewer, backchannel: Backchannel, graph: Stage['graph']): Person {
  const caller: SignedIn = { viewer, address: '127.0.0.1', client: 'test' };
  const { routes } = backchannel;
  const find: Person['find'] = other =>
    routes['PUT /v1/conversations/direct/:account']({ params: { account: other.id } }, caller);
  const follow = (one: string, other: string) =>
    graph.routes['PUT /v1/people/:account/follow'](
      { params: { account: other } },
      { ...caller, viewer: { ...viewer, account: one } },
    );
  return {
    id: viewer.account,
    viewer,
    caller,
    async open(other) {
      await follow(viewer.account, other.id).catch(() => undefined);
      await follow(other.id, viewer.account).catch(() => undefined);
      return find(other);
    },
    find,
    follow: other => follow(viewer.account, other.id),
    send: (conversation, text, clientId = uuidv7()) =>
      routes['POST /v1/conversations/:conversation/messages'](
        { params: { conversation }, body: { clientId, text, attachments: [] } },
        caller,
      ),
    list: query => routes['GET /v1/conversations']({ query: { view: 'inbox', limit: 50, ...query } }, caller),
    get: conversation => routes['GET /v1/conversations/:conversation']({ params: { conversation } }, caller),
    log: (conversation, query) =>
      routes['GET /v1/conversations/:conversation/log'](
        { params: { conversation }, query: { limit: 50, ...query } },
        caller,
      ),
    read: (conversation, seq) =>
      routes['PUT /v1/conversations/:conversation/read']({ params: { conversation }, body: { seq } }, caller),
    block: other => graph.routes['PUT /v1/people/:account/block']({ params: { account: other.id } }, caller),
    unblock: other =>
      graph.routes['DELETE /v1/people/:account/block']({ params: { account: other.id } }, caller),
  };
}

/** The text of every statement that goes to PostgreSQL while `work` runs, in their order; what they are given is not in it. */
export async function statementsOf(work: () => Promise<unknown>): Promise<string[]> {
  const seen: string[] = [];
  const own = pg.Client.prototype.query;
  // Kysely sends `query({ text, values })`, or a bare text for `begin` and `commit`.
  pg.Client.prototype.query = function (this: pg.Client, ...given: unknown[]) {
    const [query] = given;
    seen.push(typeof query === 'string' ? query : String((query as { text?: string }).text));
    return Reflect.apply(own, this, given);
  } as typeof own;
  try {
    await work();
  } finally {
    pg.Client.prototype.query = own;
  }
  // What a connection that is opened on the way is told first.
  return seen.filter(text => !text.startsWith('set '));
}
