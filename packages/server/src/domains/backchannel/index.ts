import type { Profile } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Repeated } from '../../platform/repeat.ts';
import type { Work } from '../../platform/work.ts';
import { markRead, typing } from './actions.ts';
import { evidenceOf, hideForOperator, markReported, type Reported } from './evidence.ts';
import { tellSharedGroups } from './groups/blocks.ts';
import { type GroupDeps, groupInvitations } from './groups/people.ts';
import { lockBetween } from './groups/store.ts';
import { sweepGroups } from './groups/sweep.ts';
import type { InboxDeps } from './inbox.ts';
import { startFilling } from './life/fill.ts';
import { type Notice, noticeOf, unreadOf } from './notice.ts';
import type { Files, LinksPort, People, Relations, RoomsPort } from './ports.ts';
import { startPreviews } from './previews/run.ts';
import { requestCounter } from './requests/counter.ts';
import { type DecideDeps, onBlock, onFollow, onUnblock } from './requests/decide.ts';
import { writingTo } from './requests/open.ts';
import { surfaceQueued } from './requests/sweep.ts';
import { type Have, type Resumed, resume } from './resume.ts';
import { createRoutes } from './routes.ts';
import { maySee } from './seeing.ts';
import { createSending } from './send.ts';
import { readHeads } from './store/memberships.ts';
import { onRoomChanged, onRoomOpened, onRoomRemoved, type RoomChange } from './talk/membership.ts';
import { othersIn } from './talk/others.ts';

export type { Notice } from './notice.ts';
export type { Have, Resumed } from './resume.ts';

/** Conversations whose heads each heartbeat repeats (RT-5). */
const HEADS_MAX = 50;

/** Conversations and their logs: `docs/SPEC.md`, rules BC and RT. */
export interface Backchannel {
  routes: ReturnType<typeof createRoutes>;
  /** Inside a block's transaction: what the two said can be read, no more is written, and what waits is gone (PE-5, BC-13). */
  onBlock(work: Work, blocker: string, blocked: string): Promise<void>;
  onUnblock(work: Work, blocker: string, blocked: string): Promise<void>;
  /** Inside the transaction that begins or ends a follow: following who asks is a yes (BC-10). */
  onFollow(work: Work, follower: string, followee: string): Promise<void>;
  /** Shows what was queued, where a new day has room for it (BC-16), and deletes groups that nobody is in. To be called every few minutes, on any node. */
  sweep(): Promise<void>;
  /** Whether the viewer may write to the account (BC-15). */
  writing(viewer: string, account: string): Promise<Profile['writing']>;
  /**
   * What the account reports, as it sees it now (BC-7).
   * @throws Refusal `not_found`, `not_yourself`
   */
  evidence(account: string, conversation: string, seq: number | undefined): Promise<Reported>;
  /** Takes a message out of view for the people who run the server, with a trace (BC-6). */
  hide(work: Work, conversation: string, seq: number): Promise<void>;
  /** Counts the request of `about` to `by`, if it is one, as reported (BC-18). */
  markReported(work: Work, report: { conversation: string; about: string; by: string }): Promise<void>;
  /** Whether the account sees this message now (BC-22). */
  maySee(account: string, conversation: string, seq: number): Promise<boolean>;
  /** What a client missed (RT-6). */
  resume(viewer: Viewer, have: readonly Have[]): Promise<Resumed>;
  /** Heads and read marks of the latest conversations (RT-5). */
  heads(account: string): Promise<{ conversation: string; head: number; readSeq: number }[]>;
  /** @throws Refusal `not_found` */
  typing(viewer: Viewer, conversation: string): Promise<void>;
  /** @throws Refusal `not_found` */
  markRead(viewer: Viewer, conversation: string, seq: number): Promise<void>;
  /** Parts of the transactions that open a room, change it, and remove someone from it: its talks follow (BC-3). */
  onRoomOpened(work: Work, room: string): Promise<void>;
  onRoomChanged(work: Work, change: RoomChange): Promise<void>;
  onRoomRemoved(work: Work, room: string, account: string): Promise<void>;
  /**
   * Whom a room that starts from the conversation is for (BC-4).
   * @throws Refusal `not_found`
   */
  othersIn(work: Work, account: string, conversation: string): Promise<{ account: string; quiet: boolean }[]>;
  /** What is worth telling an account of a conversation now (BC-31); null for nothing. */
  notice(account: string, conversation: string): Promise<Notice | null>;
  /** How many conversations hold something unread; requests do not count (BC-14). */
  unread(account: string): Promise<number>;
  /** From now on the links of messages are looked at (BC-23). */
  startPreviews(links: LinksPort): Repeated;
  /** From now on messages from before there was a search are made findable (BC-8). */
  startFilling(): Repeated;
}

/** What the Backchannel stands on. */
export interface BackchannelPorts {
  people: People;
  relations: Relations;
  files: Files;
  rooms: RoomsPort;
  /** People in a group (BC-2); 100 if not said otherwise. */
  groupPeopleMax?: number;
}

export function createBackchannel(platform: Platform, ports: BackchannelPorts): Backchannel {
  const { relations, groupPeopleMax = 100 } = ports;
  const deps: InboxDeps = { db: platform.db, now: platform.now, ...ports };
  const deciding: DecideDeps = { platform, deps, groups: groupInvitations(deps) };
  const groups: GroupDeps = { platform, inbox: deps, peopleMax: groupPeopleMax };
  return {
    routes: createRoutes(platform, deps, createSending(platform, deps), deciding, groups),
    onBlock: async (work, blocker, blocked) => {
      await lockBetween(work.tx, blocker, blocked);
      await onBlock(deciding, work, blocker, blocked);
      await tellSharedGroups(work, deps, blocker, blocked);
    },
    onUnblock: async (work, blocker, blocked) => {
      await lockBetween(work.tx, blocker, blocked);
      await onUnblock(deciding, work, blocker, blocked);
      await tellSharedGroups(work, deps, blocker, blocked);
    },
    onFollow: (work, follower, followee) => onFollow(deciding, work, follower, followee),
    sweep: async () => {
      await surfaceQueued(deciding);
      await sweepGroups(platform);
    },
    writing: (viewer, account) => writingTo(deps, viewer, account),
    evidence: (account, conversation, seq) => evidenceOf(deps, account, conversation, seq),
    hide: (work, conversation, seq) => hideForOperator(work, deps, conversation, seq),
    markReported: async (work, report) => {
      if (await markReported(work, report))
        work.afterCommit(() => requestCounter(platform.metrics).inc({ event: 'reported' }));
    },
    maySee: (account, conversation, seq) => maySee(deps, account, conversation, seq),
    resume: (viewer, have) => resume(deps, viewer.account, have),
    heads: account => readHeads(platform.db, account, platform.now(), HEADS_MAX),
    typing: (viewer, conversation) => typing(platform, relations, viewer.account, conversation),
    markRead: async (viewer, conversation, seq) => {
      await markRead(platform, deps, viewer.account, conversation, seq);
    },
    onRoomOpened,
    onRoomChanged: (work, change) => onRoomChanged(work, deps, change),
    onRoomRemoved,
    othersIn: (work, account, conversation) => othersIn(deps, work.tx, account, conversation),
    notice: (account, conversation) => noticeOf(deps, account, conversation),
    unread: account => unreadOf(deps, account),
    startPreviews: links => startPreviews(platform, deps, links),
    startFilling: () => startFilling(platform),
  };
}
