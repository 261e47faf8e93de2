import { isSottoError, type OutReason } from '@sotto/sdk';
import DoorClosed from 'lucide-react/icons/door-closed';
import DoorOpen from 'lucide-react/icons/door-open';
import { useLocation } from 'wouter';
import { wordsFor } from '../../state/errors.ts';
import { titleOf, whyOf } from '../../state/hallway.ts';
import { paths } from '../../state/route.ts';
import { call, rooms } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { FacePair } from '../../ui/Face.tsx';
import { Skeleton } from '../../ui/Skeleton.tsx';
import { State } from '../../ui/States.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { Page } from '../shell/Page.tsx';
import styles from './RoomScreen.module.css';
import { RoomView } from './RoomView.tsx';
import { useEnterRoom } from './useEnterRoom.ts';

/** The address of a room: the room itself while one is in it, else its door, or why one is out. */
export function RoomScreen({ id, wide }: { id: string; wide: boolean }) {
  const state = useReadable(rooms.room);
  if (state.state === 'in' && state.room === id)
    return <RoomView key={id} room={state.snapshot} wide={wide} />;
  if (state.state === 'entering' && (state.room === id || state.room === null)) return <Entering />;
  if (state.state === 'out' && state.last?.room === id) return <Out id={id} reason={state.last.reason} />;
  return <Door id={id} />;
}

function Entering() {
  return (
    <Page title={words.room.entering} back={paths.hallway}>
      <Skeleton kind="face" rows={6} />
    </Page>
  );
}

function Out({ id, reason }: { id: string; reason: OutReason }) {
  const [, navigate] = useLocation();
  const enter = useEnterRoom();
  const again = reason === 'moved' ? words.room.takeBack : words.room.enter;
  const mayReturn = reason === 'moved' || reason === 'left' || reason === 'gone';
  return (
    <Page title={words.room.outTitle[reason]} head={<span />} back={paths.hallway}>
      <State
        icon={<DoorClosed />}
        title={words.room.outTitle[reason]}
        text={words.room.out[reason]}
        action={
          <div className={styles.pair}>
            <Button tone={mayReturn ? 'quiet' : 'voice'} onClick={() => navigate(paths.hallway)}>
              {words.notFound.action}
            </Button>
            {mayReturn && (
              <Button tone="voice" onClick={() => enter(id)}>
                {again}
              </Button>
            )}
            {reason === 'ended' && <ReadTalk room={id} />}
          </div>
        }
      />
    </Page>
  );
}

/** What was written in a room stays to be read by those who were there (BC-3). */
function ReadTalk({ room }: { room: string }) {
  const [, navigate] = useLocation();
  const talk = useLoad(`talk:${room}`, signal =>
    call('GET /v1/rooms/:room/talk', { params: { room }, signal }),
  );
  if (talk.state !== 'ready') return null;
  const { room: all, stage } = talk.value;
  const written = [all, ...(stage ? [stage] : [])].filter(each => each.last !== null);
  return written.map(each => (
    <Button key={each.id} tone="whisper" onClick={() => navigate(paths.conversation(each.id))}>
      {each.kind === 'stage' ? words.talk.readStage : words.talk.read}
    </Button>
  ));
}

/** What a link to a room shows before one walks in: a tap is needed anyway, for the browser to play sound. */
function Door({ id }: { id: string }) {
  const [, navigate] = useLocation();
  const enter = useEnterRoom();
  const key = new URLSearchParams(location.search).get('key') ?? undefined;
  const door = useLoad(`door:${id}`, signal =>
    call('GET /v1/rooms/:room', { params: { room: id }, query: key ? { key } : {}, signal }),
  );
  if (door.state === 'loading')
    return (
      <Page title={words.room.doorTitle} head={<span />} back={paths.hallway}>
        <Skeleton kind="card" rows={1} />
      </Page>
    );
  if (door.state === 'failed') {
    const over = isSottoError(door.error, 'room_ended') ? door.error : null;
    return (
      <Page title={words.notFound.title} head={<span />} back={paths.hallway}>
        <State
          alert
          icon={<DoorClosed />}
          title={over?.details.title || words.room.doorClosed}
          text={wordsFor(door.error)}
          action={
            <div className={styles.pair}>
              <Button tone="voice" onClick={() => navigate(paths.hallway)}>
                {words.notFound.action}
              </Button>
              {over && <ReadTalk room={id} />}
            </div>
          }
        />
      </Page>
    );
  }
  const { card } = door.value;
  const why = whyOf(card);
  return (
    <Page title={words.room.doorTitle} head={<span />} back={paths.hallway}>
      <div className={styles.door}>
        <p className={styles.ajar}>
          <DoorOpen aria-hidden="true" />
          {words.room.doorTitle}
        </p>
        <h2 dir="auto">{titleOf(card)}</h2>
        <FacePair
          people={card.stage.map(({ id, name, picture }) => ({ id, name, picture: picture?.large ?? null }))}
          size={84}
        />
        <p>{words.list(card.stage.slice(0, 4).map(person => person.name))}</p>
        <p className={styles.counts}>
          {words.hallway.counts(card.count, card.stageCount)}
          {why && ` · ${why}`}
        </p>
        <Button tone="voice" size="l" wide onClick={() => enter(id, key)}>
          {words.room.enter}
        </Button>
      </div>
    </Page>
  );
}
