import { type KeyboardEvent, type ReactNode, useId, useRef } from 'react';
import { RoundButton } from './Button.tsx';
import { cx } from './cx.ts';
import styles from './Menu.module.css';

export interface MenuItem {
  label: string;
  icon?: ReactNode;
  danger?: boolean;
  onSelect: () => void;
}

interface MenuProps {
  label: string;
  icon: ReactNode;
  items: MenuItem[];
  small?: boolean;
}

/** A button and its menu, in the platform's top layer. Arrow keys walk it, Escape closes it and focus returns. */
export function Menu({ label, icon, items, small }: MenuProps) {
  const id = useId();
  const list = useRef<HTMLDivElement>(null);
  const button = useRef<HTMLButtonElement>(null);

  const place = () => {
    const from = button.current?.getBoundingClientRect();
    const menu = list.current;
    if (!from || !menu) return;
    const { offsetWidth, offsetHeight } = menu;
    const below = from.bottom + 6;
    const top = below + offsetHeight > innerHeight - 8 ? from.top - offsetHeight - 6 : below;
    const rtl = getComputedStyle(menu).direction === 'rtl';
    const left = rtl ? from.left : from.right - offsetWidth;
    menu.style.top = `${Math.max(8, top)}px`;
    menu.style.left = `${Math.min(Math.max(8, left), innerWidth - offsetWidth - 8)}px`;
  };
  const buttons = () => [...(list.current?.querySelectorAll('button') ?? [])];
  const walk = (event: KeyboardEvent) => {
    const all = buttons();
    const at = all.indexOf(document.activeElement as HTMLButtonElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: -1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    all.at(to % all.length)?.focus();
  };
  return (
    <>
      <RoundButton
        ref={button}
        tone="bare"
        label={label}
        icon={icon}
        small={small ?? false}
        popoverTarget={id}
        aria-haspopup="menu"
      />
      <div
        id={id}
        ref={list}
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        className={styles.menu}
        onKeyDown={walk}
        onToggle={event => {
          if (event.newState !== 'open') return;
          place();
          buttons()[0]?.focus();
        }}
      >
        {items.map(item => (
          <button
            key={item.label}
            type="button"
            role="menuitem"
            className={cx(styles.item, item.danger && styles.danger)}
            onClick={() => {
              list.current?.hidePopover();
              item.onSelect();
            }}
          >
            {item.icon}
            {item.label}
          </button>
        ))}
      </div>
    </>
  );
}
