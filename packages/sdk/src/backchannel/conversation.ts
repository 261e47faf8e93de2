import type { ConversationId, LogEntry } from '@sotto/protocol';
import { isSottoError, type SottoErrorCode } from '../calls/error.ts';
import { fullJitter } from '../ports.ts';
import {
  type ConversationInput,
  type ConversationLog,
  emptyConversation,
  reduceConversation,
} from '../stores/conversation-reducer.ts';
import { hasGap, hasOlder, lastSeq } from '../stores/log-window.ts';
import { createStore } from '../stores/store.ts';
import type { BackchannelContext } from './context.ts';
import type { InboxService } from './inbox.ts';
import { pendingOf } from './pending.ts';
import type { ReadMarks } from './reads.ts';
import type { ConversationStore, ConversationView } from './types.ts';

export interface ConversationService {
  readonly store: ConversationStore;
  apply(input: ConversationInput): void;
  /** The last `seq` without a gap; null where no page was loaded. */
  have(): number | null;
  /** Whether a screen shows it. */
  isOpen(): boolean;
  /** After a reconnection: loads what is missing, if a screen shows it. */
  refresh(): void;
  stop(): void;
}

/** RT-5: an entry that is only late gets this long. */
const GAP_DELAY = 200;
const TYPING_EVERY = 3000;
const PAGE = 50;
/** More than this is not read through: the newest page takes its place. */
const LONG_GAP = 400;

