import { list, many, numbers } from './forms.ts';

export const hallway = {
  title: 'Hallway',
  open: 'Open a room',
  openShort: 'Open',
  emptyTitle: 'It’s quiet out here',
  emptyText: 'No rooms are live for you right now. Open one and leave the door ajar.',
  errorTitle: 'The hallway didn’t load',
  untitled: (name: string) => `${name}’s room`,
  privateRoom: 'Private',
  counts: (all: number, stage: number) =>
    `${many(all, 'person', 'people')}, ${numbers.format(stage)} on stage`,
  why: (names: string[], others: number) =>
    others > 0
      ? `${names.join(', ')} and ${others === 1 ? 'one more' : numbers.format(others)} you follow`
      : `${list.format(names)}, whom you follow`,
  whyOthers: (n: number) => `${many(n, 'person', 'people')} you follow`,
  here: 'You’re in it',
  rooms: 'Live rooms',
};
