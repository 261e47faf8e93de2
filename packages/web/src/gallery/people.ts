import type { Listener, Person, RoomCard, RoomSnapshot } from '@sotto/protocol';

const NAMES = [
  'Imani Okafor',
  'Jonas Weber',
  'Mei Tanaka',
  'Rafael Souza',
  'Lena Marsh',
  'Theo Brandt',
  'Aya Nakamura',
  'Noor Haddad',
  'Daniel Kim',
  'نور الهدى',
  '🌊 Ocean',
  'Maximiliane Freifrau von Hohenstaufen-Wittelsbach',
  '李小龙',
  'X',
  'Omar Said',
  'Priya Nair',
];
export const people: Person[] = NAMES.map((name, index) => ({
  id: `p${index}${name}`,
  handle: `p${index}`,
  name,
  picture: null,
  newcomer: index === 3 || index === 9,
}));
const card = (id: string, title: string, from: number, count: number, why: RoomCard['why']): RoomCard => ({
  id,
  title,
  topics: why ? [] : ['Poetry'],
  visibility: id === 'c' ? 'private' : 'open',
  startedAt: new Date().toISOString(),
  stage: people.slice(from, from + 4).map((person, index) => ({ ...person, moderator: index === 0 })),
  stageCount: 4,
  count,
  why,
});
export const cards: RoomCard[] = [
  card('a', 'What did you change your mind about this year?', 0, 412, { followed: ['Imani'], others: 4 }),
  card('b', 'Reading poems aloud until we fall asleep', 4, 57, null),
  card('c', 'قراءة الشعر بصوت عالٍ حتى ننام', 9, 1800, { followed: ['Mei', 'نور'], others: 0 }),
];
const listeners: Listener[] = people.slice(6).map((person, index) => ({
  ...person,
  followedBySpeaker: index < 6,
  handRaised: index === 1,
}));
export const room: RoomSnapshot = {
  version: 1,
  info: {
    id: 'a',
    title: 'What did you change your mind about this year?',
    topics: [],
    visibility: 'open',
    hands: 'everyone',
    stageLocked: false,
    startedAt: new Date().toISOString(),
    openedBy: people[0]?.id ?? '',
  },
  stage: people.slice(0, 6).map((person, index) => ({
    person,
    moderator: index === 0 || index === 4,
    muted: [1, 3, 4].includes(index),
    connected: index !== 5,
    csrc: index + 1,
  })),
  handCount: 1,
  hands: [],
  audience: { count: 404, sample: listeners },
  you: {
    role: 'listener',
    muted: true,
    hand: { place: 3, line: '' },
    mayRaiseHand: true,
    invitation: null,
    offeredModeration: false,
    device: 'gallery',
    key: null,
  },
  slots: [],
  speaking: [],
};
