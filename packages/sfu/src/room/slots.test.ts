import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { SlotTable } from './slots.ts';

/** Everybody sends a packet each 20 ms from `fromMs` on; `level` is theirs at the time. */
function run(
  table: SlotTable,
  fromMs: number,
  toMs: number,
  level: (id: string, nowMs: number) => number,
  ids: readonly string[],
): void {
  for (let nowMs = fromMs; nowMs < toMs; nowMs += 20) {
    for (const id of ids) table.heard(id, level(id, nowMs), nowMs);
  }
}

const LOUD = 20;
const SPEECH = 30;
const QUIET = 127;
const four = ['a', 'b', 'c', 'd'];

function fullTable(): SlotTable {
  const table = new SlotTable(4);
  run(table, 0, 1000, () => SPEECH, four);
  return table;
}

describe('AU-1 slots', () => {
  it('AU-1 a free slot goes to whoever sends, at the first packet', () => {
    const table = new SlotTable(2);
    expect(table.heard('a', QUIET, 0)).toBe(0);
    expect(table.heard('b', SPEECH, 0)).toBe(1);
    expect(table.heard('c', QUIET, 0)).toBe(-1);
    expect(table.takeChange()).toBe(true);
    expect(table.takeChange()).toBe(false);
  });

  it('AU-1 a slot is not taken for a cough', () => {
    const table = fullTable();
    run(table, 1000, 1300, id => (id === 'cough' ? 5 : SPEECH), [...four, 'cough']);
    run(table, 1300, 3000, id => (id === 'cough' ? QUIET : SPEECH), [...four, 'cough']);
    expect(table.holders).toEqual(four);
  });

  it('AU-1 a speaker keeps the slot across a breath', () => {
    const table = fullTable();
    run(table, 1000, 1900, id => (id === 'a' ? QUIET : SPEECH), [...four, 'e']);
    expect(table.holders).toEqual(four);
  });

  it('AU-1 who has stopped speaking loses the slot to who begins, within 60 ms', () => {
    const table = fullTable();
    run(table, 1000, 3000, id => (id === 'a' ? QUIET : SPEECH), four);
    run(table, 3000, 3060, id => (id === 'a' ? QUIET : SPEECH), [...four, 'e']);
    expect(table.holders).toEqual(['e', 'b', 'c', 'd']);
  });

  it('AU-1 the loudest are heard: a louder voice that goes on takes the place of the least loud', () => {
    const table = new SlotTable(4);
    run(table, 0, 1000, id => (id === 'c' ? 45 : SPEECH), four);
    run(table, 1000, 2000, id => (id === 'c' ? 45 : id === 'e' ? LOUD : SPEECH), [...four, 'e']);
    expect(table.holders).toEqual(['a', 'b', 'e', 'd']);
  });

  it('AU-1 an equal voice takes nothing', () => {
    const table = fullTable();
    run(table, 1000, 6000, () => SPEECH, [...four, 'e']);
    expect(table.holders).toEqual(four);
  });

  it('AU-1 who leaves frees the slot, and who comes back takes the same', () => {
    const table = fullTable();
    table.heard('e', QUIET, 1000);
    run(table, 1000, 4000, id => (id === 'b' ? QUIET : SPEECH), four);
    run(table, 4000, 4100, id => (id === 'b' ? QUIET : SPEECH), [...four, 'e']);
    expect(table.holders).toEqual(['a', 'e', 'c', 'd']);
    table.remove('a');
    table.remove('e');
    expect(table.heard('b', SPEECH, 4200)).toBe(1);
  });

  it('AU-1 who sends nothing any more loses the slot', () => {
    const table = new SlotTable(1);
    table.heard('a', SPEECH, 0);
    table.sweep(4000);
    expect(table.holders).toEqual(['a']);
    table.sweep(6000);
    expect(table.holders).toEqual([null]);
  });

  it('AU-1 nobody holds two slots, and a slot index is always the holder’s', () => {
    const event = fc.record({
      id: fc.constantFrom('a', 'b', 'c', 'd', 'e', 'f'),
      level: fc.nat(127),
      step: fc.nat(700),
      leaves: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 300 }), events => {
        const table = new SlotTable(3);
        let nowMs = 0;
        for (const { id, level, step, leaves } of events) {
          nowMs += step;
          if (leaves === 0) table.remove(id);
          else {
            const slot = table.heard(id, level, nowMs);
            if (slot >= 0) expect(table.holders[slot]).toBe(id);
            else expect(table.holders).not.toContain(id);
          }
          table.sweep(nowMs);
          const holders = table.holders.filter(holder => holder !== null);
          expect(new Set(holders).size).toBe(holders.length);
        }
      }),
    );
  });
});
