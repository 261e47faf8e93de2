import type { BackchannelChoices, ClientFrame, Me, PushChoices, ServerFrame } from '@sotto/protocol';
import { type AccountScope, openAccount } from './account.ts';
import { noAudio } from './audio/none.ts';
import type { AudioParts, AudioService } from './audio/parts.ts';
import type { Audio } from './audio/types.ts';
import type {
  Choices,
  Conversations,
  Groups,
  Inbox,
  Reports,
  Requests,
  TalkOf,
} from './backchannel/types.ts';
import { type Call, createCaller } from './calls/client.ts';
import { isSottoError, SottoError } from './calls/error.ts';
import type { Outbox } from './outbox/outbox.ts';
import { browserTabs, noTabs, type Tabs } from './outbox/tabs.ts';
import { browserWake, type Clock, fullJitter, type Random, systemClock, type Wake } from './ports.ts';
import { type TabStorage, tabStorage } from './rooms/device.ts';
import { createRooms, type Rooms } from './rooms/rooms.ts';
import type { MeStore, Session, SessionState } from './session.ts';
import { openWebSocket } from './socket/browser.ts';
import { createConnection } from './socket/connection.ts';
import type { ConnectionState, OpenSocket } from './socket/types.ts';
import { type DeviceStorage, deviceArea, memoryStorage } from './storage/device.ts';
import { createHallway, type Hallway } from './stores/hallway.ts';
import { createPeople, type People } from './stores/people.ts';
import { createStore, type Readable } from './stores/store.ts';

export interface SottoOptions {
  /** Where the server is: `https://sotto.example`. */
  baseUrl: string;
  /** `cookie` in a browser of the server's own origin (the default there), else `token`. */
  auth?: 'cookie' | 'token';
  /** The bearer token of an earlier `signIn`. */
  token?: string;
  /** Default: memory. In a browser: `browserStorage()`. */
  storage?: DeviceStorage | Promise<DeviceStorage>;
  fetch?: typeof fetch;
  openSocket?: OpenSocket;
  /** Default: none, rooms are silent. In a browser: `browserAudio`. */
  audio?: (parts: AudioParts) => AudioService;
  tab?: TabStorage;
  tabs?: (account: string) => Tabs;
  clock?: Clock;
  random?: Random;
  wake?: Wake;
}

/**
 * A client of one Sotto server. What belongs to an account (`inbox` to `outbox`) is there while somebody is signed in;
 * without, it throws SottoError `not_signed_in`.
 */
export interface Sotto {
  readonly call: Call;
  readonly session: Session;
  readonly me: MeStore;
  readonly connection: Readable<ConnectionState>;
  readonly hallway: Hallway;
  readonly rooms: Rooms;
  readonly people: People;
  readonly audio: Audio;
  readonly inbox: Inbox;
  readonly conversations: Conversations;
  readonly requests: Requests;
  readonly groups: Groups;
  readonly talk: TalkOf;
  /** Who may write, receipts, what is held back. */
  readonly choices: Choices<BackchannelChoices>;
  /** What is pushed to one's devices. */
  readonly pushChoices: Choices<PushChoices>;
  readonly reports: Reports;
  readonly outbox: Outbox;
  /** Every frame of the server, after the stores have taken it: pings, bots. Returns the way to stop. */
  onFrame(listener: (frame: ServerFrame) => void): () => void;
  /** Shows what the device remembers, finds out who is signed in, and connects. Resolves when that is known. */
  start(): Promise<void>;
  /** Closes everything; nothing is forgotten. */
  stop(): void;
}

const defaultTabs = (id: string): Tabs => (typeof window === 'undefined' ? noTabs : browserTabs(id));
const socketUrl = (baseUrl: string) => `${baseUrl.replace(/^http/, 'ws').replace(/\/+$/, '')}/socket`;

