import type { Conversation, ConversationId, LogEntry } from '@sotto/protocol';
import { isSottoError } from '../calls/error.ts';
import { fullJitter } from '../ports.ts';
import { type InboxHopes, noHopes, withHopes } from '../stores/inbox-hopes.ts';
import { emptyInbox, type InboxInput, type InboxLog, listOf, reduceInbox } from '../stores/inbox-reducer.ts';
import { createStore, type Readable } from '../stores/store.ts';
import type { BackchannelContext } from './context.ts';
import { emptyPaging, inboxViewOf, isUnread, type Paging } from './inbox-view.ts';
import type { ArchiveView, Inbox, InboxView } from './types.ts';

export interface InboxService {
  readonly inbox: Inbox;
  /** As the server has told. */
  readonly log: Readable<InboxLog>;
  /** With what this device has done and the server not said yet. */
  shown(): ReadonlyMap<ConversationId, Conversation>;
  apply(input: InboxInput): void;
  /**
   * Asks the server for one conversation afresh.
   * @throws SottoError `not_found` where it is not one's own: then it is in the inbox no more
   */
  fetch(conversation: ConversationId): Promise<void>;
  /** A message of ours was committed as this entry, which is on its way here. */
  sent(conversation: ConversationId, entry: LogEntry): void;
  /** How many requests wait. */
  countRequests(waiting: number): void;
  /** Loads the archive anew, if it was loaded. */
  reloadArchive(): void;
  /** Shows what the device has kept. */
  restore(): Promise<void>;
  stop(): void;
}

/** RT-5: an entry that is only late gets this long. */
const REPAIR_DELAY = 200;
/** More than this at once is cheaper as a page of the inbox. */
const REPAIR_SINGLY = 8;
const CACHED = 100;
/** A wait that a timer can hold, ms. */
const TIMER_MAX = 2 ** 31 - 1;

