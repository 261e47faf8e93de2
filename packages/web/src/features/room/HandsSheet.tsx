import type { HandsMode, RoomSnapshot } from '@sotto/protocol';
import HandIcon from 'lucide-react/icons/hand';
import X from 'lucide-react/icons/x';
import { wordsFor } from '../../state/errors.ts';
import { call } from '../../state/sotto.ts';
import { Button, RoundButton } from '../../ui/Button.tsx';
import { Segmented, Switch } from '../../ui/Choice.tsx';
import { Face } from '../../ui/Face.tsx';
import { Row } from '../../ui/Row.tsx';
import { Sheet } from '../../ui/Sheet.tsx';
import { State } from '../../ui/States.tsx';
import { useAction } from '../../ui/useAction.ts';
import { words } from '../../words/index.ts';
import styles from './HandsSheet.module.css';

/** For moderators: who wants the stage, in order, and who may ask (RO-4). */
export function HandsSheet({ room, onClose }: { room: RoomSnapshot; onClose: () => void }) {
  const id = room.info.id;
  const change = useAction((body: { hands?: HandsMode; stageLocked?: boolean }) =>
    call('PATCH /v1/rooms/:room', { params: { room: id }, body }),
  );
  const invite = useAction((account: string) =>
    call('PUT /v1/rooms/:room/invitations/:account', { params: { room: id, account } }),
  );
  const lower = useAction((account: string) =>
    call('DELETE /v1/rooms/:room/hands/:account', { params: { room: id, account } }),
  );
  const error = change.error ?? invite.error ?? lower.error;
  return (
    <Sheet title={words.room.hands} onClose={onClose}>
      {error !== undefined && (
        <p role="alert" className={styles.problem}>
          {wordsFor(error)}
        </p>
      )}
      {room.hands.length === 0 ? (
        <State icon={<HandIcon />} title={words.room.handsEmptyTitle} text={words.room.handsEmptyText} />
      ) : (
        <ol className={styles.queue}>
          {room.hands.map((hand, index) => (
            <li key={hand.person.id}>
              <Row
                lead={
                  <>
                    <span className={styles.place}>{index + 1}</span>
                    <Face
                      id={hand.person.id}
                      name={hand.person.name}
                      picture={hand.person.picture?.small}
                      size={46}
                    />
                  </>
                }
                title={hand.person.name}
                text={hand.line || `@${hand.person.handle}`}
              />
              <Button
                tone="voice"
                size="s"
                disabled={hand.invited || room.info.stageLocked}
                aria-label={`${words.room.invite}: ${hand.person.name}`}
                onClick={() => invite.start(hand.person.id)}
              >
                {hand.invited ? words.room.invited : words.room.invite}
              </Button>
              <RoundButton
                tone="bare"
                small
                label={`${words.room.lowerHandOf}: ${hand.person.name}`}
                icon={<X />}
                onClick={() => lower.start(hand.person.id)}
              />
            </li>
          ))}
        </ol>
      )}
      <div className={styles.mode}>
        <Segmented
          label={words.room.handsMode}
          value={room.info.hands}
          onChange={hands => change.start({ hands })}
          options={[
            { value: 'off', label: words.room.modeOff },
            { value: 'followed', label: words.room.modeFollowed, hint: words.room.modeFollowedHint },
            { value: 'everyone', label: words.room.modeEveryone },
          ]}
        />
        <Switch
          label={words.room.stageLocked}
          hint={words.room.stageLockedHint}
          checked={room.info.stageLocked}
          onChange={stageLocked => change.start({ stageLocked })}
        />
      </div>
    </Sheet>
  );
}
