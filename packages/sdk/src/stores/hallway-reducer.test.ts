import type { RoomCard } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { reduceHallway } from './hallway-reducer.ts';

const card = (id: string, title = id): RoomCard => ({
  id,
  title,
  topics: [],
  visibility: 'open',
  startedAt: '2026-11-22T00:00:00.000Z',
  stage: [],
  stageCount: 1,
  count: 1,
  why: null,
});

test('a changed room stays where it is, and keeps why it is shown', () => {
  const rooms = [card('a'), { ...card('b'), why: { followed: ['Ana'], others: 2 } }, card('c')];
  const next = reduceHallway(rooms, { type: 'hallwayRoom', card: card('b', 'new') });
  expect(next.map(each => each.title)).toEqual(['a', 'new', 'c']);
  expect(next[1]?.why).toEqual({ followed: ['Ana'], others: 2 });
});

test('a new room comes first; one that is gone goes, once', () => {
  const two = reduceHallway([card('a')], { type: 'hallwayRoom', card: card('b') });
  expect(two.map(each => each.id)).toEqual(['b', 'a']);
  const one = reduceHallway(two, { type: 'hallwayGone', room: 'b' });
  expect(one.map(each => each.id)).toEqual(['a']);
  expect(reduceHallway(one, { type: 'hallwayGone', room: 'b' })).toBe(one);
});
