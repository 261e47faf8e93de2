import { list, many, placeOf } from './forms.ts';

/** What is said of a room one is in, also while another screen is open. */
export const inRoom = {
  leave: 'Leave quietly',
  mute: 'Mute',
  unmute: 'Unmute',
  muted: 'You’re muted',
  unmuted: 'You’re live',
  expand: (title: string) => `Back to ${title}`,
  raise: 'Raise your hand',
  lower: 'Take your hand down',
  hand: (place: number) => `Your hand is up, you’re ${placeOf(place)}.`,
  handsOff: 'Hands are off right now',
  handsFollowed: 'Only people followed by a speaker can raise a hand here',
  hands: 'Hands',
  handsCount: (n: number) => (n === 0 ? 'No hands' : many(n, 'hand up', 'hands up')),
  ping: 'Call someone in',
  invitation: (name: string) => `${name} invites you up to the stage`,
  moderator: 'Moderator',
  speaker: 'Speaker',
  newcomer: 'New here',
  mutedMark: 'muted',
  handMark: 'hand up',
  reconnectingMark: 'reconnecting',
  speaking: (names: string[]) =>
    names.length === 1 ? `${names[0]} is speaking` : `${list.format(names)} are speaking`,
  quiet: 'Nobody’s speaking',
  cameUp: (name: string) => `${name} came on stage`,
  wentDown: (name: string) => `${name} left the stage`,
  youCameUp: 'You’re on stage, and muted.',
  youWentDown: 'You’re in the audience now.',
  mutedByModerator: 'A moderator muted you.',
  startedSpeaking: (name: string) => `${name} speaks`,
  doorTitle: 'The door’s ajar',
  out: {
    left: 'You left the room.',
    removed: 'A moderator has asked you to leave this room.',
    moved: 'The room moved to your other device.',
    ended: 'The room has ended. Thanks for being there.',
    gone: 'You were away too long, so you left the room.',
    blocked: 'You’re not in this room any more.',
  },
  shrunk: 'The talk goes on',
  shrunkText: 'Your room waits in the bar below.',
  emptyColumn: 'No room open',
  emptyColumnText: 'Pick one in the hallway, or open your own. It stays here while you look around.',
  pingedYou: (name: string, title: string) => `${name} calls you into “${title}”`,
  join: 'Join',
};

/** What keeps one’s voice from being heard, whatever is on screen. */
export const microphone = {
  micDeniedTitle: 'Your microphone is blocked',
  micDeniedText: 'Allow it for this site in your browser’s address bar, then unmute again.',
  micMissingTitle: 'No microphone found',
  micMissingText: 'Plug one in, or pick another device.',
  micInsecureTitle: 'This address has no microphone',
  micInsecureText:
    'Browsers allow it only on https or localhost. Ask whoever runs this place for its https address.',
  micSilentTitle: 'We can’t hear you',
  micSilentText: 'No sound comes from your microphone. Is it muted on the device itself?',
};
