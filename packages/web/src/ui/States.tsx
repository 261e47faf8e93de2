import type { ReactNode } from 'react';
import styles from './States.module.css';

interface StateProps {
  icon?: ReactNode;
  title: string;
  text?: string | undefined;
  /** The one thing to do next. */
  action?: ReactNode;
  /** It went wrong, rather than being empty. */
  alert?: boolean;
}

/** What a screen shows when there is nothing to show: why, in a person's words, and one thing to do next. */
export function State({ icon, title, text, action, alert }: StateProps) {
  return (
    <div className={styles.state} role={alert ? 'alert' : undefined}>
      {icon && <span className={styles.icon}>{icon}</span>}
      <h2>{title}</h2>
      {text && <p>{text}</p>}
      {action}
    </div>
  );
}
