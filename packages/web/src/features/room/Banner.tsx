import type { ReactNode } from 'react';
import { Button } from '../../ui/Button.tsx';
import { cx } from '../../ui/cx.ts';
import styles from './Banner.module.css';

export interface BannerAction {
  label: string;
  onPress: () => void;
  main?: boolean;
}

interface BannerProps {
  tone: 'voice' | 'danger' | 'quiet';
  icon?: ReactNode;
  title: string;
  text?: string;
  actions?: BannerAction[];
}

/** Something about the room that wants an answer, or patience. */
export function Banner({ tone, icon, title, text, actions = [] }: BannerProps) {
  return (
    <section className={cx(styles.banner, styles[tone])} role={tone === 'quiet' ? 'status' : 'alert'}>
      {icon}
      <div className={styles.text}>
        <b>{title}</b>
        {text && <p>{text}</p>}
      </div>
      {actions.length > 0 && (
        <div className={styles.actions}>
          {actions.map(action => (
            <Button
              key={action.label}
              tone={action.main ? (tone === 'danger' ? 'ink' : 'voice') : 'bare'}
              onClick={action.onPress}
            >
              {action.label}
            </Button>
          ))}
        </div>
      )}
    </section>
  );
}
