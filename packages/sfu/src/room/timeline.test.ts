import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { sequenceDelta, timestampDelta } from '../rtp/wrap.ts';
import { SlotTimeline } from './timeline.ts';

const FRAME = 960;

describe('AU-2 a slot’s timeline', () => {
  it('AU-2 goes on without a gap when the producer changes', () => {
    const timeline = new SlotTimeline(0xffff, 5000);
    expect(timeline.place(1, 100, 7_000_000, FRAME, 0)).toBe('switched');
    const first = { sequence: timeline.sequence, timestamp: timeline.timestamp };
    expect(timeline.place(2, 40_000, 12, FRAME, 20)).toBe('switched');
    expect(sequenceDelta(first.sequence, timeline.sequence)).toBe(1);
    expect(timestampDelta(first.timestamp, timeline.timestamp)).toBe(FRAME);
  });

  it('AU-2 a switch after a silence is as long as the silence', () => {
    const timeline = new SlotTimeline(0, 0);
    timeline.place(1, 0, 0, FRAME, 0);
    const before = timeline.timestamp;
    timeline.place(2, 0, 0, FRAME, 1000);
    expect(timestampDelta(before, timeline.timestamp)).toBe(48_000);
  });

  it('AU-2 what is lost on the way in is missing on the way out', () => {
    const timeline = new SlotTimeline(0, 0);
    timeline.place(1, 10, 0, FRAME, 0);
    const before = timeline.sequence;
    expect(timeline.place(1, 13, 3 * FRAME, FRAME, 60)).toBe('after_gap');
    expect(timeline.missing).toBe(2);
    expect(sequenceDelta(before, timeline.sequence)).toBe(3);
  });

  it('AU-2 a late packet goes where it belongs, and a repeated one nowhere', () => {
    const timeline = new SlotTimeline(0, 0);
    timeline.place(1, 10, 0, FRAME, 0);
    timeline.place(1, 12, 2 * FRAME, FRAME, 40);
    const latest = timeline.sequence;
    expect(timeline.place(1, 11, FRAME, FRAME, 45)).toBe('late');
    expect(sequenceDelta(latest, timeline.sequence)).toBe(-1);
    expect(timeline.place(1, 12, 2 * FRAME, FRAME, 50)).toBe('refused');
    expect(timeline.place(1, 13, 3 * FRAME, FRAME, 60)).toBe('next');
    expect(sequenceDelta(latest, timeline.sequence)).toBe(1);
  });

  it('AU-4 a producer that lies about time does not move the slot’s', () => {
    const timeline = new SlotTimeline(0, 0);
    timeline.place(1, 10, 0, FRAME, 0);
    const before = timeline.timestamp;
    expect(timeline.place(1, 11, 2_000_000_000, FRAME, 20)).toBe('switched');
    expect(timestampDelta(before, timeline.timestamp)).toBe(FRAME);
  });

  it('AU-2 is strictly rising for whatever comes in order of arrival, but for late packets', () => {
    const step = fc.record({
      producer: fc.constantFrom(1, 2, 3),
      sequence: fc.nat(0xffff),
      timestamp: fc.nat(0xffffffff),
      waits: fc.nat(3000),
    });
    fc.assert(
      fc.property(fc.array(step, { maxLength: 200 }), fc.nat(0xffff), (steps, start) => {
        const timeline = new SlotTimeline(start, start * 65_537);
        let sequence: number | undefined;
        let timestamp = 0;
        let nowMs = 0;
        for (const { producer, sequence: from, timestamp: at, waits } of steps) {
          nowMs += waits;
          const placement = timeline.place(producer, from, at, FRAME, nowMs);
          if (placement === 'refused' || placement === 'late') continue;
          if (sequence !== undefined) {
            expect(sequenceDelta(sequence, timeline.sequence)).toBeGreaterThan(0);
            expect(timestampDelta(timestamp, timeline.timestamp)).toBeGreaterThan(0);
          }
          sequence = timeline.sequence;
          timestamp = timeline.timestamp;
        }
      }),
    );
  });
});
