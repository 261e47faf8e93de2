import type { Listener, Person, RoomSnapshot, StageMember } from '@sotto/protocol';

export const person = (id: string, name = id): Person => ({
  id,
  name,
  handle: id.toLowerCase(),
  picture: null,
  newcomer: false,
});

export const member = (id: string, over: Partial<StageMember> = {}): StageMember => ({
  person: person(id),
  moderator: false,
  muted: false,
  connected: true,
  csrc: 1,
  ...over,
});

export const listener = (id: string, over: Partial<Listener> = {}): Listener => ({
  ...person(id),
  followedBySpeaker: false,
  handRaised: false,
  ...over,
});

export const roomOf = (over: Partial<Pick<RoomSnapshot, 'stage' | 'hands' | 'audience'>> = {}) => ({
  stage: [member('Imani', { moderator: true }), member('Jonas', { muted: true })],
  hands: [],
  audience: { count: 1, sample: [listener('Noor')] },
  ...over,
});
