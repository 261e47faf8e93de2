import Hand from 'lucide-react/icons/hand';
import MicOff from 'lucide-react/icons/mic-off';
import { type CSSProperties, useRef, useState } from 'react';
import { cx } from './cx.ts';
import styles from './Face.module.css';
import { hueOf, initialsOf } from './initials.ts';
import { type LevelSource, useLevel } from './level.ts';

export interface FaceProps {
  /** Decides the colour: the account's id, so that it stays the same under a new name. */
  id: string;
  name: string;
  picture?: string | null | undefined;
  /** Pixels. */
  size: number;
  level?: LevelSource | undefined;
  badge?: 'muted' | 'hand' | 'away' | undefined;
}

/** A person's face: decorative, since a name always stands beside it. */
export function Face({ id, name, picture, size, level, badge }: FaceProps) {
  const box = useRef<HTMLSpanElement>(null);
  const [broken, setBroken] = useState<string>();
  useLevel(box, level);
  const vars = { '--size': `${size}px`, '--hue': hueOf(id) } as CSSProperties;
  return (
    <span
      ref={box}
      className={cx(styles.face, badge === 'away' && styles.away)}
      style={vars}
      aria-hidden="true"
    >
      <span className={styles.ring} />
      <span className={styles.shape}>
        <span className={styles.initials} data-initials={initialsOf(name)} />
        {picture && picture !== broken && (
          <img
            src={picture}
            alt=""
            width={size}
            height={size}
            loading="lazy"
            decoding="async"
            onError={() => setBroken(picture)}
          />
        )}
      </span>
      {badge === 'muted' && (
        <span className={styles.badge}>
          <MicOff />
        </span>
      )}
      {badge === 'hand' && (
        <span className={cx(styles.badge, styles.hand)}>
          <Hand />
        </span>
      )}
    </span>
  );
}

/** Two faces that overlap, for a room card or a group. */
export function FacePair({
  people,
  size,
}: {
  people: { id: string; name: string; picture?: string | null }[];
  size: number;
}) {
  const [first, second] = people;
  if (!first) return null;
  if (!second) return <Face {...first} size={Math.round(size * 1.3)} />;
  return (
    <span className={styles.pair} style={{ '--size': `${size}px` } as CSSProperties}>
      <Face {...first} size={size} />
      <Face {...second} size={size} />
    </span>
  );
}
