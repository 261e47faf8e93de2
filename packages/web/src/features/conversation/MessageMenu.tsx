import type { Conversation } from '@sotto/protocol';
import Copy from 'lucide-react/icons/copy';
import EyeOff from 'lucide-react/icons/eye-off';
import Flag from 'lucide-react/icons/flag';
import Pin from 'lucide-react/icons/pin';
import PinOff from 'lucide-react/icons/pin-off';
import ReplyIcon from 'lucide-react/icons/reply';
import SmilePlus from 'lucide-react/icons/smile-plus';
import { type KeyboardEvent, type ReactNode, useEffect, useLayoutEffect, useRef } from 'react';
import { talkOf } from '../../state/conversation.ts';
import { quickEmoji } from '../../state/emoji.ts';
import type { Bubble } from '../../state/thread.ts';
import { copyText } from '../../ui/copy.ts';
import { cx } from '../../ui/cx.ts';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import styles from './MessageMenu.module.css';
import { openSheet } from './message-sheets.ts';
import { usePlace } from './thread-context.ts';
import { usePin } from './usePin.ts';

export interface OpenedMenu {
  bubble: Bubble;
  from: HTMLElement;
}

interface MessageMenuProps {
  menu: OpenedMenu;
  conversation: Conversation | null;
  onClose: () => void;
}

interface Item {
  label: string;
  icon: ReactNode;
  danger?: boolean;
  run: () => void;
}

async function copy(text: string): Promise<void> {
  if (await copyText(text)) note(words.conversation.copied);
  else note(words.conversation.copyFailed, { tone: 'danger' });
}

/** What can be done with a message: six reactions, then the rest. Beside what opened it; Escape closes, focus returns. */
export function MessageMenu({ menu, conversation, onClose }: MessageMenuProps) {
  const { bubble, from } = menu;
  const { me, open, actions } = usePlace();
  const list = useRef<HTMLDivElement>(null);
  const { pinned, pin } = usePin(conversation);
  const { seq, message, mine, text } = bubble;
  const talk = talkOf(conversation);
  const moderator = talk?.moderator ?? false;
  const alive = talk === null || !talk.room.ended;
  const items: Item[] = [];
  if (open && seq !== null)
    items.push({ label: words.conversation.reply, icon: <ReplyIcon />, run: () => actions.reply(bubble) });
  if (text) items.push({ label: words.conversation.copy, icon: <Copy />, run: () => void copy(text) });
  if (moderator && alive && seq !== null)
    items.push(
      pinned === seq
        ? { label: words.conversation.unpin, icon: <PinOff />, run: () => pin(null) }
        : { label: words.conversation.pin, icon: <Pin />, run: () => pin(seq) },
    );
  const sheet = (name: 'report' | 'hide') => () =>
    conversation &&
    message &&
    seq !== null &&
    openSheet({
      name,
      conversation: conversation.id,
      room: talk?.room.id ?? null,
      seq,
      sender: bubble.sender,
    });
  if (moderator && seq !== null)
    items.push({ label: words.conversation.hide, icon: <EyeOff />, danger: true, run: sheet('hide') });
  if (!mine && seq !== null)
    items.push({ label: words.conversation.report, icon: <Flag />, danger: true, run: sheet('report') });

  const close = useRef(onClose);
  close.current = onClose;
  useLayoutEffect(() => {
    const element = list.current;
    if (!element) return;
    element.showPopover();
    place(element, from);
    element.querySelector('button')?.focus();
  }, [from]);
  useEffect(() => {
    const element = list.current;
    const onToggle = (event: Event) => {
      if ((event as ToggleEvent).newState === 'closed') close.current();
    };
    // Not an `auto` popover: lifting the finger of the long press that opened it would close it.
    const onDown = ({ target }: PointerEvent) => {
      if (!element?.contains(target as Node)) element?.hidePopover();
    };
    element?.addEventListener('toggle', onToggle);
    document.addEventListener('pointerdown', onDown, true);
    return () => {
      element?.removeEventListener('toggle', onToggle);
      document.removeEventListener('pointerdown', onDown, true);
    };
  }, []);

  const leave = () => {
    list.current?.hidePopover();
    from.closest<HTMLElement>('article')?.focus({ preventScroll: true });
  };
  const walk = (event: KeyboardEvent) => {
    if (event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      return leave();
    }
    const all = [...(list.current?.querySelectorAll('button') ?? [])];
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const quick = list.current?.querySelectorAll(`.${styles.quick} button`).length ?? 0;
    const inQuick = at < quick;
    const steps: Record<string, number> = {
      ArrowDown: inQuick ? quick : at + 1,
      ArrowUp: inQuick ? -1 : at === quick ? 0 : at - 1,
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      Home: 0,
      End: -1,
    };
    const to = steps[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  };
  const given = new Set(
    message?.reactions.filter(({ accounts }) => accounts.includes(me)).map(({ emoji }) => emoji),
  );
  return (
    <div
      ref={list}
      popover="manual"
      role="menu"
      tabIndex={-1}
      aria-label={words.conversation.actions}
      className={styles.menu}
      onKeyDown={walk}
    >
      {open && seq !== null && (
        // biome-ignore lint/a11y/useSemanticElements: a group of menu items is no fieldset.
        <div className={styles.quick} role="group" aria-label={words.conversation.react}>
          {quickEmoji.map(emoji => (
            <button
              key={emoji}
              type="button"
              role="menuitemcheckbox"
              aria-checked={given.has(emoji)}
              aria-label={words.conversation.reactWith(emoji)}
              onClick={() => {
                leave();
                actions.toggle(bubble, emoji);
              }}
            >
              {emoji}
            </button>
          ))}
          <button
            type="button"
            role="menuitem"
            aria-label={words.conversation.moreEmoji}
            onClick={() => {
              leave();
              actions.openPicker(bubble);
            }}
          >
            <SmilePlus />
          </button>
        </div>
      )}
      {items.map(item => (
        <button
          key={item.label}
          type="button"
          role="menuitem"
          className={cx(styles.item, item.danger && styles.danger)}
          onClick={() => {
            leave();
            item.run();
          }}
        >
          {item.icon}
          {item.label}
        </button>
      ))}
    </div>
  );
}

/** Beside what opened it, within the window. */
function place(menu: HTMLElement, from: HTMLElement): void {
  const by = (
    from.matches('article') ? (from.querySelector('[data-bubble]') ?? from) : from
  ).getBoundingClientRect();
  const { offsetWidth, offsetHeight } = menu;
  const under = by.bottom + 6;
  const over = by.top - offsetHeight - 6;
  const top =
    under + offsetHeight < innerHeight - 8 ? under : over > 8 ? over : innerHeight - offsetHeight - 12;
  const atEnd = by.left + by.width / 2 > innerWidth / 2;
  const left = atEnd ? by.right - offsetWidth : by.left;
  menu.style.top = `${Math.max(8, top)}px`;
  menu.style.left = `${Math.min(Math.max(8, left), innerWidth - offsetWidth - 8)}px`;
}
