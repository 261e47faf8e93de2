import type { Conversation } from '@sotto/protocol';
import { TALK_SLOW_CHOICES } from '@sotto/protocol/limits';
import { wordsFor } from '../../state/errors.ts';
import { sotto } from '../../state/sotto.ts';
import { Segmented, Switch } from '../../ui/Choice.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './TalkPanel.module.css';

type Slow = (typeof TALK_SLOW_CHOICES)[number];

const labelOf = (seconds: Slow): string =>
  seconds === 0
    ? words.talk.slowNone
    : seconds === 60
      ? words.talk.slowMinute
      : words.talk.slowSeconds(seconds);

interface TalkSettingsProps {
  room: string;
  conversation: Extract<Conversation, { kind: 'room' | 'stage' }>;
  label: string;
  onClose: () => void;
}

/** Switching a talk off, and slowing it down: takes effect at once (BC-3). */
export function TalkSettings({ room, conversation, label, onClose }: TalkSettingsProps) {
  const change = useAction((changes: { on?: boolean; slowSeconds?: Slow }) =>
    sotto.talk(room).change(conversation.id, changes),
  );
  return (
    <Sheet title={words.talk.settingsOf(label)} onClose={onClose}>
      <div className={styles.settings}>
        <Switch
          label={words.talk.on}
          hint={words.talk.onHint}
          checked={conversation.on}
          onChange={on => change.start({ on })}
        />
        <Segmented
          label={words.talk.slow}
          value={String(conversation.slowSeconds)}
          options={TALK_SLOW_CHOICES.map(seconds => ({
            value: String(seconds),
            label: labelOf(seconds),
            hint: seconds === 0 ? words.talk.slowNoneHint : words.talk.slowHint(seconds),
          }))}
          onChange={value => {
            const slowSeconds = TALK_SLOW_CHOICES.find(each => String(each) === value);
            if (slowSeconds !== undefined) change.start({ slowSeconds });
          }}
        />
        {change.error !== undefined && <p role="alert">{wordsFor(change.error)}</p>}
      </div>
    </Sheet>
  );
}
