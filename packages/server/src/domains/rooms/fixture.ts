import { randomBytes } from 'node:crypto';
import type {
  AccountId,
  CallKey,
  CallOutput,
  CallParsed,
  Calls,
  RoomId,
  RoomSnapshot,
  ServerFrame,
} from '@sotto/protocol';
import { expect, vi } from 'vitest';
import { folderBlobs } from '../../platform/blobs/index.ts';
import { type BusMessage, type Channel, memoryBus } from '../../platform/bus/index.ts';
import { openDatabase } from '../../platform/db/index.ts';
import { createLog } from '../../platform/log/index.ts';
import { createMetrics } from '../../platform/metrics/index.ts';
import type { Platform } from '../../platform/platform.ts';
import { testDatabase } from '../../platform/postgres/testing.ts';
import { createTransact } from '../../platform/work.ts';
import { createAccounts } from '../accounts/index.ts';
import { createGraph, type Graph } from '../graph/index.ts';
import { type AudioPort, createRooms, type Rooms, type TalkPort } from './index.ts';
import { type Mirror, mirror } from './mirror.ts';

type RoomCall = keyof Rooms['routes'] & CallKey;
/** Only what a call has to be told. */
type Input<K extends CallKey> = Partial<CallParsed<Calls[K]>>;

/** What the audio plane was told, in order. */
export interface RecordedAudio extends AudioPort {
  told: string[];
}

/** Rooms over real accounts, a real graph and a real database; people who keep what they were told. */
export interface House {
  platform: Platform;
  rooms: Rooms;
  graph: Graph;
  audio: RecordedAudio;
  published: BusMessage[];
  /** The clock; tests turn it. */
  pass(seconds: number): void;
  person(name: string, options?: { socket?: boolean }): Promise<Guest>;
  /** Another node on the same database and bus. */
  node(): Rooms;
  /** Everyone's old snapshot plus the frames they got is what a fresh one says (RO-15). */
  agree(): Promise<void>;
  close(): Promise<void>;
}

export interface Guest {
  id: AccountId;
  name: string;
  device: string;
  view: Mirror | null;
  frames: ServerFrame[];
  call<K extends RoomCall>(key: K, input?: Input<K>): Promise<CallOutput<Calls[K]>>;
  /** Opens a room, and returns its id. */
  open(body?: { title?: string; visibility?: 'open' | 'private' }): Promise<RoomId>;
  enter(room: RoomId, options?: { device?: string; key?: string }): Promise<RoomSnapshot>;
  follow(other: Guest): Promise<void>;
  block(other: Guest): Promise<void>;
  /** The session ends, as when one signs out elsewhere. */
  signOut(): Promise<void>;
  /** Frames of one type that came since the last call. */
  heard<T extends ServerFrame['type']>(type: T): Extract<ServerFrame, { type: T }>[];
}

const noCookies = { setSession: () => undefined, clearSession: () => undefined };

