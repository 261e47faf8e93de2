import type {
  ArchiveView,
  Conversations,
  Groups,
  Inbox,
  InboxView,
  Outbox,
  OutboxItem,
  Readable,
} from '@sotto/sdk';
import { browserAudio, browserStorage, createSotto } from '@sotto/sdk';
import { busyWith } from '../ui/quiet.ts';
import { earlyAnswers } from './early.ts';
import { writeKept } from './kept.ts';

const early = earlyAnswers(globalThis.sottoEarly ?? new Map(), `${location.origin}/v1/me`, (input, init) =>
  fetch(input, init),
);

/** The one client of this page. */
export const sotto = createSotto({
  baseUrl: location.origin,
  storage: browserStorage(),
  audio: browserAudio,
  fetch: (input, init) => busyWith(early.fetch(input, init)),
});

export const { call, session, me, connection, hallway, rooms, people, audio } = sotto;

// What is told from now on comes by the socket.
connection.subscribe(() => {
  if (connection.getSnapshot().state === 'open') early.forget();
});
// So that the next start asks for what one has.
session.state.subscribe(() => {
  const { state } = session.state.getSnapshot();
  if (state !== 'unknown') writeKept('here', state === 'signedIn' ? 'yes' : null);
});

const nothing: InboxView = {
  state: 'loading',
  error: null,
  conversations: [],
  hasMore: false,
  loadingMore: false,
  unreadConversations: 0,
  unreadMessages: 0,
  requests: 0,
};

const noArchive: ArchiveView = { state: 'loading', error: null, conversations: [], hasMore: false };

/** Whether an account is open: between signing out and the last render that still shows its screens, it is not. */
function whileSignedIn<T>(read: () => T, otherwise: T): T {
  return session.state.getSnapshot().state === 'signedIn' ? attemptRead(read, otherwise) : otherwise;
}

function attemptRead<T>(read: () => T, otherwise: T): T {
  try {
    return read();
  } catch {
    return otherwise;
  }
}

/** The inbox of whoever is signed in. */
export const inbox: Inbox = {
  getSnapshot: () => whileSignedIn(() => sotto.inbox.getSnapshot(), nothing),
  subscribe: listener =>
    whileSignedIn(
      () => sotto.inbox.subscribe(listener),
      () => {},
    ),
  reload: () => whileSignedIn(() => sotto.inbox.reload(), Promise.resolve()),
  loadMore: () => whileSignedIn(() => sotto.inbox.loadMore(), Promise.resolve()),
  setPlace: (conversation, place) =>
    whileSignedIn(() => sotto.inbox.setPlace(conversation, place), Promise.resolve()),
  archive: {
    getSnapshot: () => whileSignedIn(() => sotto.inbox.archive.getSnapshot(), noArchive),
    subscribe: listener =>
      whileSignedIn(
        () => sotto.inbox.archive.subscribe(listener),
        () => {},
      ),
    loadMore: () => whileSignedIn(() => sotto.inbox.archive.loadMore(), Promise.resolve()),
  },
};

const noItems: readonly OutboxItem[] = [];

/** What whoever is signed in wrote and the server does not have yet. */
export const onTheWay: Readable<readonly OutboxItem[]> = {
  getSnapshot: () => whileSignedIn(() => sotto.outbox.items.getSnapshot(), noItems),
  subscribe: listener =>
    whileSignedIn(
      () => sotto.outbox.items.subscribe(listener),
      () => {},
    ),
};

export const conversations = (): Conversations => sotto.conversations;
export const outbox = (): Outbox => sotto.outbox;
export const groups = (): Groups => sotto.groups;

/** From a tap: lets the browser play what the room says. Harmless where it plays already. */
export function unlockSound(): void {
  audio.unlock().catch(() => {});
}
