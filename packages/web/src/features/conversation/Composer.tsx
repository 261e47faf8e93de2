import type { Conversation } from '@sotto/protocol';
import type { ConversationStore, NewFile } from '@sotto/sdk';
import ArrowUp from 'lucide-react/icons/arrow-up';
import Mic from 'lucide-react/icons/mic';
import X from 'lucide-react/icons/x';
import {
  type ClipboardEvent,
  type KeyboardEvent,
  useEffect,
  useId,
  useLayoutEffect,
  useRef,
  useState,
} from 'react';
import { sentTo } from '../../state/given.ts';
import { knowsPermanence } from '../../state/prefs.ts';
import { audio } from '../../state/sotto.ts';
import { allowanceOf, COUNTED } from '../../state/writing.ts';
import { RoundButton } from '../../ui/Button.tsx';
import { lateSheet } from '../../ui/late.tsx';
import { useMedia } from '../../ui/useMedia.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { AttachButton } from './AttachButton.tsx';
import { ChosenStrip } from './ChosenStrip.tsx';
import styles from './Composer.module.css';
import { EmojiButton } from './EmojiButton.tsx';
import { MentionList } from './MentionList.tsx';
import { QuoteText } from './Quote.tsx';
import { useCountdown } from './useCountdown.ts';
import type { Draft } from './useDraft.ts';
import type { ChosenFiles } from './useFiles.ts';
import { useMentions } from './useMentions.ts';

const VoiceRecorder = lateSheet(() => import('./VoiceRecorder.tsx').then(module => module.VoiceRecorder));

interface ComposerProps {
  store: ConversationStore;
  conversation: Conversation;
  me: string;
  nameOf: (account: string) => string;
  draft: Draft;
  chosen: ChosenFiles;
  /** ms since the epoch, in a talk that is slowed down; else 0. */
  slowUntil: number;
  /** Inside another screen: it does not take the focus by itself. */
  compact: boolean;
}

/** Pixels the field grows to where the browser does not size it by its content. */
const TALLEST = 180;

export function placeholderOf(conversation: Conversation, title: string): string {
  if (conversation.kind === 'room') return words.conversation.placeholderEveryone;
  if (conversation.kind === 'stage') return words.conversation.placeholderStage;
  return words.conversation.placeholder(title);
}