/** @param settleRead says what was read of a conversation before something else is said of it */
export function createInbox(
  context: BackchannelContext,
  settleRead: (conversation: ConversationId) => Promise<void>,
): InboxService {
  const { call, clock, cache, people } = context;
  const log = createStore<InboxLog>(emptyInbox);
  const hopes = createStore<InboxHopes>(noHopes);
  const paging = createStore<Paging>(emptyPaging);
  const archivePaging = createStore<Paging>(emptyPaging);
  let shown = withHopes(emptyInbox.known, noHopes);
  /** Those that were asked for and not answered yet. */
  const asking = new Map<ConversationId, Promise<void>>();
  let cancelRepair: (() => void) | null = null;
  let cancelMute: (() => void) | null = null;
  let failures = 0;
  let stopped = false;

  const inInbox = () => listOf(shown.values(), log.getSnapshot().talks, 'inbox');
  const look = () => inboxViewOf(inInbox(), paging.getSnapshot(), clock.now());
  const lookArchive = (): ArchiveView => {
    const { state, error, next } = archivePaging.getSnapshot();
    const conversations = listOf(shown.values(), log.getSnapshot().talks, 'archived');
    return { state, error, conversations, hasMore: state !== 'ready' || next !== null };
  };
  const view = createStore<InboxView>(look());
  const archive = createStore<ArchiveView>(lookArchive());
  const refresh = () => {
    shown = withHopes(log.getSnapshot().known, hopes.getSnapshot());
    archive.set(lookArchive());
    view.set(look());
    planMuteEnd();
  };
  for (const store of [log, hopes, paging, archivePaging]) store.subscribe(refresh);

  /** A mute that runs out makes what is unread count again. */
  function planMuteEnd(): void {
    cancelMute?.();
    cancelMute = null;
    const ends = [...shown.values()].flatMap(each =>
      each.mutedUntil === null || !isUnread(each) ? [] : [Date.parse(each.mutedUntil) - clock.now()],
    );
    const next = Math.min(...ends.filter(left => left > 0 && left < TIMER_MAX));
    if (!stopped && Number.isFinite(next)) cancelMute = clock.after(next, refresh);
  }

  const apply = (input: InboxInput) => {
    if (input.type === 'fetched') people.addFrom(input.conversations);
    if (input.type === 'conversation') people.addFrom([input.conversation]);
    const before = log.getSnapshot();
    log.update(now => reduceInbox(now, input, context.self));
    if (log.getSnapshot() === before) return;
    forgetSent();
    cache.keep('inbox', () => inInbox().slice(0, CACHED));
    if (log.getSnapshot().doubtful.size > 0) scheduleRepair(REPAIR_DELAY);
  };

  /** What the log has by now is not waited for any more. */
  function forgetSent(): void {
    const { sent } = hopes.getSnapshot();
    if (sent.size === 0) return;
    const { known } = log.getSnapshot();
    const left = [...sent].filter(([id, entry]) => (known.get(id)?.head ?? entry.seq) < entry.seq);
    if (left.length < sent.size) hopes.update(now => ({ ...now, sent: new Map(left) }));
  }

  const fetchAfresh = async (id: ConversationId, asked: InboxLog): Promise<void> => {
    try {
      const fresh = await call('GET /v1/conversations/:conversation', { params: { conversation: id } });
      const isNew = !log.getSnapshot().known.has(id);
      apply({ type: 'fetched', conversations: [fresh], asked });
      // Who opens it does not wait for a count of others; a later page has it too.
      if (isNew && paging.getSnapshot().next !== null) void countBeyond().catch(() => {});
    } catch (error) {
      if (isSottoError(error, 'not_found')) apply({ type: 'absent', conversation: id });
      throw error;
    }
  };
  const fetchOne = (id: ConversationId, asked = log.getSnapshot()): Promise<void> => {
    const work = fetchAfresh(id, asked);
    asking.set(id, work);
    const end = () => {
      if (asking.get(id) === work) asking.delete(id);
    };
    work.then(end, end);
    return work;
  };
  const isAbsent = (error: unknown): void => {
    if (!isSottoError(error, 'not_found')) throw error;
  };

  const repair = async () => {
    const asked = log.getSnapshot();
    const ids = [...asked.doubtful.keys()];
    try {
      if (ids.length > REPAIR_SINGLY) await loadPage(asked);
      const left = ids.filter(id => log.getSnapshot().doubtful.has(id)).slice(0, REPAIR_SINGLY);
      // What a screen is asking for is not asked for twice; where that does not settle it, the next turn does.
      await Promise.all(left.map(id => (asking.get(id) ?? fetchOne(id, asked)).catch(isAbsent)));
      failures = 0;
    } catch {
      failures += 1;
    }
    cancelRepair = null;
    if (log.getSnapshot().doubtful.size > 0) {
      scheduleRepair(failures === 0 ? REPAIR_DELAY : fullJitter(failures, context.random));
    }
  };

  function scheduleRepair(delay: number): void {
    if (!stopped) cancelRepair ??= clock.after(delay, () => void repair());
  }

  const unreadLoaded = () => inboxViewOf(inInbox(), emptyPaging, clock.now()).unreadConversations;

  const loadPage = async (asked: InboxLog, after?: string): Promise<void> => {
    const page = await call('GET /v1/conversations', {
      query: after === undefined ? {} : { after },
    });
    people.add(page.people);
    apply({ type: 'fetched', conversations: page.conversations, asked, listed: true });
    paging.update(now => ({
      ...now,
      state: 'ready',
      error: null,
      next: page.next,
      unreadBeyond: page.next === null ? 0 : Math.max(0, page.unread - unreadLoaded()),
      requests: page.requests,
    }));
  };

  const loadArchived = async (after?: string): Promise<void> => {
    const asked = log.getSnapshot();
    const page = await call('GET /v1/conversations', {
      query: after === undefined ? { view: 'archived' } : { view: 'archived', after },
    });
    people.add(page.people);
    apply({ type: 'fetched', conversations: page.conversations, asked, listed: true });
    archivePaging.update(now => ({ ...now, state: 'ready', error: null, next: page.next }));
  };

  const countBeyond = async () => {
    const { unread } = await call('GET /v1/conversations', { query: { limit: 1 } });
    paging.update(now => ({ ...now, unreadBeyond: Math.max(0, unread - unreadLoaded()) }));
  };

  const failing = (store: typeof paging) => (thrown: unknown) => {
    if (!isSottoError(thrown)) throw thrown;
    const { code } = thrown;
    store.update(now => ({ ...now, error: code, state: now.state === 'ready' ? 'ready' : 'failed' }));
  };

  const more = async (store: typeof paging, load: (after?: string) => Promise<void>): Promise<void> => {
    const { state, next, loadingMore } = store.getSnapshot();
    if (loadingMore || (state === 'ready' && next === null)) return;
    store.update(now => ({ ...now, loadingMore: true }));
    await load(next ?? undefined).catch(failing(store));
    store.update(now => ({ ...now, loadingMore: false }));
  };

  const inbox: Inbox = {
    getSnapshot: view.getSnapshot,
    subscribe: view.subscribe,
    reload: () => loadPage(log.getSnapshot()).catch(failing(paging)),
    loadMore: () => more(paging, after => loadPage(log.getSnapshot(), after)),
    async setPlace(conversation, place) {
      const hope = { conversation, place, at: clock.now() };
      hopes.update(now => ({ ...now, places: [...now.places, hope] }));
      try {
        // A read mark that came after it would take it away again.
        if (place.markedUnread) await settleRead(conversation);
        const asked = log.getSnapshot();
        const fresh = await call('PATCH /v1/conversations/:conversation', {
          params: { conversation },
          body: place,
        });
        apply({ type: 'fetched', conversations: [fresh], asked });
      } finally {
        hopes.update(now => ({ ...now, places: now.places.filter(each => each !== hope) }));
      }
    },
    archive: {
      getSnapshot: archive.getSnapshot,
      subscribe: archive.subscribe,
      loadMore: () => more(archivePaging, loadArchived),
    },
  };

  return {
    inbox,
    log,
    shown: () => shown,
    apply,
    fetch: id => fetchOne(id),
    sent(conversation, entry) {
      if ((log.getSnapshot().known.get(conversation)?.head ?? 0) >= entry.seq) return;
      hopes.update(now => ({ ...now, sent: new Map(now.sent).set(conversation, entry) }));
      clock.after(REPAIR_DELAY, () => {
        const head = log.getSnapshot().known.get(conversation)?.head ?? 0;
        if (!stopped && head < entry.seq) apply({ type: 'doubted', conversation });
      });
    },
    countRequests: requests => paging.update(now => (now.requests === requests ? now : { ...now, requests })),
    reloadArchive() {
      if (archivePaging.getSnapshot().state !== 'loading') void loadArchived().catch(failing(archivePaging));
    },
    async restore() {
      const stored = await cache.read('inbox');
      if (!Array.isArray(stored)) return;
      // An older version of this program kept less of them.
      const kept = (stored as Conversation[]).filter(each => Array.isArray(each.readers));
      apply({ type: 'fetched', conversations: kept, listed: true });
      paging.update(now => (now.state === 'ready' ? now : { ...now, state: 'ready' }));
    },
    stop() {
      stopped = true;
      cancelRepair?.();
      cancelMute?.();
    },
  };
}
