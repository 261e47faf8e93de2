import ChevronRight from 'lucide-react/icons/chevron-right';
import type { ReactNode } from 'react';
import styles from './IconRow.module.css';
import { Row } from './Row.tsx';

interface IconRowProps {
  href?: string;
  onPress?: () => void;
  icon: ReactNode;
  title: string;
  text: string;
}

/** A line that leads further: an icon in the place of a face, and an arrow. */
export function IconRow({ icon, ...row }: IconRowProps) {
  return (
    <Row
      {...row}
      lead={
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
      }
      aside={<ChevronRight className={styles.chevron} aria-hidden="true" />}
    />
  );
}