/** Where one writes: text, files, a voice note, an answer. It grows with the text, and says why something cannot go. */
export function Composer(props: ComposerProps & { title: string }) {
  const { store, conversation, me, nameOf, draft, chosen, slowUntil, compact, title } = props;
  const { text, setText, reply, setReply } = draft;
  const [recording, setRecording] = useState<number | null>(null);
  const field = useRef<HTMLTextAreaElement>(null);
  const mentionsId = useId();
  const finger = useMedia('(pointer: coarse)');
  const { max, files } = allowanceOf(conversation);
  // UTF-16 units, as the contract counts them.
  const left = max - text.trim().length;
  const wait = useCountdown(slowUntil);
  const mentions = useMentions({ store, conversation, me, text, setText, field });
  const measuring = chosen.files.some(({ measuring }) => measuring);
  const something = text.trim() !== '' || chosen.files.length > 0;
  const ready = something && left >= 0 && wait === 0 && !measuring;

  // biome-ignore lint/correctness/useExhaustiveDependencies: the text is what makes it taller.
  useLayoutEffect(() => {
    const area = field.current;
    if (!area || CSS.supports('field-sizing', 'content')) return;
    area.style.height = 'auto';
    area.style.height = `${Math.min(area.scrollHeight, TALLEST)}px`;
  }, [text]);
  // What one is about to answer is answered at once.
  const answering = reply?.seq;
  useEffect(() => {
    if (answering !== undefined) field.current?.focus();
  }, [answering]);

  const post = (more: readonly NewFile[]) => {
    const message = {
      text,
      files: [...chosen.take(), ...more],
      ...(reply ? { reply: reply.seq } : {}),
    };
    if (store.send(message) === null) return;
    sentTo(conversation.id).catch(() => {}); // What is kept goes by itself after a day.
    setText('');
    setReply(null);
    mentions.close();
    field.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (mentions.onKey(event.key)) return event.preventDefault();
    if (event.key === 'Escape' && reply) {
      event.stopPropagation();
      return setReply(null);
    }
    if (event.key !== 'Enter' || event.shiftKey || finger) return;
    event.preventDefault();
    if (ready) post([]);
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0 || !files || event.clipboardData.types.includes('text/plain')) return;
    event.preventDefault();
    chosen.add(pasted);
  };
  const insert = (emoji: string) => {
    const area = field.current;
    const at = area?.selectionStart ?? text.length;
    setText(text.slice(0, at) + emoji + text.slice(area?.selectionEnd ?? at));
    requestAnimationFrame(() => area?.setSelectionRange(at + emoji.length, at + emoji.length));
  };
  const label = placeholderOf(conversation, title);
  const option = mentions.found.length > 0 ? `${mentionsId}-${mentions.current}` : undefined;
  return (
    <form
      className={styles.composer}
      onSubmit={event => {
        event.preventDefault();
        if (ready) post([]);
      }}
    >
      {mentions.found.length > 0 && (
        <MentionList
          id={mentionsId}
          people={mentions.found}
          current={mentions.current}
          onPoint={mentions.point}
          onPick={mentions.pick}
        />
      )}
      <Hints conversation={conversation} wait={wait} left={left} />
      {reply && (
        <div className={styles.reply}>
          <QuoteText
            reply={reply}
            name={
              reply.sender === me
                ? words.conversation.replyingToYourself
                : words.conversation.replyingTo(nameOf(reply.sender))
            }
          />
          <RoundButton
            tone="bare"
            label={words.conversation.cancelReply}
            icon={<X />}
            onClick={() => setReply(null)}
          />
        </div>
      )}
      <ChosenStrip files={chosen.files} onRemove={chosen.remove} />
      {recording !== null ? (
        <div className={styles.line}>
          <VoiceRecorder
            pressedAt={recording}
            deviceId={audio.getSnapshot().input}
            onSend={file => post([file])}
            onClose={() => setRecording(null)}
          />
        </div>
      ) : (
        <div className={styles.line}>
          {files && <AttachButton onFiles={chosen.add} />}
          <div className={styles.field}>
            <textarea
              ref={field}
              rows={1}
              // biome-ignore lint/a11y/noAutofocus: one opens a conversation to write; on a phone the keyboard waits for a tap.
              autoFocus={!finger && !compact}
              dir="auto"
              value={text}
              aria-label={label}
              aria-invalid={left < 0 || undefined}
              aria-autocomplete={conversation.kind === 'direct' ? undefined : 'list'}
              aria-controls={option && mentionsId}
              aria-activedescendant={option}
              enterKeyHint={finger ? 'enter' : 'send'}
              onChange={event => {
                setText(event.target.value);
                mentions.look();
                if (event.target.value.trim()) store.typing();
              }}
              onSelect={mentions.look}
              onBlur={mentions.close}
              onKeyDown={onKeyDown}
              onPaste={onPaste}
            />
            {/* The browser's own is cut without dots while the field has the focus. */}
            {text === '' && (
              <span className={styles.placeholder} aria-hidden="true">
                {label}
              </span>
            )}
          </div>
          {!finger && <EmojiButton onPick={insert} />}
          {something || !files ? (
            <RoundButton
              type="submit"
              tone="whisper"
              label={words.conversation.send}
              icon={<ArrowUp />}
              disabled={!ready}
              // The keyboard stays up, and the field keeps the focus.
              onPointerDown={event => event.preventDefault()}
            />
          ) : (
            <RoundButton
              tone="whisper"
              label={words.conversation.record}
              icon={<Mic />}
              disabled={wait > 0}
              onPointerDown={event => event.button === 0 && setRecording(Date.now())}
              onClick={() => setRecording(now => now ?? Date.now())}
            />
          )}
        </div>
      )}
    </form>
  );
}

/** What one should know before sending. */
function Hints({ conversation, wait, left }: { conversation: Conversation; wait: number; left: number }) {
  const knows = useReadable(knowsPermanence);
  const request = conversation.kind === 'direct' && conversation.asRequest;
  const slow = 'slowSeconds' in conversation && !conversation.moderator ? conversation.slowSeconds : 0;
  const off = 'on' in conversation && !conversation.on;
  return (
    <>
      {request && <p className={styles.hint}>{words.conversation.asRequest(conversation.with.name)}</p>}
      {knows === 'no' && (
        <p className={styles.hint}>
          {words.conversation.permanence}
          <button type="button" onClick={() => knowsPermanence.set('yes')}>
            {words.conversation.permanenceOk}
          </button>
        </p>
      )}
      {off && <p className={styles.hint}>{words.conversation.offForOthers}</p>}
      {slow > 0 && (
        <p className={styles.hint}>
          {wait > 0 ? words.conversation.slowWait(wait) : words.conversation.slow(slow)}
        </p>
      )}
      {left < 0 ? (
        <p className={styles.over} role="alert">
          {words.conversation.tooLong(-left)}
        </p>
      ) : (
        left <= COUNTED && <p className={styles.hint}>{words.conversation.left(left)}</p>
      )}
    </>
  );
}