export function createSotto(options: SottoOptions): Sotto {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? Math.random;
  const wake = options.wake ?? browserWake;
  const tab = options.tab ?? tabStorage();
  const auth = options.auth ?? (options.token || typeof window === 'undefined' ? 'token' : 'cookie');
  let token = options.token ?? null;
  const opening = Promise.resolve(options.storage ?? memoryStorage());
  /** Set before there is an account: what is opened on another would be lost with the program. */
  let storage: DeviceStorage | null = null;
  let finding: Promise<void> | null = null;
  let account: AccountScope | null = null;
  let running = false;
  let cancelRetry = () => {};
  let unwake = () => {};
  const listeners = new Set<(frame: ServerFrame) => void>();
  const session = createStore<SessionState>({ state: 'unknown', error: null });
  const me = createStore<Me | null>(null);

  const call = createCaller({
    baseUrl: options.baseUrl,
    token: () => token,
    clock,
    ...(options.fetch ? { fetch: options.fetch } : {}),
    onError: error => {
      if (error.code === 'not_signed_in' && account) void end('ended');
    },
  });

  const sendFrame = (frame: ClientFrame): boolean => connection.send(frame);
  const hallway = createHallway({ call, clock, random, sendFrame });
  const people = createPeople(call);
  const rooms = createRooms({ call, clock, random, tab });
  const audio = (options.audio ?? noAudio)({ call, rooms: rooms.rooms, clock, random, wake });

  const connection = createConnection({
    url: socketUrl(options.baseUrl),
    open: options.openSocket ?? openWebSocket,
    ticket: async () => (await call('POST /v1/socket-tickets')).ticket,
    resume: () => ({
      type: 'resume',
      device: rooms.rooms.device,
      have: account?.backchannel.have() ?? [],
      room: rooms.have(),
      hallway: hallway.watching(),
    }),
    onFrame: handle,
    clock,
    random,
    wake,
  });

  /** The parts that need a made profile. */
  const catchUp = () => {
    if (!me.getSnapshot()?.complete) return;
    account?.backchannel.connected();
    account?.outbox.flush();
    hallway.connected();
  };

  function handle(frame: ServerFrame): void {
    rooms.handle(frame);
    audio.handle(frame);
    hallway.handle(frame);
    people.handle(frame);
    account?.backchannel.handle(frame);
    if (frame.type === 'me') setMe(frame.me);
    if (frame.type === 'resumed') catchUp();
    for (const listener of [...listeners]) listener(frame);
  }

  connection.state.subscribe(() => {
    if (connection.state.getSnapshot().state === 'signedOut' && account) void end('ended');
  });

  /** As the server says them, or the device remembers them. */
  function setMe(next: Me, confirmed = true): void {
    const wasComplete = me.getSnapshot()?.complete ?? next.complete;
    me.set(next);
    session.set({ state: 'signedIn', me: next, confirmed });
    if (confirmed) void storage?.write(deviceArea, 'me', next).catch(() => {});
    if (next.complete && !wasComplete) catchUp();
  }

  async function adoptMe(next: Me, confirmed = true): Promise<Me> {
    storage ??= await opening;
    if (account && account.id !== next.id) closeAccount();
    account ??= openAccount({
      me: next,
      call,
      clock,
      random,
      storage,
      tabs: (options.tabs ?? defaultTabs)(next.id),
      wake,
      rooms: rooms.rooms.room,
      sendFrame,
    });
    setMe(next, confirmed);
    return next;
  }

  function closeAccount(): void {
    account?.stop();
    account = null;
    rooms.reset();
    people.reset();
    hallway.reset();
  }

  async function end(reason: 'signedOut' | 'ended'): Promise<void> {
    const old = account;
    closeAccount();
    connection.stop();
    token = null;
    me.set(null);
    session.set({ state: 'signedOut', reason });
    await storage?.remove(deviceArea, 'me').catch(() => {});
    await old?.cache.clear();
    // What was written and not sent stays for the same person's return, unless they chose to go.
    if (reason === 'signedOut') await old?.outbox.clear();
  }

  /** Signed in, known or just now: everything comes alive. */
  const begin = async (next: Me, confirmed: boolean): Promise<void> => {
    const isNew = account?.id !== next.id;
    await adoptMe(next, confirmed);
    if (isNew) {
      await account?.backchannel.restore();
      await account?.outbox.start();
      // What one looks at first does not wait for the socket, which is three round trips away.
      if (next.complete) void account?.backchannel.inbox.reload();
    }
    if (running) connection.start();
  };

  /** One question at a time: whoever comes second would connect before the first has restored what the device has. */
  const findOut = (failures = 0): Promise<void> => {
    finding ??= ask(failures).finally(() => {
      finding = null;
    });
    return finding;
  };

  const ask = async (failures: number): Promise<void> => {
    try {
      const fresh = await call('GET /v1/me');
      await begin(fresh, true);
      // Also where the network came only later: the server holds the place for this tab.
      if (fresh.complete) await rooms.rooms.returnToLast();
    } catch (thrown) {
      if (!isSottoError(thrown)) throw thrown;
      if (thrown.code === 'not_signed_in') {
        if (session.getSnapshot().state === 'unknown') session.set({ state: 'signedOut', reason: 'never' });
        return;
      }
      if (!account) session.set({ state: 'unknown', error: thrown.code });
      if (!running) return;
      cancelRetry();
      cancelRetry = clock.after(fullJitter(failures, random), () => void findOut(failures + 1));
    }
  };

  const scope = (): AccountScope => {
    if (!account) throw new SottoError({ code: 'not_signed_in', details: {}, status: 401 });
    return account;
  };

  return {
    call,
    session: {
      state: session,
      requestCode: address => call('POST /v1/sign-in/codes', { body: { address } }),
      async signIn(address, code) {
        const reply = await call('POST /v1/sign-in', { body: { address, code, transport: auth } });
        token = reply.token;
        cancelRetry();
        await begin(reply.me, true);
        return reply.me;
      },
      async signOut() {
        await rooms.rooms.leave();
        await call('POST /v1/sign-out').catch(error => {
          if (!isSottoError(error, 'not_signed_in')) throw error;
        });
        await end('signedOut');
      },
      token: () => token,
    },
    me: {
      getSnapshot: me.getSnapshot,
      subscribe: me.subscribe,
      change: async changes => adoptMe(await call('PATCH /v1/me', { body: changes })),
      changePicture: async (bytes, type) => adoptMe(await call('PUT /v1/me/picture', { bytes, type })),
      removePicture: async () => adoptMe(await call('DELETE /v1/me/picture')),
    },
    connection: connection.state,
    hallway: hallway.hallway,
    rooms: rooms.rooms,
    people: people.people,
    audio: audio.audio,
    get inbox() {
      return scope().backchannel.inbox;
    },
    get conversations() {
      return scope().backchannel.conversations;
    },
    get requests() {
      return scope().backchannel.requests;
    },
    get groups() {
      return scope().backchannel.groups;
    },
    get talk() {
      return scope().backchannel.talk;
    },
    get choices() {
      return scope().backchannel.choices;
    },
    get pushChoices() {
      return scope().backchannel.pushChoices;
    },
    get reports() {
      return scope().backchannel.reports;
    },
    get outbox() {
      return scope().outbox;
    },
    onFrame(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    async start() {
      if (running) return;
      running = true;
      // Started anew: what was stopped is opened again from the device.
      account = null;
      let isRestored = false;
      unwake = wake.subscribe(() => {
        if (isRestored && session.getSnapshot().state === 'unknown') void findOut(1);
        account?.outbox.flush();
      });
      storage ??= await opening;
      const kept = (await storage.read(deviceArea, 'me').catch(() => undefined)) as Me | undefined;
      if (kept) await begin(kept, false);
      isRestored = true;
      await findOut();
    },
    stop() {
      running = false;
      cancelRetry();
      unwake();
      connection.stop();
      audio.stop();
      rooms.stop();
      hallway.stop();
      account?.stop();
    },
  };
}
