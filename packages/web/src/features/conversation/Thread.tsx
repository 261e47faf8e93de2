import type { ConversationStore, ConversationView } from '@sotto/sdk';
import ArrowDown from 'lucide-react/icons/arrow-down';
import {
  Fragment,
  type KeyboardEvent,
  memo,
  useEffect,
  useLayoutEffect,
  useMemo,
  useRef,
  useState,
} from 'react';
import { type Chunk, threadOf } from '../../state/thread.ts';
import { announce } from '../../ui/announce.ts';
import { BeforeUpdate } from '../../ui/BeforeUpdate.tsx';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { words } from '../../words/index.ts';
import { dayName } from '../../words/time.ts';
import { MessageBubble } from './MessageBubble.tsx';
import styles from './Thread.module.css';

interface ThreadProps {
  view: ConversationView;
  store: ConversationStore;
  me: string;
  otherName: string;
  typing: boolean;
}

/** Pixels from the end within which one counts as reading the latest. */
const NEAR = 80;
/** Pixels from the beginning at which the page before is fetched. */
const AHEAD = 1200;

/** The messages: stays at the end while one reads the end, and stays put while older ones come in above. */
export function Thread({ view, store, me, otherName, typing }: ThreadProps) {
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const anchor = useRef<{ key: string; top: number }>(undefined);
  const [away, setAway] = useState(false);
  const seenSeq = useRef(0);
  const [olderFailed, setOlderFailed] = useState(false);
  const { entries, pending, firstUnreadSeq, hasOlder } = view;
  const chunks = useMemo(
    () => threadOf({ entries, pending, me, firstUnreadSeq, hasOlder }),
    [entries, pending, me, firstUnreadSeq, hasOlder],
  );
  const head = entries.at(-1)?.seq ?? 0;

  const loadOlder = async () => {
    setOlderFailed(false);
    const first = entries[0]?.seq;
    await store.loadOlder();
    const now = store.getSnapshot();
    setOlderFailed(now.error !== null && !now.loadingOlder && now.entries[0]?.seq === first);
  };

  const measure = () => {
    const box = scroller.current;
    if (!box) return;
    atEnd.current = box.scrollHeight - box.scrollTop - box.clientHeight < NEAR;
    if (atEnd.current) seenSeq.current = Math.max(seenSeq.current, head);
    setAway(!atEnd.current);
    if (box.scrollTop < AHEAD && hasOlder && !view.loadingOlder && !olderFailed) void loadOlder();
  };
  const remember = () => {
    anchor.current = scroller.current ? anchorOf(scroller.current) : undefined;
  };
  const latest = useRef(measure);
  latest.current = measure;

  // biome-ignore lint/correctness/useExhaustiveDependencies: new content is what may have moved things.
  useLayoutEffect(() => {
    const box = scroller.current;
    if (!box) return;
    if (atEnd.current) box.scrollTop = box.scrollHeight;
    else if (anchor.current) {
      const same = box.querySelector(`[data-key="${CSS.escape(anchor.current.key)}"]`);
      const moved = same ? same.getBoundingClientRect().top - anchor.current.top : 0;
      if (Math.abs(moved) > 1) box.scrollTop += moved;
    }
    latest.current();
  }, [chunks, typing]);

  useEffect(() => {
    const box = scroller.current;
    if (!box) return;
    const onScroll = () => latest.current();
    // The composer grows, the keyboard opens: whoever reads the end stays there.
    const resize = new ResizeObserver(() => {
      if (atEnd.current) box.scrollTop = box.scrollHeight;
      latest.current();
    });
    box.addEventListener('scroll', onScroll, { passive: true });
    resize.observe(box);
    return () => {
      box.removeEventListener('scroll', onScroll);
      resize.disconnect();
    };
  }, []);

  useReading(store, head, away);
  useSpoken(view, me, otherName);

  const jump = () => {
    const box = scroller.current;
    box?.scrollTo({ top: box.scrollHeight, behavior: 'smooth' });
  };
  const fresh = away
    ? entries.filter(entry => entry.seq > seenSeq.current && entry.message.sender !== me).length
    : 0;
  return (
    <div className={styles.frame}>
      <BeforeUpdate read={remember} />
      {/* biome-ignore lint/a11y/noStaticElementInteractions: arrow keys walk the messages inside. */}
      <div ref={scroller} className={styles.scroll} onKeyDown={walk}>
        {hasOlder ? (
          <div className={styles.older}>
            {view.loadingOlder && <Skeleton kind="bubble" rows={3} />}
            {olderFailed && (
              <p role="alert">
                {words.conversation.olderFailed}
                <Button size="s" onClick={() => void loadOlder()}>
                  {words.retry}
                </Button>
              </p>
            )}
          </div>
        ) : (
          <p className={styles.beginning}>{words.conversation.beginning(otherName)}</p>
        )}
        <div role="log" aria-label={words.conversation.log} aria-live="off" className={styles.log}>
          {chunks.map((chunk, index) => (
            <ChunkView
              key={chunk.key}
              chunk={chunk}
              otherName={otherName}
              final={index === chunks.length - 1}
            />
          ))}
        </div>
        {typing && (
          <div className={styles.typing}>
            <i />
            <i />
            <i />
            <span className="visually-hidden" role="status">
              {words.conversation.typing(otherName)}
            </span>
          </div>
        )}
      </div>
      {away && (
        <button type="button" className={cx(styles.jump, fresh > 0 && styles.fresh)} onClick={jump}>
          <ArrowDown aria-hidden="true" />
          {fresh > 0 ? (
            words.conversation.newCount(fresh)
          ) : (
            <span className="visually-hidden">{words.conversation.latest}</span>
          )}
        </button>
      )}
    </div>
  );
}

