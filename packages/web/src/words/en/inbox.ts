import { many } from './forms.ts';

export const inbox = {
  /** In the place of a text, where a message has none. */
  what: {
    image: 'Picture',
    video: 'Video',
    voice: 'Voice note',
    card: 'Something shared',
    hidden: 'Taken out of view',
  },
  title: 'Backchannel',
  typing: 'is typing…',
  typingSome: 'typing…',
  /** After the name of who wrote it. */
  by: (text: string) => `: ${text}`,
  compose: 'Write to someone',
  emptyTitle: 'Nothing whispered yet',
  emptyText: 'Find someone and write the first line.',
  errorTitle: 'Your messages didn’t load',
  mine: (text: string) => `You: ${text}`,
  draft: 'Draft:',
  waiting: 'Waiting to send:',
  failed: 'Not sent:',
  unread: (n: number) => many(n, 'unread message', 'unread messages'),
};

/** A conversation's place in the inbox. */
export const place = {
  options: (name: string) => `Options for ${name}`,
  pin: 'Pin',
  unpin: 'Unpin',
  mute: 'Mute…',
  unmute: 'Unmute',
  muteTitle: 'Mute for how long?',
  muteText: 'It stays in your inbox, without a number or a sound.',
  mute1h: 'For 1 hour',
  mute8h: 'For 8 hours',
  muteAlways: 'Until I say otherwise',
  markUnread: 'Mark unread',
  markRead: 'Mark read',
  archive: 'Archive',
  unarchive: 'Back to the inbox',
  muted: 'Muted',
  pinned: 'Pinned',
  marked: 'Marked unread',
  archived: 'Archived.',
  unarchived: 'Back in your inbox.',
  undo: 'Undo',
};

export const archive = {
  title: 'Archive',
  open: 'Archive',
  emptyTitle: 'Nothing put away',
  emptyText: 'What you archive rests here until somebody writes again.',
  errorTitle: 'The archive didn’t load',
};

export const messageSearch = {
  label: 'Search your messages',
  placeholder: 'Search messages',
  inside: 'Search in this conversation',
  people: 'Conversations',
  found: 'Messages',
  noneTitle: 'Nothing found',
  noneText: 'Try fewer words, or just the beginning of one.',
  errorTitle: 'The search didn’t go through',
  more: 'Show more',
  start: 'Words you remember, or the beginning of one.',
  clear: 'Clear the search',
  count: (n: number) => many(n, 'message', 'messages'),
};
