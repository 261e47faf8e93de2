import type { RoomCard, ShareCard } from '@sotto/protocol';
import { isSottoError } from '@sotto/sdk';
import AudioLines from 'lucide-react/icons/audio-lines';
import { useEffect } from 'react';
import { Link } from 'wouter';
import { titleOf } from '../../state/hallway.ts';
import { paths } from '../../state/route.ts';
import { call, rooms } from '../../state/sotto.ts';
import { Button } from '../../ui/Button.tsx';
import { Face } from '../../ui/Face.tsx';
import { type Loaded, useLoad } from '../../ui/useLoad.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { useEnterRoom } from '../room/useEnterRoom.ts';
import styles from './ShareCard.module.css';
import { usePlace } from './thread-context.ts';

/** Milliseconds after which the state of a room that is on the screen is asked for again. */
const REFRESH = 20_000;

/** A room that is over, by the name it had; empty where nobody named it. */
interface Over {
  over: string;
}

/** As it was when last seen on this device: without the network, and while a thread draws it anew. */
const lastSeen = new Map<string, RoomCard | Over>();

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
  const state = stateOf(loaded) ?? lastSeen.get(id) ?? null;
  if (state) lastSeen.set(id, state);
  const over = state !== null && 'over' in state;
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
  return <RoomCardInBubble state={state} inside={inside} onEnter={() => enter(id, roomKey)} />;
}

/** What the server said; null while it has not, or could not be asked. */
function stateOf(loaded: Loaded<{ card: RoomCard }>): RoomCard | Over | null {
  if (loaded.state === 'ready') return loaded.value.card;
  if (loaded.state === 'loading') return null;
  const { error } = loaded;
  if (isSottoError(error, 'room_ended')) return { over: error.details.title ?? '' };
  return isSottoError(error, 'not_found') ? { over: '' } : null;
}

interface RoomCardInBubbleProps {
  /** Null: not known yet. */
  state: RoomCard | Over | null;
  inside: boolean;
  onEnter: () => void;
}

/** A room in a message: live with a way in, or over. It has its height before its state is known. */
function RoomCardInBubble({ state, inside, onEnter }: RoomCardInBubbleProps) {
  const over = state !== null && 'over' in state ? state : null;
  const card = state !== null && 'over' in state ? null : state;
  const name = card ? titleOf(card) : over?.over;
  return (
    <div className={styles.card} data-live={card !== null || undefined}>
      <AudioLines className={styles.mark} aria-hidden="true" />
      <span className={styles.text}>
        <b dir="auto">{name || (over ? words.conversation.roomOver : words.conversation.room)}</b>
        {over && name && <small>{words.conversation.roomOver}</small>}
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
