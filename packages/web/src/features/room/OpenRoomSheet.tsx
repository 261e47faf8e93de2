import { ROOM_TITLE_MAX } from '@sotto/protocol/limits';
import DoorOpen from 'lucide-react/icons/door-open';
import Lock from 'lucide-react/icons/lock';
import { type FormEvent, useId, useState } from 'react';
import { useLocation } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { readKept, writeKept } from '../../state/kept.ts';
import { paths } from '../../state/route.ts';
import { rooms, unlockSound } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Segmented } from '../../ui/Choice.tsx';
import { Field } from '../../ui/Field.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './OpenRoomSheet.module.css';

const DRAFT = 'roomTitle';

/** Open a room: a title if one likes, who may come in, live. What was typed stays until a room came of it. */
export function OpenRoomSheet({ onClose }: { onClose: () => void }) {
  const [, navigate] = useLocation();
  const [title, setTitle] = useState(() => readKept(DRAFT) ?? '');
  const [visibility, setVisibility] = useState<'open' | 'private'>('open');
  const form = useId();
  const open = useAction(async () => {
    unlockSound();
    const snapshot = await rooms.open({ title: title.trim(), visibility });
    writeKept(DRAFT, null);
    onClose();
    navigate(paths.room(snapshot.info.id));
  });
  const submit = (event: FormEvent) => {
    event.preventDefault();
    open.start();
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
            writeKept(DRAFT, event.target.value || null);
          }}
          error={open.error ? wordsFor(open.error) : undefined}
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
