import type { RoomSnapshot } from '@sotto/protocol';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BEN, person, ROOM, snapshotOf } from '../test/samples.ts';
import { adoptSnapshot, type RoomFrame, reduceRoom, roomHasGap, viewRoom } from './room-reducer.ts';

type Op = 'title' | 'stage' | 'hands' | 'you';

/** What a server does with these, and the frames it publishes: each change in full, at the next version. */
function history(ops: readonly Op[]) {
  let server: RoomSnapshot = snapshotOf(1);
  const frames: RoomFrame[] = [];
  for (const op of ops) {
    const version = server.version + 1;
    if (op === 'you') {
      const you = { ...server.you, hand: { place: frames.length + 1, line: '' } };
      server = { ...server, you };
      frames.push({ type: 'roomYou', room: ROOM, version: server.version, you });
    } else if (op === 'title') {
      const info = { ...server.info, title: `t${version}` };
      server = { ...server, version, info };
      frames.push({ type: 'room', room: ROOM, version, info });
    } else if (op === 'stage') {
      const member = { person: person(BEN), moderator: false, muted: true, connected: true, csrc: version };
      server = { ...server, version, stage: [member] };
      frames.push({ type: 'room', room: ROOM, version, stage: server.stage });
    } else {
      const hands = [
        { person: person(BEN), line: `l${version}`, raisedAt: '2026-11-22T00:00:00.000Z', invited: false },
      ];
      server = { ...server, version, handCount: version, hands };
      frames.push({ type: 'room', room: ROOM, version, handCount: version });
      frames.push({ type: 'roomHands', room: ROOM, version, hands });
    }
  }
  return { server, frames };
}

const past = fc
  .array(fc.constantFrom<Op>('title', 'stage', 'hands', 'you'), { minLength: 1, maxLength: 25 })
  .map(history);
const bad = past.chain(({ server, frames }) =>
  fc.tuple(fc.constant(server), fc.constant(frames), fc.array(fc.constantFrom(...frames), { maxLength: 50 })),
);

describe('a room under reordered, repeated and dropped events', () => {
  test('RO-15 snapshot and events in order make the server’s snapshot', () => {
    fc.assert(
      fc.property(past, ({ server, frames }) => {
        const view = frames.reduce(reduceRoom, viewRoom(snapshotOf(1)));
        expect(view.snapshot).toEqual(server);
        expect(roomHasGap(view)).toBe(false);
      }),
    );
  });

  test('RO-15 whatever was lost, doubled or late: after the next snapshot it is the server’s', () => {
    fc.assert(
      fc.property(bad, ([server, , delivered]) => {
        let view = viewRoom(snapshotOf(1));
        for (const frame of delivered) {
          const before = view.snapshot.version;
          view = reduceRoom(view, frame);
          expect(view.snapshot.version).toBeGreaterThanOrEqual(before);
        }
        view = adoptSnapshot(view, server, view);
        expect(view.snapshot).toEqual(server);
        expect(roomHasGap(view)).toBe(false);
      }),
      { numRuns: 500 },
    );
  });

  test('RO-15 events that come while a snapshot is on its way are kept, older snapshots left', () => {
    fc.assert(
      fc.property(past, fc.nat(), ({ server, frames }, cut) => {
        const asked = viewRoom(snapshotOf(1));
        const view = frames.reduce(reduceRoom, asked);
        const half = frames.slice(0, cut % (frames.length + 1)).reduce(reduceRoom, asked).snapshot;
        expect(adoptSnapshot(view, half, asked).snapshot).toMatchObject({
          version: server.version,
          info: server.info,
          stage: server.stage,
          you: server.you,
        });
      }),
    );
  });

  test('a gap waits for what is missing', () => {
    const { server, frames } = history(['title', 'stage', 'title']);
    const [first, second, third] = frames;
    if (!first || !second || !third) throw new Error('three frames');
    const gap = reduceRoom(viewRoom(snapshotOf(1)), third);
    expect(roomHasGap(gap)).toBe(true);
    expect(gap.snapshot.version).toBe(1);
    const whole = reduceRoom(reduceRoom(gap, first), second);
    expect(whole.snapshot).toEqual(server);
    expect(roomHasGap(whole)).toBe(false);
  });
});
