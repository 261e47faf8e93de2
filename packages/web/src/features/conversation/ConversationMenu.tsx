import type { Conversation } from '@sotto/protocol';
import CalendarSearch from 'lucide-react/icons/calendar-search';
import Ellipsis from 'lucide-react/icons/ellipsis';
import Search from 'lucide-react/icons/search';
import { useState } from 'react';
import { conversationTitle } from '../../state/conversation.ts';
import { Menu } from '../../ui/Menu.tsx';
import { words } from '../../words/index.ts';
import { usePlaceItems } from '../inbox/PlaceMenu.tsx';
import { SearchSheet } from '../inbox/SearchSheet.tsx';
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
  const [searching, setSearching] = useState(false);
  const place = usePlaceItems(conversation);
  return (
    <>
      <Menu
        label={words.conversation.menu}
        icon={<Ellipsis />}
        items={[
          {
            label: words.messageSearch.inside,
            icon: <Search />,
            onSelect: () => setSearching(true),
          },
          {
            label: words.conversation.toDate,
            icon: <CalendarSearch />,
            onSelect: () => setDating(true),
          },
          ...place.items,
        ]}
      />
      {searching && (
        <SearchSheet
          conversation={conversation.id}
          title={conversationTitle(conversation)}
          onClose={() => setSearching(false)}
        />
      )}
      {place.sheet}
      {dating && <DateSheet conversation={conversation.id} onGo={onGo} onClose={() => setDating(false)} />}
    </>
  );
}