export function createConversation(
  context: BackchannelContext,
  inbox: InboxService,
  reads: ReadMarks,
  id: ConversationId,
): ConversationService {
  const { call, clock, cache, outbox } = context;
  const log = createStore<ConversationLog>(emptyConversation);
  const status = createStore({
    error: null as SottoErrorCode | null,
    loadingOlder: false,
    firstUnreadSeq: null as number | null,
  });
  let viewers = 0;
  let lastTyping = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | null = null;
  let restored = false;
  let failures = 0;
  let cancelRepair: (() => void) | null = null;
  let cancelTyping: (() => void) | null = null;
  let stopped = false;

  const known = () => inbox.log.getSnapshot().known.get(id) ?? null;

  const look = (): ConversationView => {
    const { window, typing } = log.getSnapshot();
    const { error, loadingOlder, firstUnreadSeq } = status.getSnapshot();
    const conversation = known();
    return {
      id,
      conversation,
      state: window.loaded ? 'ready' : error ? 'failed' : 'loading',
      error,
      entries: window.entries,
      hasOlder: hasOlder(window),
      loadingOlder,
      pending: pendingOf(
        outbox.items.getSnapshot(),
        window,
        context.self,
        id,
        conversation?.kind === 'direct' ? conversation.with.id : null,
      ),
      typing: [...typing.keys()],
      firstUnreadSeq,
    };
  };
  const view = createStore(look());
  const refreshView = () => view.set(look());
  const unsubscribe = [
    log.subscribe(refreshView),
    status.subscribe(refreshView),
    outbox.items.subscribe(refreshView),
    inbox.log.subscribe(() => {
      if (view.getSnapshot().conversation !== known()) refreshView();
    }),
  ];

  const keep = () => {
    const { window } = log.getSnapshot();
    if (!window.loaded) return;
    cache.keep(`log:${id}`, () => log.getSnapshot().window.entries.slice(-PAGE));
  };

  const apply = (input: ConversationInput) => {
    log.update(now => reduceConversation(now, input));
    if (input.type !== 'typing' && input.type !== 'time') keep();
    if (hasGap(log.getSnapshot().window)) planRepair(GAP_DELAY);
    if (input.type === 'typing') planTypingEnd();
  };

  function planTypingEnd(): void {
    const ends = Math.min(...log.getSnapshot().typing.values());
    cancelTyping ??= clock.after(Math.max(0, ends - clock.now()), () => {
      cancelTyping = null;
      apply({ type: 'time', now: clock.now() });
      if (log.getSnapshot().typing.size > 0) planTypingEnd();
    });
  }

  const readLog = (query: { after?: number; before?: number }) =>
    call('GET /v1/conversations/:conversation/log', {
      params: { conversation: id },
      query: { ...query, limit: query.after === undefined ? PAGE : 200 },
    });

  const fillGap = async (): Promise<void> => {
    const { window } = log.getSnapshot();
    const from = lastSeq(window);
    if (window.head - from > LONG_GAP) return loadNewest();
    const page = await readLog({ after: from });
    apply({ type: 'entries', ...page });
    if (lastSeq(log.getSnapshot().window) === from && page.entries.length === 0) {
      // The server knows no more than we do: whoever told us of a higher head was wrong.
      log.update(now => ({ ...now, window: { ...now.window, head: Math.max(from, page.head) } }));
    }
  };

  function planRepair(delay: number): void {
    if (stopped) return;
    cancelRepair ??= clock.after(delay, () => {
      const work = hasGap(log.getSnapshot().window) ? fillGap() : Promise.resolve();
      const settle = (failed: boolean) => {
        failures = failed ? failures + 1 : 0;
        cancelRepair = null;
        if (hasGap(log.getSnapshot().window)) planRepair(failed ? fullJitter(failures, context.random) : 0);
      };
      void work.then(
        () => settle(false),
        () => settle(true),
      );
    });
  }

  const restore = async () => {
    restored = true;
    const kept = (await cache.read(`log:${id}`)) as LogEntry[] | undefined;
    if (!Array.isArray(kept) || kept.length === 0 || log.getSnapshot().window.loaded) return;
    apply({ type: 'newest', page: { entries: kept, head: kept.at(-1)?.seq ?? 0 } });
  };

  async function loadNewest(): Promise<void> {
    if (!restored) await restore();
    try {
      const page = await readLog({});
      apply({ type: 'newest', page });
      status.update(now => ({ ...now, error: null }));
    } catch (thrown) {
      if (!isSottoError(thrown)) throw thrown;
      const { code } = thrown;
      status.update(now => ({ ...now, error: code }));
    }
  }

  const load = () => {
    loading ??= loadNewest().finally(() => {
      loading = null;
    });
    return loading;
  };

  const store: ConversationStore = {
    id,
    getSnapshot: view.getSnapshot,
    subscribe: view.subscribe,
    open() {
      viewers += 1;
      if (viewers === 1) {
        const now = known();
        status.update(s => ({ ...s, firstUnreadSeq: now && now.unread > 0 ? now.readSeq + 1 : null }));
        inbox.apply({ type: 'wanted', conversation: id });
        void load();
      }
      let closed = false;
      return () => {
        if (!closed) viewers -= 1;
        closed = true;
      };
    },
    async loadOlder() {
      const { window } = log.getSnapshot();
      const first = window.entries[0]?.seq;
      if (first === undefined || first <= 1 || status.getSnapshot().loadingOlder) return;
      status.update(now => ({ ...now, loadingOlder: true }));
      try {
        apply({ type: 'older', page: await readLog({ before: first }) });
        status.update(now => ({ ...now, error: null }));
      } catch (thrown) {
        if (!isSottoError(thrown)) throw thrown;
        const { code } = thrown;
        status.update(now => ({ ...now, error: code }));
      } finally {
        status.update(now => ({ ...now, loadingOlder: false }));
      }
    },
    send: text => outbox.add({ conversation: id }, text)?.clientId ?? null,
    markRead: (seq = lastSeq(log.getSnapshot().window)) => reads.mark(id, seq),
    typing() {
      if (clock.now() - lastTyping < TYPING_EVERY) return;
      if (context.sendFrame({ type: 'typing', conversation: id })) lastTyping = clock.now();
    },
  };

  return {
    store,
    apply,
    have: () => (log.getSnapshot().window.loaded ? lastSeq(log.getSnapshot().window) : null),
    isOpen: () => viewers > 0,
    refresh() {
      if (viewers > 0) void load();
    },
    stop() {
      stopped = true;
      cancelRepair?.();
      cancelTyping?.();
      for (const each of unsubscribe) each();
    },
  };
}
