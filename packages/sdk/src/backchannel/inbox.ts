import type { ConversationId } from '@sotto/protocol';
import { isSottoError, type SottoErrorCode } from '../calls/error.ts';
import { fullJitter } from '../ports.ts';
import {
  emptyInbox,
  type InboxInput,
  type InboxLog,
  latestFirst,
  reduceInbox,
} from '../stores/inbox-reducer.ts';
import { createStore, type Readable } from '../stores/store.ts';
import type { BackchannelContext } from './context.ts';
import type { Inbox, InboxView } from './types.ts';

interface Paging {
  readonly state: InboxView['state'];
  readonly error: SottoErrorCode | null;
  readonly next: string | null;
  readonly loadingMore: boolean;
  /** Conversations with something unread that are not loaded. */
  readonly unreadBeyond: number;
}

export interface InboxService {
  readonly inbox: Inbox;
  readonly log: Readable<InboxLog>;
  apply(input: InboxInput): void;
  /** Shows what the device has kept. */
  restore(): Promise<void>;
  stop(): void;
}

/** RT-5: an entry that is only late gets this long. */
const REPAIR_DELAY = 200;
/** More than this at once is cheaper as a page of the inbox. */
const REPAIR_SINGLY = 8;
const CACHED = 100;

export function createInbox(context: BackchannelContext): InboxService {
  const { call, clock, cache } = context;
  const log = createStore<InboxLog>(emptyInbox);
  const paging = createStore<Paging>({
    state: 'loading',
    error: null,
    next: null,
    loadingMore: false,
    unreadBeyond: 0,
  });
  const view = createStore<InboxView>(look(log.getSnapshot(), paging.getSnapshot()));
  const refresh = () => view.set(look(log.getSnapshot(), paging.getSnapshot()));
  log.subscribe(refresh);
  paging.subscribe(refresh);
  let cancelRepair: (() => void) | null = null;
  let failures = 0;
  let stopped = false;

  const apply = (input: InboxInput) => {
    log.update(now => reduceInbox(now, input, context.self));
    cache.keep('inbox', () => latestFirst(log.getSnapshot()).slice(0, CACHED));
    if (log.getSnapshot().doubtful.size > 0) scheduleRepair(REPAIR_DELAY);
  };

  const fetchOne = async (id: ConversationId, asked: InboxLog) => {
    try {
      const fresh = await call('GET /v1/conversations/:conversation', { params: { conversation: id } });
      const isNew = !log.getSnapshot().known.has(id);
      apply({ type: 'fetched', conversations: [fresh], asked });
      if (isNew && paging.getSnapshot().next !== null) await countBeyond();
    } catch (error) {
      if (!isSottoError(error, 'not_found')) throw error;
      apply({ type: 'absent', conversation: id });
    }
  };

  const repair = async () => {
    const asked = log.getSnapshot();
    const ids = [...asked.doubtful.keys()];
    try {
      if (ids.length > REPAIR_SINGLY) await loadPage(asked);
      const left = ids.filter(id => log.getSnapshot().doubtful.has(id)).slice(0, REPAIR_SINGLY);
      await Promise.all(left.map(id => fetchOne(id, asked)));
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

  const unreadLoaded = () => latestFirst(log.getSnapshot()).filter(each => each.unread > 0).length;

  const loadPage = async (asked: InboxLog, after?: string): Promise<void> => {
    const page = await call('GET /v1/conversations', {
      query: after === undefined ? {} : { after },
    });
    apply({ type: 'fetched', conversations: page.conversations, asked });
    paging.update(now => ({
      ...now,
      state: 'ready',
      error: null,
      next: page.next,
      unreadBeyond: page.next === null ? 0 : Math.max(0, page.unread - unreadLoaded()),
    }));
  };

  const countBeyond = async () => {
    const { unread } = await call('GET /v1/conversations', { query: { limit: 1 } });
    paging.update(now => ({ ...now, unreadBeyond: Math.max(0, unread - unreadLoaded()) }));
  };

  const fail = (thrown: unknown) => {
    if (!isSottoError(thrown)) throw thrown;
    const { code } = thrown;
    paging.update(now => ({ ...now, error: code, state: now.state === 'ready' ? 'ready' : 'failed' }));
  };

  const inbox: Inbox = {
    getSnapshot: view.getSnapshot,
    subscribe: view.subscribe,
    reload: () => loadPage(log.getSnapshot()).catch(fail),
    async loadMore() {
      const { next, loadingMore } = paging.getSnapshot();
      if (next === null || loadingMore) return;
      paging.update(now => ({ ...now, loadingMore: true }));
      await loadPage(log.getSnapshot(), next).catch(fail);
      paging.update(now => ({ ...now, loadingMore: false }));
    },
  };

  return {
    inbox,
    log,
    apply,
    async restore() {
      const kept = await cache.read('inbox');
      if (!Array.isArray(kept)) return;
      apply({ type: 'fetched', conversations: kept });
      paging.update(now => (now.state === 'ready' ? now : { ...now, state: 'ready' }));
    },
    stop() {
      stopped = true;
      cancelRepair?.();
    },
  };
}

function look(log: InboxLog, paging: Paging): InboxView {
  const conversations = latestFirst(log);
  return {
    state: paging.state,
    error: paging.error,
    conversations,
    hasMore: paging.next !== null,
    loadingMore: paging.loadingMore,
    unreadConversations: conversations.filter(each => each.unread > 0).length + paging.unreadBeyond,
    unreadMessages: conversations.reduce((sum, each) => sum + each.unread, 0),
  };
}
