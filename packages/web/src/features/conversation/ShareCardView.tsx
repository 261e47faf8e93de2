import type { RoomCard, ShareCard } from '@sotto/protocol';
import AudioLines from 'lucide-react/icons/audio-lines';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { codeOf } from '../../state/errors.ts';
import { titleOf } from '../../state/hallway.ts';
import { paths } from '../../state/route.ts';
import { call, rooms } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useEnterRoom } from '../room/useEnterRoom.ts';
import styles from './ShareCard.module.css';
import { usePlace } from './thread-context.ts';

/** Milliseconds after which the state of a room that is on the screen is asked for again. */
const REFRESH = 20_000;

/** Something of Sotto that was handed on, as it is now (BC-5). */
export function ShareCardView({ card, pending = false }: { card: ShareCard; pending?: boolean }) {
  if (card.kind === 'profile') return <ProfileCard account={card.account} pending={pending} />;
  return <LiveRoom id={card.room} roomKey={card.key} />;
}

function LiveRoom({ id, roomKey }: { id: string; roomKey: string | undefined }) {
  const { loaded, reload } = useLoad(id, signal =>
    call('GET /v1/rooms/:room', {
      params: { room: id },
      query: roomKey ? { key: roomKey } : {},
      signal,
    }),
  );
  const here = useReadable(rooms.room);
  const inside = here.state === 'in' && here.room === id;
  const over = loaded.state === 'failed' && ['room_ended', 'not_found'].includes(codeOf(loaded.error) ?? '');
  const enter = useEnterRoom();
  useEffect(() => {
    if (over) return;
    const look = () => document.visibilityState === 'visible' && reload();
    const timer = setInterval(look, REFRESH);
    document.addEventListener('visibilitychange', look);
    return () => {
      clearInterval(timer);
      document.removeEventListener('visibilitychange', look);
    };
  }, [over, reload]);
  return (
    <RoomCardInBubble
      state={over ? 'over' : loaded.state === 'ready' ? loaded.value.card : null}
      inside={inside}
      onEnter={() => enter(id, roomKey)}
    />
  );
}

interface RoomCardInBubbleProps {
  /** Null: not known yet. */
  state: RoomCard | 'over' | null;
  inside: boolean;
  onEnter: () => void;
}

/** A room in a message: live with a way in, or over. It has its height before its state is known. */
export function RoomCardInBubble({ state, inside, onEnter }: RoomCardInBubbleProps) {
  const card = state === 'over' ? null : state;
  return (
    <div className={styles.card} data-live={card !== null || undefined}>
      <AudioLines className={styles.mark} aria-hidden="true" />
      <span className={styles.text}>
        <b dir="auto">
          {card ? titleOf(card) : state === 'over' ? words.conversation.roomOver : words.conversation.room}
        </b>
        {card && (
          <small>
            {words.conversation.roomLive(card.count)}
            {inside && ` · ${words.conversation.roomHere}`}
          </small>
        )}
      </span>
      {card && (
        <Button tone="voice" size="s" onClick={onEnter}>
          {inside ? words.conversation.roomOpen : words.conversation.roomJoin}
        </Button>
      )}
    </div>
  );
}

/** While it is on its way, nobody has said yet whom it shows. */
function ProfileCard({ account, pending }: { account: string; pending: boolean }) {
  const { personOf } = usePlace();
  const person = personOf(account);
  if (!person)
    return (
      <div className={styles.card}>{pending ? words.conversation.profile : words.conversation.shareGone}</div>
    );
  return (
    <Link href={paths.profile(person.handle)} className={styles.card}>
      <Face id={person.id} name={person.name} picture={person.picture?.small} size={40} />
      <span className={styles.text}>
        <b dir="auto">{person.name}</b>
        <small dir="ltr">@{person.handle}</small>
      </span>
    </Link>
  );
}
