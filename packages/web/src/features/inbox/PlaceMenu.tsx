import type { Conversation } from '@sotto/protocol';
import Archive from 'lucide-react/icons/archive';
import ArchiveRestore from 'lucide-react/icons/archive-restore';
import Bell from 'lucide-react/icons/bell';
import BellOff from 'lucide-react/icons/bell-off';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Mail from 'lucide-react/icons/mail';
import MailOpen from 'lucide-react/icons/mail-open';
import Pin from 'lucide-react/icons/pin';
import PinOff from 'lucide-react/icons/pin-off';
import { type ReactNode, useState } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { conversations, inbox } from '../../state/sotto.ts';
import { Menu, type MenuItem } from '../../ui/Menu.tsx';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import { attempt } from '../room/useRoomActions.ts';
import { MuteSheet } from './MuteSheet.tsx';

/** Unread, by a message or by one's own mark. */
export const isUnread = ({ unread, markedUnread }: Conversation): boolean => unread > 0 || markedUnread;

export const togglePin = ({ id, pinned }: Conversation): void =>
  attempt(inbox.setPlace(id, { pinned: !pinned }));

export function toggleRead(conversation: Conversation): void {
  const { id, head } = conversation;
  if (isUnread(conversation)) conversations().get(id).markRead(head);
  else attempt(inbox.setPlace(id, { markedUnread: true }));
}

export function toggleArchive({ id, archived }: Conversation): void {
  const put = async () => {
    await inbox.setPlace(id, { archived: !archived });
    const undo = () => attempt(inbox.setPlace(id, { archived }));
    note(archived ? words.place.unarchived : words.place.archived, {
      action: { label: words.place.undo, run: undo },
    });
  };
  attempt(put());
}

/**
 * What can be done with a conversation's place in the inbox (BC-8), for any menu, and the sheet that one of them opens, which is
 * to be rendered beside the menu.
 */
export function usePlaceItems(conversation: Conversation): { items: MenuItem[]; sheet: ReactNode } {
  const [muting, setMuting] = useState(false);
  const { id, pinned, archived, mutedUntil } = conversation;
  const say = words.place;
  const items: MenuItem[] = [
    {
      label: pinned ? say.unpin : say.pin,
      icon: pinned ? <PinOff /> : <Pin />,
      onSelect: () => togglePin(conversation),
    },
    {
      label: isUnread(conversation) ? say.markRead : say.markUnread,
      icon: isUnread(conversation) ? <MailOpen /> : <Mail />,
      onSelect: () => toggleRead(conversation),
    },
    {
      label: mutedUntil === null ? say.mute : say.unmute,
      icon: mutedUntil === null ? <BellOff /> : <Bell />,
      onSelect: () => (mutedUntil === null ? setMuting(true) : attempt(inbox.setPlace(id, { mute: 'off' }))),
    },
    {
      label: archived ? say.unarchive : say.archive,
      icon: archived ? <ArchiveRestore /> : <Archive />,
      onSelect: () => toggleArchive(conversation),
    },
  ];
  return { items, sheet: muting && <MuteSheet conversation={id} onClose={() => setMuting(false)} /> };
}

/** The menu of a row in the inbox. */
export function PlaceMenu({ conversation }: { conversation: Conversation }) {
  const { items, sheet } = usePlaceItems(conversation);
  return (
    <>
      <Menu
        small
        label={words.place.options(conversationTitle(conversation))}
        icon={<Ellipsis />}
        items={items}
      />
      {sheet}
    </>
  );
}
