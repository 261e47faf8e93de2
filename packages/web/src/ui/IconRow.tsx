import ChevronRight from 'lucide-react/icons/chevron-right';
import type { ReactNode } from 'react';
import styles from './IconRow.module.css';
import { Row } from './Row.tsx';

interface IconRowProps {
  href: string;
  icon: ReactNode;
  title: string;
  text: string;
}

/** A line that leads to a list of its own: an icon in the place of a face, and an arrow. */
export function IconRow({ href, icon, title, text }: IconRowProps) {
  return (
    <Row
      href={href}
      lead={
        <span className={styles.icon} aria-hidden="true">
          {icon}
        </span>
      }
      title={title}
      text={text}
      aside={<ChevronRight className={styles.chevron} aria-hidden="true" />}
    />
  );
}
