import type { Conversation, ConversationId, LogEntry, Reply } from '@sotto/protocol';
import { quotedText } from '@sotto/protocol/quote';
import { isSottoError } from '../calls/error.ts';
import type { Settled } from '../outbox/types.ts';
import { fullJitter } from '../ports.ts';
import { isTalk } from '../stores/conversation-entry.ts';
import {
  type ConversationInput,
  type ConversationLog,
  emptyConversation,
  reduceConversation,
  shownWindow,
} from '../stores/conversation-reducer.ts';
import { hasGap, hasOlder, lastSeq } from '../stores/log-window.ts';
import { createStore } from '../stores/store.ts';
import type { BackchannelContext } from './context.ts';
import { type ConversationStatus, emptyStatus, viewOf } from './conversation-view.ts';
import type { InboxService } from './inbox.ts';
import { type LogQuery, logSource, PAGE } from './log-source.ts';
import { createOpening } from './opening.ts';
import { createReactionHopes } from './reactions.ts';
import type { ReadMarks } from './reads.ts';
import type { ConversationStore, NewMessage } from './types.ts';

export interface ConversationService {
  readonly store: ConversationStore;
  apply(input: ConversationInput): void;
  /** A message of ours was committed. */
  settled(settled: Settled): void;
  /** The entry at a place, where it is loaded. */
  entryAt(seq: number): LogEntry | undefined;
  /** The last `seq` without a gap; null where no page was loaded. */
  have(): number | null;
  /** Whether a screen shows it. */
  isOpen(): boolean;
  /** The server told of the conversation itself: new, or changed. */
  told(conversation: Conversation): void;
  /** It is not one's own any more. */
  gone(): void;
  /** Loads afresh where one of the entries is such. */
  reloadIf(isSuch: (entry: LogEntry) => boolean): boolean;
  /** After a reconnection: loads what is missing, if a screen shows it. */
  refresh(): void;
  stop(): void;
}

/** RT-5: an entry that is only late gets this long. */
const GAP_DELAY = 200;
const TYPING_EVERY = 3000;
/** More than this is not read through: the newest page takes its place. */
const LONG_GAP = 400;
/** A talk that runs for hours is cut back to so many entries when it has grown to twice as many. */
const TALK_KEPT = 1000;

