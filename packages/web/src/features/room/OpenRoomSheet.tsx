import { ROOM_TITLE_MAX, ROOM_TOPICS_MAX } from '@sotto/protocol/limits';
import DoorOpen from 'lucide-react/icons/door-open';
import Lock from 'lucide-react/icons/lock';
import { type FormEvent, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { roomTitleDraft } from '../../state/drafts.ts';
import { wordsFor } from '../../state/errors.ts';
import { paths } from '../../state/route.ts';
import { rooms, unlockSound } from '../../state/sotto.ts';
import { readTopics } from '../../state/topics.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './OpenRoomSheet.module.css';

/** Open a room: a title if one likes, who may come in, live. What was typed stays until a room came of it. */
export function OpenRoomSheet({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [title, setTitle] = useState(() => roomTitleDraft.get());
  const [topics, setTopics] = useState('');
  const [problem, setProblem] = useState<string>();
  const [visibility, setVisibility] = useState<'open' | 'private'>('open');
  const form = useId();
  const open = useAction(async (topics: string[]) => {
    unlockSound();
    const snapshot = await rooms.open({ title: title.trim(), topics, visibility });
    roomTitleDraft.set('');
    onClose();
    navigate(paths.room(snapshot.info.id));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = readTopics(topics);
    setProblem('problem' in read ? read.problem : undefined);
    if ('topics' in read) open.start(read.topics);
  };
  return (
    <Sheet
      title={words.openRoom.title}
      onClose={onClose}
      footer={
        <Button type="submit" form={form} tone="voice" size="l" wide busy={open.busy}>
          {words.openRoom.action}
        </Button>
      }
    >
      <form id={form} className={styles.form} onSubmit={submit}>
        <Field
          label={words.openRoom.label}
          placeholder={words.openRoom.placeholder}
          value={title}
          maxLength={ROOM_TITLE_MAX}
          count={{ of: title.length, max: ROOM_TITLE_MAX }}
          onChange={event => {
            setTitle(event.target.value);
            roomTitleDraft.set(event.target.value);
          }}
          error={open.error ? wordsFor(open.error) : undefined}
          enterKeyHint="go"
        />
        <Field
          label={words.openRoom.topics}
          placeholder={words.openRoom.topicsPlaceholder}
          hint={words.openRoom.topicsHint(ROOM_TOPICS_MAX)}
          value={topics}
          onChange={event => {
            setTopics(event.target.value);
            setProblem(undefined);
          }}
          error={problem}
          enterKeyHint="go"
        />
        <Segmented
          label={words.openRoom.visibility}
          value={visibility}
          onChange={setVisibility}
          options={[
            { value: 'open', label: words.openRoom.open, hint: words.openRoom.openHint, icon: <DoorOpen /> },
            {
              value: 'private',
              label: words.openRoom.private,
              hint: words.openRoom.privateHint,
              icon: <Lock />,
            },
          ]}
        />
        <p className={styles.note}>{words.openRoom.note}</p>
      </form>
    </Sheet>
  );
}