/** The message at the top of what is in view, and where it stands. Asked by place: what is not drawn is not measured. */
function anchorOf(box: HTMLElement): { key: string; top: number } | undefined {
  const { left, top, width, height } = box.getBoundingClientRect();
  for (let y = 4; y < height; y += 20) {
    const message = document.elementFromPoint(left + width / 2, top + y)?.closest<HTMLElement>('[data-key]');
    if (message?.dataset.key && box.contains(message))
      return { key: message.dataset.key, top: message.getBoundingClientRect().top };
  }
  return undefined;
}

const ChunkView = memo(function ChunkView({
  chunk,
  otherName,
  final,
}: {
  chunk: Chunk;
  otherName: string;
  final: boolean;
}) {
  const lastMessage = chunk.items.findLast(item => item.kind === 'message');
  return (
    <div className={cx(styles.chunk, !final && styles.settled)}>
      {chunk.items.map(item => (
        <Fragment key={item.key}>
          {item.kind === 'day' && (
            <h2 className={styles.day}>
              <time dateTime={item.at}>{dayName(item.at)}</time>
            </h2>
          )}
          {item.kind === 'unread' && <p className={styles.unread}>{words.conversation.unreadLine}</p>}
          {item.kind === 'message' && (
            <MessageBubble
              bubble={item}
              sender={item.mine ? words.you : otherName}
              tabbable={final && item === lastMessage}
            />
          )}
        </Fragment>
      ))}
    </div>
  );
});

/** Up and down walk the messages, so that Tab need not stop at each. */
function walk(event: KeyboardEvent<HTMLDivElement>): void {
  const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
  const from = (event.target as Element).closest('[data-key]');
  if (!step || !from) return;
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-key]')];
  const to = all[all.indexOf(from as HTMLElement) + step];
  if (!to) return;
  event.preventDefault();
  to.focus({ preventScroll: false });
}

/** What is on screen while the page is looked at has been read. */
function useReading(store: ConversationStore, head: number, away: boolean): void {
  useEffect(() => {
    const read = () => {
      if (head > 0 && !away && document.visibilityState === 'visible' && document.hasFocus())
        store.markRead(head);
    };
    read();
    document.addEventListener('visibilitychange', read);
    window.addEventListener('focus', read);
    return () => {
      document.removeEventListener('visibilitychange', read);
      window.removeEventListener('focus', read);
    };
  }, [store, head, away]);
}

/** New messages of the other are read out, once each. */
function useSpoken(view: ConversationView, me: string, otherName: string): void {
  const spoken = useRef<number>(undefined);
  useEffect(() => {
    const last = view.entries.at(-1);
    const from = spoken.current;
    spoken.current = last?.seq ?? from;
    if (from === undefined || !last) return;
    for (const { seq, message } of view.entries.slice(-5)) {
      if (seq > from && message.sender !== me) announce(words.conversation.from(otherName, message.text));
    }
  }, [view.entries, me, otherName]);
}
