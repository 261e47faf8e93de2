import type { RoomCard } from '@sotto/protocol';
import AudioLines from 'lucide-react/icons/audio-lines';
import Lock from 'lucide-react/icons/lock';
import Mic from 'lucide-react/icons/mic';
import Users from 'lucide-react/icons/users';
import { titleOf, whyOf } from '../../state/hallway.ts';
import { cx } from '../../ui/cx.ts';
import { FacePair } from '../../ui/Face.tsx';
import { words } from '../../words/index.ts';
import styles from './RoomCardView.module.css';

interface RoomCardViewProps {
  card: RoomCard;
  /** The viewer is in it. */
  here: boolean;
  onEnter: () => void;
}

/** The names that fit on a card. */
const NAMES = 4;

export function RoomCardView({ card, here, onEnter }: RoomCardViewProps) {
  const faces = card.stage.map(person => ({
    id: person.id,
    name: person.name,
    picture: person.picture?.small ?? null,
  }));
  const why = whyOf(card);
  return (
    <article className={cx(styles.card, here && styles.here)}>
      {(card.visibility === 'private' || here) && (
        <p className={styles.above}>
          {here && (
            <span className={styles.inIt}>
              <AudioLines aria-hidden="true" /> {words.hallway.here}
            </span>
          )}
          {card.visibility === 'private' && (
            <span>
              <Lock aria-hidden="true" /> {words.hallway.privateRoom}
            </span>
          )}
        </p>
      )}
      <h2>
        <button type="button" dir="auto" onClick={onEnter}>
          {titleOf(card)}
        </button>
      </h2>
      <div className={styles.body}>
        <FacePair people={faces.slice(0, 2)} size={46} />
        <ul>
          {card.stage.slice(0, NAMES).map(person => (
            <li key={person.id}>
              <span dir="auto">{person.name}</span> <AudioLines aria-hidden="true" />
            </li>
          ))}
        </ul>
      </div>
      <footer>
        <span className={styles.why} dir="auto">
          {why}
        </span>
        <span className={styles.count}>
          <span className="visually-hidden">{words.hallway.counts(card.count, card.stageCount)}</span>
          <span aria-hidden="true">
            {words.number(card.count)} <Users /> · {words.number(card.stageCount)} <Mic />
          </span>
        </span>
      </footer>
    </article>
  );
}