export async function createHouse(pace = { audience: 10, hallway: 10 }): Promise<House> {
  const database = await testDatabase();
  const { db, close } = openDatabase({ connection: database.connection });
  const failures: unknown[] = [];
  const bus = memoryBus(error => failures.push(error));
  const clock = { now: Date.parse('2026-11-22T12:00:00.000Z') };
  const platform: Platform = {
    db,
    transact: createTransact(db, bus),
    bus,
    blobs: folderBlobs('/nonexistent'),
    log: createLog({ level: 'silent', format: 'json' }),
    metrics: createMetrics(),
    // Each look is a millisecond later, as on a real clock: nothing happens at once.
    now: () => new Date(clock.now++),
  };
  const accounts = createAccounts(platform, {
    mailer: { printed: true, send: async () => undefined },
    smsSender: { printed: true, send: async () => undefined },
  });
  const above: { rooms?: Rooms } = {};
  const graph = createGraph(platform, accounts, {
    roomOf: async (viewer, account) => (await above.rooms?.roomOf(viewer, account)) ?? null,
    writing: async () => 'open',
    onBlock: async (work, a, b) => above.rooms?.onBlock(work, a, b),
    onFollow: async (work, a, b) => above.rooms?.onFollow(work, a, b),
  });
  const audio = recordedAudio();
  const nodes: Rooms[] = [];
  const node = () => {
    const rooms = createRooms(platform, accounts, graph, audio, silent, pace);
    nodes.push(rooms);
    return rooms;
  };
  const rooms = node();
  above.rooms = rooms;

  const published: BusMessage[] = [];
  const guests = new Map<AccountId, Guest>();
  const listening = new Map<Channel, Set<AccountId>>();
  const listeners = (channel: Channel) => {
    const set = listening.get(channel) ?? new Set();
    listening.set(channel, set);
    return set;
  };
  bus.subscribe(message => {
    published.push(message);
    if (message.kind === 'listen') listeners(message.channel).add(message.account);
    if (message.kind === 'unlisten') listeners(message.channel).delete(message.account);
    if (message.kind !== 'frame') return;
    const { to, frame } = message;
    const except = 'channel' in to ? new Set(to.except) : new Set<string>();
    const who =
      'accounts' in to ? to.accounts : to.channel === 'hallway' ? guests.keys() : listeners(to.channel);
    for (const account of who) if (!except.has(account)) guests.get(account)?.frames.push(frame);
    for (const account of who) {
      const guest = guests.get(account);
      if (guest && !except.has(account)) guest.view = guest.view?.hear(frame) ?? null;
    }
  });

  const person = async (name: string, options: { socket?: boolean } = {}): Promise<Guest> => {
    const { id } = await db
      .insertInto('accounts')
      .values({ handle: name.toLowerCase(), name })
      .returning('id')
      .executeTakeFirstOrThrow();
    const device = `${name.toLowerCase()}-phone`;
    const session = await db
      .insertInto('sessions')
      .values({ account_id: id, token_hash: randomBytes(32), client: 'test' })
      .returning('id')
      .executeTakeFirstOrThrow();
    const caller = {
      viewer: { account: id, session: session.id, complete: true, admin: false },
      address: '127.0.0.1',
      client: 'test',
    };
    if (options.socket !== false) await rooms.socketOpened(id, device);
    const told = { frames: 0 };
    const guest: Guest = {
      id,
      name,
      device,
      view: null,
      frames: [],
      call: (key, input = {}) => {
        const handler = rooms.routes[key] as unknown as (
          input: object,
          who: typeof caller,
          cookies: typeof noCookies,
        ) => Promise<never>;
        return handler({ params: {}, query: {}, body: {}, ...input }, caller, noCookies);
      },
      async open({ title = '', visibility = 'open' } = {}) {
        const snapshot = await guest.call('POST /v1/rooms', {
          body: { title, topics: [], visibility, device },
        });
        guest.view = mirror(snapshot);
        return snapshot.info.id;
      },
      async enter(room, { device: from = device, key } = {}) {
        const snapshot = await guest.call('POST /v1/rooms/:room/enter', {
          params: { room },
          body: { device: from, ...(key !== undefined && { key }) },
        });
        guest.view = mirror(snapshot);
        return snapshot;
      },
      follow: other => graphCall(graph, caller, 'PUT /v1/people/:account/follow', other.id),
      block: other => graphCall(graph, caller, 'PUT /v1/people/:account/block', other.id),
      async signOut() {
        await db.deleteFrom('sessions').where('id', '=', session.id).execute();
        bus.publish({ kind: 'sessionsEnded', sessions: [session.id] });
      },
      heard(type) {
        const fresh = guest.frames.slice(told.frames);
        told.frames = guest.frames.length;
        return fresh.filter(frame => frame.type === type) as never;
      },
    };
    guests.set(id, guest);
    return guest;
  };

  const agree = async () => {
    await vi.waitFor(
      async () => {
        for (const guest of guests.values()) {
          if (!guest.view) continue;
          const { snapshot } = guest.view;
          const fresh = await guest.call('GET /v1/rooms/:room/snapshot', {
            params: { room: snapshot.info.id },
          });
          expect({ [guest.name]: snapshot }).toEqual({ [guest.name]: fresh });
        }
      },
      // Two hundred guests, each with a snapshot of their own, on a busy machine.
      { timeout: 20_000, interval: 10 },
    );
    expect(failures).toEqual([]);
  };

  return {
    platform,
    rooms,
    graph,
    audio,
    published,
    pass: seconds => {
      clock.now += seconds * 1000;
    },
    person,
    node,
    agree,
    async close() {
      for (const each of nodes) await each.stop();
      await close();
      await database.drop();
    },
  };
}

async function graphCall(
  graph: Graph,
  caller: object,
  key: 'PUT /v1/people/:account/follow' | 'PUT /v1/people/:account/block',
  account: AccountId,
): Promise<void> {
  const handler = graph.routes[key] as unknown as (input: object, who: object) => Promise<unknown>;
  await handler({ params: { account } }, caller);
}

/** What is written in rooms is tested where both are: `e2e/src/net/room-talk.test.ts`. */
const silent: TalkPort = {
  onRoomOpened: async () => undefined,
  onRoomChanged: async () => undefined,
  onRoomRemoved: async () => undefined,
  othersIn: async () => [],
};

/** Stands in for the media node where what it is told is the point. */
function recordedAudio(): RecordedAudio {
  const told: string[] = [];
  return {
    told,
    connect: async ({ account, onStage, maySpeak }) => {
      told.push(`connect ${account} ${onStage} ${maySpeak}`);
      return { session: crypto.randomUUID(), answer: 'v=0' };
    },
    permit: (_, account, { onStage, maySpeak }) =>
      void told.push(`permit ${account} ${onStage ? 'stage' : 'audience'} ${maySpeak ? 'heard' : 'silent'}`),
    closePerson: (_, account, reason) => void told.push(`close ${account} ${reason}`),
    closeRoom: (room, reason) => void told.push(`closeRoom ${room} ${reason}`),
    snapshot: () => ({ slots: [null, null, null, null], speaking: [] }),
    csrcOf: account => Number.parseInt(account.slice(-8), 16),
    participants: () => [],
  };
}
