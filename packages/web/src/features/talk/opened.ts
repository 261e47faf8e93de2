import { createStore } from '@sotto/sdk';

export type TalkTab = 'everyone' | 'stage' | 'yours';

/** What of a room's written side is on the screen. */
export interface OpenedTalk {
  open: boolean;
  tab: TalkTab;
  /** In *yours*: the conversation that is open. */
  conversation: string | null;
}

const closed: OpenedTalk = { open: false, tab: 'everyone', conversation: null };
const opened = createStore<OpenedTalk>(closed);

export const openedTalk = { getSnapshot: opened.getSnapshot, subscribe: opened.subscribe };

/** Opens it where it was left. */
export const openTalk = (tab?: TalkTab): void =>
  opened.update(now => ({ ...now, open: true, tab: tab ?? now.tab }));

/** One of one's own conversations, beside the room (BC-4). */
export const openTalkWith = (conversation: string): void =>
  opened.set({ open: true, tab: 'yours', conversation });

export const showTab = (tab: TalkTab): void => opened.update(now => ({ ...now, tab }));
export const showConversation = (conversation: string | null): void =>
  opened.update(now => ({ ...now, conversation }));
export const closeTalk = (): void => opened.update(now => ({ ...now, open: false }));

let shownFor: string | null = null;
/** Another room begins with its talk closed; the same one finds it as it was. */
export function startTalk(room: string): void {
  if (shownFor !== room) opened.set(closed);
  shownFor = room;
}
