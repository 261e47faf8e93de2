import type { Attachment, Conversation, LogEntry } from '@sotto/protocol';
import type { ConversationStore, ConversationView } from '@sotto/sdk';
import ArrowDown from 'lucide-react/icons/arrow-down';
import { type KeyboardEvent, memo, type RefCallback, useEffect, useMemo, useRef, useState } from 'react';
import { isRequest } from '../../state/conversation.ts';
import { type Bubble, type Chunk, createThread, type ThreadItem } from '../../state/thread.ts';
import { BeforeUpdate } from '../../ui/BeforeUpdate.tsx';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { lateSheet } from '../../ui/late.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { dayName } from '../../words/dates.ts';
import { words } from '../../words/index.ts';
import { unmarkFound } from './found.ts';
import { MessageBubble } from './MessageBubble.tsx';
import { MessageMenu, type OpenedMenu } from './MessageMenu.tsx';
import { Beginning, Typing } from './parts.tsx';
import { SystemLine } from './SystemLine.tsx';
import styles from './Thread.module.css';
import {
  OpenedContext,
  PlaceContext,
  ReceiptsContext,
  type ThreadActions,
  type ThreadPlace,
} from './thread-context.ts';
import { useOpened } from './useOpened.ts';
import { usePaging } from './usePaging.ts';
import { useReading, useSpoken } from './useReading.ts';
import { useReceipts } from './useReceipts.ts';
import { useThreadScroll } from './useThreadScroll.ts';
import { useWho } from './useWho.ts';
import { firstIndex } from './window.ts';

const Viewer = lateSheet(() => import('./Viewer.tsx').then(module => module.Viewer));
const ReactorsSheet = lateSheet(() => import('./ReactorsSheet.tsx').then(module => module.ReactorsSheet));
const EmojiSheet = lateSheet(() => import('./EmojiSheet.tsx').then(module => module.EmojiSheet));

export interface ThreadProps {
  view: ConversationView;
  conversation: Conversation | null;
  store: ConversationStore;
  me: string;
  /** A place to open at; another one goes there. */
  at?: number | undefined;
  /** What was searched for: marked there, and brought into view. */
  find?: string | undefined;
  nameOf: ThreadPlace['nameOf'];
  actions: Pick<ThreadActions, 'reply' | 'toggle' | 'retry' | 'discard' | 'takeBack'>;
  /** Told how to go to a place in the thread. */
  onReady: (goTo: (seq: number) => void) => void;
}

type Over =
  | { kind: 'view'; attachments: readonly Attachment[]; index: number }
  | { kind: 'reactors' | 'emoji'; bubble: Bubble }
  | null;

