import type { RoomCard } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { titleOf, whyOf } from './hallway.ts';
import { person } from './people.fixture.ts';

const card = (why: RoomCard['why'], topics: string[] = []): RoomCard => ({
  id: 'r',
  title: '',
  topics,
  visibility: 'open',
  startedAt: '2026-01-01T00:00:00.000Z',
  stage: [{ ...person('p', 'Imani Okafor'), moderator: true }],
  stageCount: 1,
  count: 1,
  why,
});

describe('PE-7: why a room is shown', () => {
  test.each([
    [{ followed: ['Imani'], others: 4 }, 'Imani and 4 you follow'],
    [{ followed: ['Imani', 'Jonas'], others: 0 }, 'Imani and Jonas, whom you follow'],
    [{ followed: [], others: 1 }, '1 person you follow'],
    [null, 'Poetry · Music'],
  ])('%j reads %s', (why, said) => {
    expect(whyOf(card(why, ['Poetry', 'Music']))).toBe(said);
  });
});

test('RO-1: a room without a title is called after who opened it', () => {
  expect(titleOf(card(null))).toBe('Imani Okafor’s room');
  expect(titleOf({ title: 'Poems', stage: [] })).toBe('Poems');
});
