import { useEffect } from 'react';
import { titleOf } from '../../state/hallway.ts';
import type { Screen } from '../../state/route.ts';
import { inbox, rooms } from '../../state/sotto.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';

function nameOf(screen: Screen, room: string | null): string {
  switch (screen.name) {
    case 'hallway':
      return words.hallway.title;
    case 'inbox':
    case 'conversation':
    case 'compose':
    case 'archive':
    case 'share':
    case 'group':
      return words.inbox.title;
    case 'requests':
    case 'request':
      return words.headings.requests;
    case 'console':
      return words.headings.console;
    case 'room':
      return room ?? words.inRoom.doorTitle;
    case 'people':
      return words.headings.people;
    case 'profile':
      return `@${screen.handle}`;
    case 'you':
      return words.nav.you;
    case 'settings':
      return words.headings.settings;
    case 'missing':
      return words.notFound.title;
  }
}

/** The window's title with the messages unread, and on the installed app's icon the conversations that hold them (BC-14). */
export function useTitle(screen: Screen): void {
  const state = useReadable(rooms.room);
  const { unreadMessages, unreadConversations } = useReadable(inbox);
  const room =
    state.state === 'in'
      ? titleOf({
          title: state.snapshot.info.title,
          stage: state.snapshot.stage.map(member => member.person),
        })
      : null;
  const name = nameOf(screen, room);
  useEffect(() => {
    document.title = `${unreadMessages > 0 ? `(${unreadMessages}) ` : ''}${name} · ${words.name}`;
  }, [name, unreadMessages]);
  useEffect(() => {
    // A browser that is not allowed to show a badge says so by refusing: nothing to be done.
    if ('setAppBadge' in navigator) navigator.setAppBadge(unreadConversations).catch(() => {});
  }, [unreadConversations]);
}
