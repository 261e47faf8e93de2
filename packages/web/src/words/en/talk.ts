import { many, numbers } from './forms.ts';

/** The written side of a room, and handing things on. */
export const talk = {
  title: 'Talk',
  open: 'Open the talk',
  openUnread: (direct: number, room: boolean) =>
    [
      'Open the talk',
      room ? 'something new in the room' : '',
      direct > 0 ? many(direct, 'message for you', 'messages for you') : '',
    ]
      .filter(Boolean)
      .join(', '),
  close: 'Close the talk',
  everyone: 'Everyone',
  stage: 'Stage',
  yours: 'Yours',
  yoursTitle: 'Your conversations',
  yoursEmpty: 'Nothing here yet. Tap a face in the room to write to them.',
  onlyStage: 'Only people on stage can read this.',
  unread: (n: number) => `${numbers.format(n)} new`,
  back: 'All your conversations',
  failedTitle: 'The talk didn’t load',
  settings: 'Talk settings',
  settingsOf: (which: string) => `${which}: talk settings`,
  on: 'People can write',
  onHint: 'Switched off, only moderators write. What was written stays to be read.',
  slow: 'Slow it down',
  slowNone: 'Off',
  slowSeconds: (n: number) => `${numbers.format(n)} s`,
  slowMinute: '1 min',
  slowNoneHint: 'Everyone writes as often as they like.',
  slowHint: (seconds: number) =>
    `Everyone but moderators: one message every ${seconds === 60 ? 'minute' : `${seconds} seconds`}.`,
  read: 'Read what was written',
  readStage: 'Read the stage’s talk',
};

export const share = {
  roomTitle: 'Share this room',
  profileTitle: (name: string) => `Share ${name}’s profile`,
  toConversation: 'Share to a conversation',
  link: 'Copy the link',
  device: 'More ways to share',
  search: 'Find a conversation',
  none: 'No conversation by that name.',
  empty: 'Once you’ve written with someone, you can share with them here.',
  send: (name: string) => `Share with ${name}`,
  sent: 'Shared',
  done: (name: string) => `Shared with ${name}.`,
};
