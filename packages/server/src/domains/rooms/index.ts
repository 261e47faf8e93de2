import type { AccountId, Profile, RoomId, ServerFrame } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import type { Channel } from '../../platform/bus/index.ts';
import type { Executor } from '../../platform/db/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Work } from '../../platform/work.ts';
import type { Context } from './context.ts';
import { mayShow, roomOf } from './hallway.ts';
import { onBlock, onFollow } from './moderation.ts';
import type { AccountsPort, AudioPort, GraphPort, TalkPort } from './ports.ts';
import { createPresence } from './presence.ts';
import { disconnectAll } from './presence-store.ts';
import { AUDIENCE_EVERY, createPulse, HALLWAY_EVERY, type Pace } from './pulse.ts';
import { roomRoutes } from './routes.ts';
import { spreadWord } from './spread.ts';
import { findRoom, titlesOf, whereIs } from './store.ts';
import { noteConnection, putOutSignedOut, recheckAudio, sweep } from './sweep.ts';
import { lastTogether } from './together.ts';

export type { AudioPort, TalkPort } from './ports.ts';

/** Milliseconds between two looks at the clocks of RO-5, and between two looks whether audio and database agree (RT-9). */
const SWEEP_EVERY = 1000;
const RECHECK_EVERY = 60_000;

type ResumedRoom = Extract<ServerFrame, { type: 'resumed' }>['room'];

export interface Rooms {
  routes: ReturnType<typeof roomRoutes>;
  /** The room someone can be found in, if the viewer may enter it. */
  roomOf(viewer: AccountId, account: AccountId): Promise<Profile['room']>;
  /** The latest room in which the account was together with each of the others; left out where there is none. */
  lastTogether(
    account: AccountId,
    others: readonly AccountId[],
    executor?: Executor,
  ): Promise<Map<AccountId, { id: RoomId; title: string; at: string }>>;
  titles(
    ids: readonly RoomId[],
    executor?: Executor,
  ): Promise<ReadonlyMap<RoomId, { title: string; ended: boolean }>>;
  /** Whether the account may hand the room on: it is live, and they may enter; a key must be the room's (BC-5). */
  mayShow(account: AccountId, room: RoomId, key: string | undefined): Promise<boolean>;
  /** Part of the block's transaction: parts the two where they share a room (PE-5). */
  onBlock(work: Work, blocker: AccountId, blocked: AccountId): Promise<void>;
  /** Part of the transaction that follows or unfollows. */
  onFollow(work: Work, follower: AccountId, followee: AccountId): Promise<void>;
  resumeRoom(
    viewer: Viewer,
    device: string,
    have: { room: RoomId; version: number } | null,
  ): Promise<ResumedRoom>;
  /** Presence (RO-5): a socket of the account of this device opened or closed. */
  socketOpened(account: AccountId, device: string): Promise<void>;
  socketClosed(account: AccountId, device: string): Promise<void>;
  /** What the account's sockets hear beside what is sent to the account. */
  channelsOf(account: AccountId): Promise<Channel[]>;
  /** One look at all clocks; `start` does it every second. */
  sweep(): Promise<void>;
  /** Sessions and audio beside the database, in case a word was lost on the bus (RT-9); `start` does it every minute. */
  recheck(): Promise<void>;
  start(): Promise<void>;
  stop(): Promise<void>;
}

export function createRooms(
  platform: Platform,
  accounts: AccountsPort,
  graph: GraphPort,
  audio: AudioPort,
  talk: TalkPort,
  pace: Pace = { audience: AUDIENCE_EVERY, hallway: HALLWAY_EVERY },
): Rooms {
  const pulse = createPulse(platform, accounts, pace);
  const context: Context = { platform, accounts, graph, audio, talk, pulse, presence: createPresence() };
  const timers: NodeJS.Timeout[] = [];
  const running = new Set<Promise<void>>();

  /** Beside any request; a fault is told, and the next round tries again. */
  const run = (work: () => Promise<void>): Promise<void> => {
    const done = work()
      .catch((error: unknown) => platform.log.error({ err: error }, 'rooms were not swept'))
      .finally(() => running.delete(done));
    running.add(done);
    return done;
  };

  /** Again and again, never twice at once. */
  const every = (milliseconds: number, work: () => Promise<void>): void => {
    let busy = false;
    const round = async (): Promise<void> => {
      busy = true;
      await run(work);
      busy = false;
    };
    timers.push(
      setInterval(() => {
        if (!busy) void round();
      }, milliseconds).unref(),
    );
  };

  const recheck = async (): Promise<void> => {
    await putOutSignedOut(context);
    await recheckAudio(context);
  };
  const ends: (() => void)[] = [];
  const spread = spreadWord(context, run);

  return {
    routes: roomRoutes(context),
    roomOf: (viewer, account) => roomOf(context, viewer, account),
    titles: (ids, executor = platform.db) => titlesOf(executor, ids),
    lastTogether: (account, others, executor = platform.db) => lastTogether(executor, account, others),
    mayShow: (account, room, key) => mayShow(context, account, room, key),
    onBlock: (work, blocker, blocked) => onBlock(context, work, blocker, blocked),
    onFollow: (work, follower, followee) => onFollow(context, work, follower, followee),
    async resumeRoom(viewer, device, have) {
      if (!have) return null;
      const is = await whereIs(platform.db, viewer.account);
      const room = is?.room_id === have.room ? await findRoom(platform.db, have.room) : undefined;
      if (!room || is?.device !== device) return { room: have.room, version: 0, inside: false };
      return { room: have.room, version: room.version, inside: true };
    },
    async socketOpened(account, device) {
      if (context.presence.opened(account, device)) await noteConnection(context, account, device, true);
    },
    async socketClosed(account, device) {
      if (context.presence.closed(account, device)) await noteConnection(context, account, device, false);
    },
    async channelsOf(account) {
      const is = await whereIs(platform.db, account);
      return is ? [`room:${is.room_id}`] : [];
    },
    sweep: () => sweep(context),
    recheck,
    async start() {
      // Sockets do not outlive the process: whoever is inside has 90 s from now to be back (RO-5). People whose socket
      // another node holds are noted as here again by that node's next sweep.
      await disconnectAll(platform.db, platform.now());
      every(SWEEP_EVERY, () => sweep(context));
      every(RECHECK_EVERY, recheck);
      ends.push(
        platform.bus.subscribe((message, origin) => {
          if (message.kind === 'sessionsEnded') void run(() => putOutSignedOut(context));
          else if (origin === 'elsewhere') spread(message);
        }),
        platform.bus.onLoss(() => void run(recheck)),
      );
    },
    async stop() {
      for (const end of ends.splice(0)) end();
      for (const timer of timers.splice(0)) clearInterval(timer);
      await Promise.all(running);
      await pulse.stop();
    },
  };
}
