import type { Conversation } from '@sotto/protocol';
import CalendarSearch from 'lucide-react/icons/calendar-search';
import Ellipsis from 'lucide-react/icons/ellipsis';
import { useState } from 'react';
import { Menu } from '../../ui/Menu.tsx';
import { words } from '../../words/index.ts';
import { DateSheet } from './DateSheet.tsx';

/** What can be done with a conversation as a whole. */
export function ConversationMenu({
  conversation,
  onGo,
}: {
  conversation: Conversation;
  onGo: (seq: number) => void;
}) {
  const [dating, setDating] = useState(false);
  return (
    <>
      <Menu
        label={words.conversation.menu}
        icon={<Ellipsis />}
        items={[
          {
            label: words.conversation.toDate,
            icon: <CalendarSearch />,
            onSelect: () => setDating(true),
          },
        ]}
      />
      {dating && <DateSheet conversation={conversation.id} onGo={onGo} onClose={() => setDating(false)} />}
    </>
  );
}