export function createConversation(
  context: BackchannelContext,
  inbox: InboxService,
  reads: ReadMarks,
  id: ConversationId,
): ConversationService {
  const { call, clock, cache, outbox, people, self } = context;
  const log = createStore<ConversationLog>(emptyConversation);
  const status = createStore<ConversationStatus>(emptyStatus);
  const reactions = createReactionHopes({ call, clock, self }, id);
  let viewers = 0;
  let lastTyping = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | null = null;
  let restored = false;
  let failures = 0;
  let cancelRepair: (() => void) | null = null;
  let cancelTyping: (() => void) | null = null;
  let stopped = false;

  const known = () => inbox.shown().get(id) ?? null;
  const opening = createOpening(self, known, status);
  const readLog = logSource(call, id, {
    knownHead: () => log.getSnapshot().window.head,
    onPeople: people.add,
  });

  const look = () =>
    viewOf({
      id,
      self,
      conversation: known(),
      log: log.getSnapshot(),
      status: status.getSnapshot(),
      items: outbox.items.getSnapshot(),
      people: people.getSnapshot(),
      laidOver: reactions.laidOver,
    });
  const view = createStore(look());
  const refreshView = () => view.set(look());
  const unsubscribe = [
    log.subscribe(refreshView),
    status.subscribe(refreshView),
    reactions.subscribe(refreshView),
    people.subscribe(refreshView),
    outbox.items.subscribe(refreshView),
    inbox.inbox.subscribe(() => {
      if (view.getSnapshot().conversation !== known()) refreshView();
    }),
  ];

  const keep = () => {
    if (!log.getSnapshot().window.loaded) return;
    cache.keep(`log:${id}`, () => {
      const { window } = log.getSnapshot();
      return { entries: window.entries.slice(-PAGE), firstSeq: window.firstSeq };
    });
  };

  /** What the log has by now is not waited for any more. */
  const letGo = () => {
    const { window } = log.getSnapshot();
    reactions.settle(shownWindow(log.getSnapshot()).entries);
    const last = lastSeq(window);
    if (window.loaded && status.getSnapshot().sent.some(each => each.seq <= last))
      status.update(now => ({ ...now, sent: now.sent.filter(each => each.seq > last) }));
  };

  const apply = (input: ConversationInput) => {
    if (input.type === 'written' || input.type === 'entries') opening.coming(input.entries);
    const before = log.getSnapshot();
    log.update(now => reduceConversation(now, input));
    if (log.getSnapshot() === before && input.type !== 'typing') return;
    const { window, aside } = log.getSnapshot();
    if (!aside && window.entries.length > TALK_KEPT * 2) trim();
    if (input.type !== 'typing' && input.type !== 'time') keep();
    letGo();
    if (hasGap(window)) planRepair(GAP_DELAY);
    if (input.type === 'typing') planTypingEnd();
  };

  function trim(): void {
    const conversation = known();
    if (conversation && isTalk(conversation))
      log.update(now => reduceConversation(now, { type: 'trim', length: TALK_KEPT }));
  }

  function planTypingEnd(): void {
    const ends = Math.min(...log.getSnapshot().typing.values());
    cancelTyping ??= clock.after(Math.max(0, ends - clock.now()), () => {
      cancelTyping = null;
      apply({ type: 'time', now: clock.now() });
      if (log.getSnapshot().typing.size > 0) planTypingEnd();
    });
  }

  const fillGap = async (): Promise<void> => {
    const { window } = log.getSnapshot();
    const from = lastSeq(window);
    if (window.head - from > LONG_GAP) return loadNewest();
    const page = await readLog({ after: from });
    apply({ type: 'entries', ...page });
    if (lastSeq(log.getSnapshot().window) > from) return;
    if (page.entries.length > 0) throw new Error('sdk: a page does not go on where it was asked to');
    // The server knows no more than we do: whoever told us of a higher head was wrong.
    log.update(now => ({ ...now, window: { ...now.window, head: Math.max(from, page.head) } }));
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
    const kept = (await cache.read(`log:${id}`)) as { entries: LogEntry[]; firstSeq: number } | undefined;
    if (!kept || !Array.isArray(kept.entries) || log.getSnapshot().window.loaded) return;
    const head = kept.entries.at(-1)?.seq;
    if (head !== undefined) apply({ type: 'newest', page: { ...kept, head } });
  };

  /** Does it, and says on the screen how that went. */
  const attempt = async (work: () => Promise<void>): Promise<void> => {
    try {
      await work();
      status.update(now => (now.error ? { ...now, error: null } : now));
    } catch (thrown) {
      if (!isSottoError(thrown)) throw thrown;
      const { code } = thrown;
      status.update(now => ({ ...now, error: code }));
      opening.unanswered();
    }
  };

  async function loadNewest(): Promise<void> {
    if (!restored) await restore();
    await attempt(async () => {
      // How far one has read: what the device keeps may be older than what was read elsewhere.
      const isAsked = opening.isWaited() || known() === null;
      const [page] = await Promise.all([readLog({}), isAsked ? inbox.fetch(id) : null]);
      opening.settle(page.entries);
      apply({ type: 'newest', page });
      const { aside } = log.getSnapshot();
      // What changed further back while nobody told us is in a fresh page of it.
      if (aside) apply({ type: 'aside', page: await readLog({ around: middleOf(aside.entries) }) });
    });
  }

  const load = () => {
    loading ??= loadNewest().finally(() => {
      loading = null;
    });
    return loading;
  };

  const turn = async (direction: 'older' | 'newer', query: LogQuery): Promise<void> => {
    const flag = direction === 'older' ? 'loadingOlder' : 'loadingNewer';
    if (status.getSnapshot()[flag]) return;
    status.update(now => ({ ...now, [flag]: true }));
    try {
      await attempt(async () => apply({ type: direction, page: await readLog(query, PAGE) }));
    } finally {
      status.update(now => ({ ...now, [flag]: false }));
    }
  };

  const entryAt = (seq: number): LogEntry | undefined => {
    const { aside, window } = log.getSnapshot();
    const isThere = (entry: LogEntry) => entry.seq === seq;
    return aside?.entries.find(isThere) ?? window.entries.findLast(isThere);
  };

  const quoteOf = (seq: number): Reply | null => {
    const entry = entryAt(seq);
    if (entry?.kind !== 'message') return null;
    const { sender, text, attachments } = entry.message;
    return { seq, sender, text: quotedText(text), attachment: attachments[0]?.kind ?? null };
  };

  const store: ConversationStore = {
    id,
    getSnapshot: view.getSnapshot,
    subscribe: view.subscribe,
    open() {
      viewers += 1;
      if (viewers === 1) {
        opening.begin();
        inbox.apply({ type: 'wanted', conversation: id });
        void load();
      }
      let closed = false;
      return () => {
        if (closed) return;
        closed = true;
        viewers -= 1;
        if (viewers > 0) return;
        opening.end();
        apply({ type: 'latest' });
      };
    },
    async loadOlder() {
      const window = shownWindow(log.getSnapshot());
      const first = window.entries[0]?.seq;
      if (first !== undefined && hasOlder(window)) await turn('older', { before: first });
    },
    async loadNewer() {
      const { aside } = log.getSnapshot();
      if (aside) await turn('newer', { after: lastSeq(aside) });
    },
    async jumpTo(place) {
      if ('seq' in place && log.getSnapshot().window.entries.some(entry => entry.seq === place.seq)) {
        apply({ type: 'latest' });
        return place.seq;
      }
      const page = await readLog('seq' in place ? { around: place.seq } : { at: place.at }, PAGE);
      if (page.entries.length === 0) return null;
      apply({ type: 'aside', page });
      return 'seq' in place ? place.seq : page.at;
    },
    toLatest: () => apply({ type: 'latest' }),
    send(message) {
      const written: NewMessage = typeof message === 'string' ? { text: message } : message;
      const quote = written.reply === undefined ? null : quoteOf(written.reply);
      const item = outbox.add({ conversation: id }, written, quote);
      if (item) apply({ type: 'latest' });
      return item?.clientId ?? null;
    },
    react: reactions.react,
    markRead(seq = lastSeq(shownWindow(log.getSnapshot()))) {
      opening.marked(seq);
      reads.mark(id, seq);
    },
    typing() {
      if (clock.now() - lastTyping < TYPING_EVERY) return;
      if (context.sendFrame({ type: 'typing', conversation: id })) lastTyping = clock.now();
    },
  };

  return {
    store,
    apply,
    settled({ entry, item }) {
      const { window } = log.getSnapshot();
      if (!window.loaded || entry.seq <= lastSeq(window)) return;
      status.update(now => ({
        ...now,
        sent: [...now.sent.filter(each => each.seq !== entry.seq), { seq: entry.seq, item }],
      }));
      apply({ type: 'head', head: entry.seq });
    },
    entryAt,
    have: () => (log.getSnapshot().window.loaded ? lastSeq(log.getSnapshot().window) : null),
    isOpen: () => viewers > 0,
    told({ head }) {
      apply({ type: 'head', head });
      // It was gone, and is back: a stage one came to again.
      if (viewers > 0 && status.getSnapshot().error === 'not_found') void load();
    },
    gone() {
      apply({ type: 'limited' });
      status.update(now => ({ ...now, error: 'not_found', sent: [] }));
    },
    reloadIf(isSuch) {
      const { window, aside } = log.getSnapshot();
      if (!window.entries.some(isSuch) && !aside?.entries.some(isSuch)) return false;
      apply({ type: 'limited' });
      if (viewers > 0) void load();
      return true;
    },
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

const middleOf = (entries: readonly LogEntry[]): number => entries[entries.length >> 1]?.seq ?? 1;
