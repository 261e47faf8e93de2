import type { RoomCard } from '@sotto/protocol';
import { expect, test } from 'vitest';
import type { Call } from '../calls/client.ts';
import { fakeClock } from '../test/fake-clock.ts';
import { createHallway } from './hallway.ts';

const card = (id: string, count: number): RoomCard => ({
  id,
  title: id,
  topics: [],
  visibility: 'open',
  startedAt: '2026-11-22T00:00:00.000Z',
  stage: [],
  stageCount: 1,
  count,
  why: null,
});

test('PE-7 what happens while the list is read is not undone by it', async () => {
  const answer = Promise.withResolvers<{ rooms: RoomCard[] }>();
  const service = createHallway({
    call: (() => answer.promise) as unknown as Call,
    clock: fakeClock(),
    random: () => 0,
    sendFrame: () => true,
  });
  const loading = service.hallway.reload();
  service.handle({ type: 'hallwayGone', room: 'a' });
  service.handle({ type: 'hallwayRoom', card: card('b', 2) });
  service.handle({ type: 'hallwayRoom', card: card('c', 1) });
  answer.resolve({ rooms: [card('a', 1), card('b', 1)] });
  await loading;
  const { rooms, state } = service.hallway.getSnapshot();
  expect(state).toBe('ready');
  expect(rooms.map(({ id, count }) => [id, count])).toEqual([
    ['c', 1],
    ['b', 2],
  ]);
});
