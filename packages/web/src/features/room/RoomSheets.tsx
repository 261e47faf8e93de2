import type { Person, RoomSnapshot } from '@sotto/protocol';
import { HAND_LINE_MAX, ROOM_TITLE_MAX } from '@sotto/protocol/limits';
import { useId, useState } from 'react';
import { wordsFor } from '../../state/errors.ts';
import type { RoomPerson } from '../../state/room.ts';
import { call } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Confirm } from '../../ui/Confirm.tsx';
import { Field } from '../../ui/Field.tsx';
import { lateSheet } from '../../ui/late.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './OpenRoomSheet.module.css';
import { PersonSheet } from './PersonSheet.tsx';
import { linkOf } from './share.ts';

const HandsSheet = lateSheet(() => import('./HandsSheet.tsx').then(module => module.HandsSheet));
const PingSheet = lateSheet(() => import('./PingSheet.tsx').then(module => module.PingSheet));
const ShareSheet = lateSheet(() => import('../talk/ShareSheet.tsx').then(module => module.ShareSheet));
const EveryoneSheet = lateSheet(() => import('./EveryoneSheet.tsx').then(module => module.EveryoneSheet));

/** What lies over the room; one at a time. */
export type RoomSheet =
  | { name: 'person'; account: string; person?: Person }
  | { name: 'hands' | 'hand' | 'ping' | 'everyone' | 'rename' | 'end' | 'share' };

interface RoomSheetsProps {
  room: RoomSnapshot;
  title: string;
  sheet: RoomSheet | null;
  target: RoomPerson | null;
  onSheet: (sheet: RoomSheet | null) => void;
}

export function RoomSheets({ room, sheet, target, onSheet }: RoomSheetsProps) {
  const close = () => onSheet(null);
  if (!sheet) return null;
  switch (sheet.name) {
    case 'person':
      return target && <PersonSheet key={sheet.account} room={room} target={target} onClose={close} />;
    case 'hand':
      return <HandSheet room={room} onClose={close} />;
    case 'rename':
      return <RenameSheet room={room} onClose={close} />;
    case 'end':
      return (
        <Confirm
          title={words.room.endAsk}
          text={words.room.endText}
          action={words.room.endAction}
          explain={wordsFor}
          onConfirm={() => call('POST /v1/rooms/:room/end', { params: { room: room.info.id } })}
          onClose={close}
        />
      );
    default:
      return (
        <>
          {sheet.name === 'hands' && <HandsSheet room={room} onClose={close} />}
          {sheet.name === 'share' && (
            <ShareSheet
              title={words.share.roomTitle}
              card={{ kind: 'room', room: room.info.id, ...(room.you.key && { key: room.you.key }) }}
              url={linkOf(room)}
              onClose={close}
            />
          )}
          {sheet.name === 'ping' && <PingSheet room={room} onClose={close} />}
          {sheet.name === 'everyone' && (
            <EveryoneSheet
              room={room}
              onClose={close}
              onPerson={person => onSheet({ name: 'person', account: person.id, person })}
            />
          )}
        </>
      );
  }
}

/** One's own hand: the place in line, what one would say, and taking it down. */
function HandSheet({ room, onClose }: { room: RoomSnapshot; onClose: () => void }) {
  const form = useId();
  const params = { room: room.info.id };
  const [line, setLine] = useState(room.you.hand?.line ?? '');
  const raise = useAction(async () => {
    await call('PUT /v1/rooms/:room/hand', { params, body: { line: line.trim() } });
    onClose();
  });
  const lower = useAction(async () => {
    await call('DELETE /v1/rooms/:room/hand', { params });
    onClose();
  });
  const error = raise.error ?? lower.error;
  return (
    <Sheet
      title={room.you.hand ? words.room.handUp(room.you.hand.place) : words.room.handTitle}
      onClose={onClose}
      footer={
        <div className={styles.pair}>
          {room.you.hand && (
            <Button size="l" busy={lower.busy} onClick={lower.start}>
              {words.room.lowerShort}
            </Button>
          )}
          <Button type="submit" form={form} tone="voice" size="l" busy={raise.busy}>
            {room.you.hand ? words.save : words.room.handAction}
          </Button>
        </div>
      }
    >
      <form
        id={form}
        onSubmit={event => {
          event.preventDefault();
          raise.start();
        }}
      >
        <Field
          label={words.room.handLabel}
          placeholder={words.room.handPlaceholder}
          value={line}
          maxLength={HAND_LINE_MAX}
          count={{ of: line.length, max: HAND_LINE_MAX }}
          onChange={event => setLine(event.target.value)}
          error={error ? wordsFor(error) : undefined}
          enterKeyHint="send"
        />
      </form>
    </Sheet>
  );
}

function RenameSheet({ room, onClose }: { room: RoomSnapshot; onClose: () => void }) {
  const form = useId();
  const [title, setTitle] = useState(room.info.title);
  const save = useAction(async () => {
    await call('PATCH /v1/rooms/:room', { params: { room: room.info.id }, body: { title: title.trim() } });
    onClose();
  });
  return (
    <Sheet
      title={words.room.rename}
      onClose={onClose}
      footer={
        <Button type="submit" form={form} tone="voice" size="l" wide busy={save.busy}>
          {words.save}
        </Button>
      }
    >
      <form
        id={form}
        onSubmit={event => {
          event.preventDefault();
          save.start();
        }}
      >
        <Field
          label={words.openRoom.label}
          value={title}
          maxLength={ROOM_TITLE_MAX}
          count={{ of: title.length, max: ROOM_TITLE_MAX }}
          onChange={event => setTitle(event.target.value)}
          error={save.error ? wordsFor(save.error) : undefined}
        />
      </form>
    </Sheet>
  );
}
