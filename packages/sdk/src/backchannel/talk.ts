import type { Conversation, ConversationId, RoomId, ServerFrame } from '@sotto/protocol';
import { isSottoError, isTemporary } from '../calls/error.ts';
import { fullJitter } from '../ports.ts';
import type { RoomState } from '../rooms/types.ts';
import { createStore, type Readable } from '../stores/store.ts';
import type { BackchannelContext } from './context.ts';
import type { InboxService } from './inbox.ts';
import type { Talk, TalkView } from './types.ts';

export interface TalkService {
  readonly talk: Talk;
  handle(frame: ServerFrame): void;
  /** Loads anew, if a screen shows it. */
  refresh(): void;
  stop(): void;
}

interface Place {
  readonly state: TalkView['state'];
  readonly error: TalkView['error'];
  readonly room: ConversationId | null;
  readonly stage: ConversationId | null;
}

/** Whether one is on the stage of this room; null where one is not in it. */
function isOnStage(state: RoomState, room: RoomId): boolean | null {
  if (state.state !== 'in' || state.room !== room) return null;
  return state.snapshot.you.role !== 'listener';
}

/** The written side of a room, and of its stage as long as one is on it (BC-3). */
export function createTalk(
  { call, clock, random }: BackchannelContext,
  inbox: InboxService,
  rooms: Readable<RoomState>,
  room: RoomId,
): TalkService {
  const place = createStore<Place>({ state: 'loading', error: null, room: null, stage: null });
  let viewers = 0;
  let failures = 0;
  let onStage = isOnStage(rooms.getSnapshot(), room);
  let loading = false;
  let again = false;
  let cancelRetry = () => {};

  const find = (id: ConversationId | null): Conversation | null =>
    id === null ? null : (inbox.shown().get(id) ?? null);
  const look = (): TalkView => {
    const { state, error, room: all, stage } = place.getSnapshot();
    return { state, error, room: find(all), stage: find(stage) };
  };
  const view = createStore(look());
  const refreshView = () => {
    const [now, next] = [view.getSnapshot(), look()];
    const isSame =
      now.state === next.state &&
      now.error === next.error &&
      now.room === next.room &&
      now.stage === next.stage;
    if (!isSame) view.set(next);
  };

  const read = async () => {
    try {
      const found = await call('GET /v1/rooms/:room/talk', { params: { room } });
      inbox.apply({ type: 'fetched', conversations: [found.room, ...(found.stage ? [found.stage] : [])] });
      place.set({ state: 'ready', error: null, room: found.room.id, stage: found.stage?.id ?? null });
      failures = 0;
      // The room's word and the talk's may be a moment apart.
      if (onStage !== null && onStage !== (found.stage !== null)) retry();
    } catch (thrown) {
      if (!isSottoError(thrown)) throw thrown;
      const { code } = thrown;
      place.update(now => ({ ...now, error: code, state: now.state === 'ready' ? 'ready' : 'failed' }));
      if (isTemporary(thrown)) retry();
    }
  };

  function retry(): void {
    cancelRetry();
    cancelRetry = clock.after(fullJitter(failures, random), () => {
      if (viewers > 0) void load();
    });
    failures += 1;
  }

  async function load(): Promise<void> {
    again = true;
    if (loading) return;
    loading = true;
    try {
      while (again) {
        again = false;
        await read();
      }
    } finally {
      loading = false;
    }
  }

  const follow = () => {
    const now = isOnStage(rooms.getSnapshot(), room);
    if (now === onStage) return;
    onStage = now;
    // What was said on the stage is for who is on it: gone at once, whatever the network does.
    if (now === false) place.update(was => (was.stage === null ? was : { ...was, stage: null }));
    if (viewers > 0 && now !== null) void load();
  };

  const unsubscribe = [
    place.subscribe(refreshView),
    inbox.inbox.subscribe(refreshView),
    rooms.subscribe(follow),
  ];
  const act = async (work: Promise<Conversation>): Promise<void> =>
    inbox.apply({ type: 'fetched', conversations: [await work] });

  return {
    talk: {
      getSnapshot: view.getSnapshot,
      subscribe: view.subscribe,
      open() {
        viewers += 1;
        if (viewers === 1) void load();
        let closed = false;
        return () => {
          if (!closed) viewers -= 1;
          closed = true;
          if (viewers === 0) cancelRetry();
        };
      },
      change: (conversation, changes) =>
        act(call('PATCH /v1/conversations/:conversation/talk', { params: { conversation }, body: changes })),
      pin: (conversation, seq) =>
        act(call('PUT /v1/conversations/:conversation/pin', { params: { conversation }, body: { seq } })),
      hide: (conversation, seq) =>
        call('POST /v1/conversations/:conversation/messages/:seq/hide', { params: { conversation, seq } }),
    },
    handle(frame) {
      if (frame.type === 'conversationGone') {
        const { conversation } = frame;
        if (place.getSnapshot().stage === conversation) place.update(now => ({ ...now, stage: null }));
      } else if (frame.type === 'conversation') {
        const { conversation } = frame;
        if (conversation.kind === 'stage' && conversation.room.id === room)
          place.update(now => ({ ...now, stage: conversation.id }));
      }
    },
    refresh() {
      if (viewers > 0) void load();
    },
    stop() {
      cancelRetry();
      for (const each of unsubscribe) each();
    },
  };
}