/** The messages: stays at the end while one reads the end, and stays put while others come in above and below. */
export function Thread({ view, conversation, store, me, at, find, nameOf, actions, onReady }: ThreadProps) {
  const { entries, pending, firstUnreadSeq, unreadAbove, hasOlder, hasNewer, people } = view;
  const layOut = useMemo(createThread, []);
  const unreadSeq = unreadAbove ? null : firstUnreadSeq;
  const chunks = useMemo(
    () => layOut({ entries, pending: hasNewer ? [] : pending, me, firstUnreadSeq: unreadSeq, hasOlder }),
    [layOut, entries, pending, hasNewer, me, unreadSeq, hasOlder],
  );
  const paging = usePaging(store);
  const [seen, setSeen] = useState(0);
  const reading = useReading(store);
  const kind = conversation?.kind ?? 'direct';
  // A talk goes on live: nobody is led back to where they were hours ago.
  const followed = kind === 'direct' || kind === 'group';
  const scroll = useThreadScroll({
    chunks,
    hasOlder,
    hasNewer,
    firstUnreadSeq: unreadAbove && !followed ? null : firstUnreadSeq,
    loadUnread:
      followed && unreadAbove && firstUnreadSeq !== null && view.error === null
        ? () => void paging.jump(firstUnreadSeq).then(to => to === null && scroll.goTo({ end: true }))
        : null,
    settled: view.settled,
    elsewhere: at !== undefined,
    loadOlder: paging.older,
    loadNewer: paging.newer,
    onSeen: seq => {
      setSeen(now => Math.max(now, seq));
      reading(seq);
    },
  });
  const { goTo, stay } = scroll;
  const { long, unfold } = useOpened(store, stay);
  const [menu, setMenu] = useState<OpenedMenu | null>(null);
  const [over, setOver] = useState<Over>(null);

  const all = useMemo(
    (): ThreadActions => ({
      ...actions,
      jump: (seq, find) => {
        const now = store.getSnapshot();
        const [first] = now.entries;
        const arrive = (to: number) => {
          unfold(to);
          goTo({ seq: to, find });
        };
        if (first && seq >= first.seq && seq <= now.lastSeq) return arrive(seq);
        void paging.jump(seq).then(to => to !== null && arrive(to));
      },
      openMenu: (bubble, from) => setMenu({ bubble, from }),
      openPicker: bubble => setOver({ kind: 'emoji', bubble }),
      openReactors: bubble => setOver({ kind: 'reactors', bubble }),
      view: (attachments, index) => setOver({ kind: 'view', attachments, index }),
    }),
    [actions, store, goTo, unfold, paging],
  );
  const open = conversation?.canWrite ?? false;
  const linked = !isRequest(conversation);
  const firstSeq = conversation?.firstSeq ?? 1;
  const who = useWho(people);
  const place = useMemo(
    (): ThreadPlace => ({
      me,
      kind,
      firstSeq,
      named: kind !== 'direct',
      open,
      linked,
      personOf: account => people.get(account),
      nameOf,
      who,
      actions: all,
    }),
    [me, kind, firstSeq, open, linked, people, nameOf, who, all],
  );
  const receipts = useReceipts(conversation, entries, people, me);

  useEffect(() => {
    onReady(seq => all.jump(seq));
  }, [onReady, all.jump]);
  const ready = view.state === 'ready';
  const jump = useRef(all.jump);
  jump.current = all.jump;
  useEffect(() => {
    if (ready && at) jump.current(at, find);
  }, [ready, at, find]);
  useEffect(() => unmarkFound, []);
  useOwn(pending.length, () => {
    store.toLatest();
    goTo({ end: true });
  });
  useSpoken(view, me, nameOf);

  const away = scroll.away || hasNewer;
  const read = Math.max(seen, conversation?.readSeq ?? 0);
  const fresh = away ? (hasNewer ? (conversation?.unread ?? 0) : countFrom(entries, read + 1, me)) : 0;
  const jumpToEnd = () => {
    store.toLatest();
    goTo({ end: true });
  };
  return (
    <PlaceContext value={place}>
      <OpenedContext value={long}>
        <ReceiptsContext value={receipts}>
          <div className={styles.frame}>
            <BeforeUpdate read={scroll.remember} />
            {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk the messages inside. */}
            <div ref={scroll.scroller} className={styles.scroll} onKeyDown={walk}>
              <div className={styles.content}>
                {hasOlder ? (
                  <Page loading={view.loadingOlder} failed={paging.failed === 'older'} retry={paging.older} />
                ) : (
                  conversation && ready && <Beginning conversation={conversation} />
                )}
                <div role="log" aria-label={words.conversation.log} aria-live="off" className={styles.log}>
                  <div style={{ blockSize: scroll.above }} />
                  {scroll.shown.map((chunk, index) => (
                    <ChunkView
                      key={chunk.key}
                      chunk={chunk}
                      watch={scroll.watch}
                      final={index === scroll.shown.length - 1}
                    />
                  ))}
                  <div style={{ blockSize: scroll.below }} />
                </div>
                {hasNewer && (
                  <Page loading={view.loadingNewer} failed={paging.failed === 'newer'} retry={paging.newer} />
                )}
                {!hasNewer && <Typing accounts={view.typing} nameOf={nameOf} />}
              </div>
            </div>
            {away && (
              <button
                type="button"
                className={cx(styles.jump, fresh > 0 && styles.fresh)}
                onClick={jumpToEnd}
              >
                <ArrowDown aria-hidden="true" />
                {fresh > 0 ? (
                  words.conversation.newCount(fresh)
                ) : (
                  <span className="visually-hidden">{words.conversation.latest}</span>
                )}
              </button>
            )}
            {menu && <MessageMenu menu={menu} conversation={conversation} onClose={() => setMenu(null)} />}
            {over?.kind === 'view' && (
              <Viewer attachments={over.attachments} start={over.index} onClose={() => setOver(null)} />
            )}
            {over?.kind === 'reactors' && (
              <ReactorsSheet bubble={over.bubble} entries={entries} onClose={() => setOver(null)} />
            )}
            {over?.kind === 'emoji' && (
              <EmojiSheet onPick={emoji => all.toggle(over.bubble, emoji)} onClose={() => setOver(null)} />
            )}
          </div>
        </ReceiptsContext>
      </OpenedContext>
    </PlaceContext>
  );
}

function Page({ loading, failed, retry }: { loading: boolean; failed: boolean; retry: () => void }) {
  return (
    <div className={styles.older}>
      {loading && <Skeleton kind="bubble" rows={3} />}
      {failed && (
        <p role="alert">
          {words.conversation.olderFailed}
          <Button size="s" onClick={retry}>
            {words.retry}
          </Button>
        </p>
      )}
    </div>
  );
}

const ChunkView = memo(function ChunkView({
  chunk,
  watch,
  final,
}: {
  chunk: Chunk;
  watch: RefCallback<HTMLElement>;
  final: boolean;
}) {
  const lastMessage = chunk.items.findLast(item => item.kind === 'message');
  return (
    <div ref={watch} className={styles.chunk} data-chunk={chunk.key}>
      {chunk.items.map(item => (
        <ItemView key={item.key} item={item} tabbable={final && item === lastMessage} />
      ))}
    </div>
  );
});

function ItemView({ item, tabbable }: { item: ThreadItem; tabbable: boolean }) {
  switch (item.kind) {
    case 'day':
      return (
        <h2 className={styles.day}>
          <time dateTime={item.at}>{dayName(item.at)}</time>
        </h2>
      );
    case 'unread':
      return (
        <p className={styles.unread} data-key="unread">
          {words.conversation.unreadLine}
        </p>
      );
    case 'system':
      return <SystemLine entry={item.entry} />;
    case 'message':
      return <MessageBubble bubble={item} tabbable={tabbable} />;
  }
}

/** Messages of others from a place on. */
function countFrom(entries: readonly LogEntry[], seq: number, me: string): number {
  const from = firstIndex(entries.length, index => (entries[index]?.seq ?? 0) >= seq);
  let count = 0;
  for (const entry of entries.slice(from))
    if (entry.kind === 'message' && entry.message.sender !== me) count += 1;
  return count;
}

/** Up and down walk the messages, so that Tab need not stop at each. */
function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const from = (event.target as Element).closest('article');
  if (!step || !from || (event.target as Element).matches('input')) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('article')];
  const to = all[all.indexOf(from) + step];
  if (!to) return;
  event.preventDefault();
  to.focus({ preventScroll: false });
}

/** What one writes oneself is at the end: one goes there with it. */
function useOwn(count: number, go: () => void): void {
  const before = useRef(count);
  const latest = useRef(go);
  latest.current = go;
  useEffect(() => {
    if (count > before.current) latest.current();
    before.current = count;
  }, [count]);
}
