import type { Conversation, RoomSnapshot } from '@sotto/protocol';
import MessagesSquare from 'lucide-react/icons/messages-square';
import SlidersHorizontal from 'lucide-react/icons/sliders-horizontal';
import X from 'lucide-react/icons/x';
import { type KeyboardEvent, useEffect, useId, useRef, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import { sotto } from '../../state/sotto.ts';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import { lateSheet } from '../../ui/late.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { ConversationPanel } from '../conversation/ConversationPanel.tsx';
import { MicButton } from '../room/MicButton.tsx';
import { RoomBanners } from '../room/RoomBanners.tsx';
import { useRoomActions } from '../room/useRoomActions.ts';
import { OwnConversations } from './OwnConversations.tsx';
import { closeTalk, openedTalk, showTab, type TalkTab } from './opened.ts';
import styles from './TalkPanel.module.css';
import { useSwipe } from './useSwipe.ts';
import { useTalk, useUnread } from './useTalk.ts';

const TalkSettings = lateSheet(() => import('./TalkSettings.tsx').then(module => module.TalkSettings));

interface TalkPanelProps {
  room: RoomSnapshot;
  /** Beside the room, not over it. */
  wide: boolean;
}

/** The written side of a room: everyone's, the stage's while one is on it, and one's own conversations (BC-3, BC-4). */
export function TalkPanel({ room, wide }: TalkPanelProps) {
  const talk = useTalk(room.info.id);
  const opened = useReadable(openedTalk);
  const unread = useUnread(talk);
  const actions = useRoomActions(room);
  const [settings, setSettings] = useState(false);
  const panel = useRef<HTMLElement>(null);
  const id = useId();
  const swipe = useSwipe({ right: closeTalk });
  useEscape(closeTalk);

  const onStage = room.you.role !== 'listener' && talk.stage !== null;
  const tab: TalkTab = opened.tab === 'stage' && !onStage ? 'everyone' : opened.tab;
  useStageGone(onStage, opened.tab);
  // biome-ignore lint/correctness/useExhaustiveDependencies: once, when it opens.
  useEffect(() => {
    if (!wide) panel.current?.querySelector<HTMLElement>('[role=tab][aria-selected=true]')?.focus();
  }, []);

  const tabs: { tab: TalkTab; label: string; news: boolean }[] = [
    { tab: 'everyone', label: words.talk.everyone, news: (talk.room?.unread ?? 0) > 0 },
    ...(onStage
      ? [{ tab: 'stage' as const, label: words.talk.stage, news: (talk.stage?.unread ?? 0) > 0 }]
      : []),
    { tab: 'yours', label: words.talk.yours, news: unread.direct > 0 },
  ];
  const shown = tab === 'everyone' ? talk.room : tab === 'stage' ? talk.stage : null;
  const mayModerate = shown !== null && isModerated(shown) && room.you.role === 'moderator';
  return (
    <section
      ref={panel}
      className={cx(styles.panel, wide ? styles.beside : styles.over)}
      aria-label={words.talk.title}
    >
      <header className={styles.head} {...(wide ? {} : swipe)}>
        <div role="tablist" aria-label={words.talk.title} className={styles.tabs} onKeyDown={walk}>
          {tabs.map(each => (
            <button
              key={each.tab}
              id={`${id}-${each.tab}`}
              type="button"
              role="tab"
              aria-selected={each.tab === tab}
              aria-controls={`${id}-panel`}
              tabIndex={each.tab === tab ? 0 : -1}
              onClick={() => showTab(each.tab)}
            >
              {each.label}
              {each.news && each.tab !== tab && (
                <span className={styles.dot}>
                  <span className="visually-hidden">{words.conversation.unreadLine}</span>
                </span>
              )}
            </button>
          ))}
        </div>
        {!wide && room.you.role !== 'listener' && (
          <MicButton muted={room.you.muted} onPress={actions.toggleMute} />
        )}
        {mayModerate && (
          <RoundButton
            tone="bare"
            label={words.talk.settings}
            icon={<SlidersHorizontal />}
            onClick={() => setSettings(true)}
          />
        )}
        <RoundButton tone="bare" label={words.talk.close} icon={<X />} onClick={closeTalk} />
      </header>
      {/* What the room asks of one is under this panel: it must not be missed. */}
      {!wide && (
        <div className={styles.banners}>
          <RoomBanners room={room} />
        </div>
      )}
      {tab === 'stage' && <p className={styles.about}>{words.talk.onlyStage}</p>}
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab}`} className={styles.body}>
        {tab === 'yours' ? (
          <OwnConversations conversation={opened.conversation} />
        ) : shown ? (
          <ConversationPanel key={shown.id} conversationId={shown.id} compact />
        ) : talk.state === 'failed' ? (
          <State
            alert
            icon={<MessagesSquare />}
            title={words.talk.failedTitle}
            text={wordsFor({ code: talk.error, details: {} })}
            action={<Button onClick={() => sotto.talk(room.info.id).open()()}>{words.retry}</Button>}
          />
        ) : (
          <div className={styles.loading}>
            <Skeleton kind="bubble" rows={5} />
          </div>
        )}
      </div>
      {settings && mayModerate && shown && (
        <TalkSettings
          room={room.info.id}
          conversation={shown}
          label={tab === 'stage' ? words.talk.stage : words.talk.everyone}
          onClose={() => setSettings(false)}
        />
      )}
    </section>
  );
}

const isModerated = (
  conversation: Conversation,
): conversation is Extract<Conversation, { kind: 'room' | 'stage' }> =>
  (conversation.kind === 'room' || conversation.kind === 'stage') && conversation.moderator;

/** Left and right go from tab to tab. */
function walk(event: KeyboardEvent<HTMLElement>): void {
  const all = [...event.currentTarget.querySelectorAll<HTMLElement>('[role=tab]')];
  const rtl = getComputedStyle(event.currentTarget).direction === 'rtl';
  const step = { ArrowRight: rtl ? -1 : 1, ArrowLeft: rtl ? 1 : -1 }[event.key];
  const at = all.indexOf(event.target as HTMLElement);
  const to = step === undefined || at < 0 ? undefined : all.at((at + step) % all.length);
  if (!to) return;
  event.preventDefault();
  to.focus();
  to.click();
}

/** Who was reading the stage's talk and leaves the stage is told why it is gone. */
function useStageGone(onStage: boolean, tab: TalkTab): void {
  const before = useRef(onStage);
  useEffect(() => {
    if (before.current && !onStage && tab === 'stage') showTab('everyone');
    before.current = onStage;
  }, [onStage, tab]);
}

/** Escape closes what is on top: here before the room. */
function useEscape(close: () => void): void {
  useEffect(() => {
    const onKey = (event: globalThis.KeyboardEvent) => {
      if (event.key !== 'Escape' || event.defaultPrevented) return;
      if (document.querySelector('dialog[open], [popover=auto]:popover-open')) return;
      event.preventDefault();
      close();
    };
    document.addEventListener('keydown', onKey, true);
    return () => document.removeEventListener('keydown', onKey, true);
  }, [close]);
}
