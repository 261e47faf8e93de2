import Sparkle from 'lucide-react/icons/sparkle';
import Sprout from 'lucide-react/icons/sprout';
import { cx } from './cx.ts';
import { Face, type FaceProps } from './Face.tsx';
import styles from './Person.module.css';
import { shortName } from './shortName.ts';

interface PersonProps extends FaceProps {
  big?: boolean;
  moderator?: boolean;
  newcomer?: boolean;
  /** Everything a screen reader should hear: name, role, state. */
  label: string;
  onPress: () => void;
}

/** A face with its name under it, to be tapped. */
export function Person({ big, moderator, newcomer, label, onPress, ...face }: PersonProps) {
  return (
    <button
      type="button"
      className={cx(styles.person, big && styles.big)}
      aria-label={label}
      onClick={onPress}
    >
      <Face {...face} />
      <span className={styles.name}>
        {moderator && <Sparkle className={styles.mod} fill="currentColor" />}
        {newcomer && !moderator && <Sprout className={styles.new} />}
        <span dir="auto">{shortName(face.name)}</span>
      </span>
    </button>
  );
}
