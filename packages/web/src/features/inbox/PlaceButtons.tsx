import type { Conversation } from '@sotto/protocol';
import { Button } from '../../ui/Button.tsx';
import { usePlaceItems } from './PlaceMenu.tsx';

/** What the menu of a row in the inbox has, as buttons. */
export function PlaceButtons({ conversation }: { conversation: Conversation }) {
  const { items, sheet } = usePlaceItems(conversation);
  return (
    <>
      {items.map(({ label, icon, onSelect }) => (
        <Button key={label} icon={icon} onClick={onSelect}>
          {label}
        </Button>
      ))}
      {sheet}
    </>
  );
}
