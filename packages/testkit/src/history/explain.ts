import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from './events.ts';
import type { Violation } from './judge.ts';

const told = 20;
const around = 6;

/** Writes a history down, one event to a line. @returns the file, in a new folder of the system's temporary one */
export function writeHistory(events: readonly HistoryEvent[]): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sotto-history-')), 'history.jsonl');
  writeFileSync(file, events.map(event => `${JSON.stringify(event)}\n`).join(''));
  return file;
}

/**
 * A history as it was written down, for `judge` and {@link explain}.
 * @throws Error naming the line that is no event
 */
export function readHistory(file: string): HistoryEvent[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .flatMap((text, at) => {
      if (text === '') return [];
      const event = parsed(text);
      if (!event) throw new Error(`${file}: line ${at + 1} is no event of a history`);
      return [event];
    });
}

function parsed(text: string): HistoryEvent | undefined {
  try {
    const value: unknown = JSON.parse(text);
    const isEvent = typeof value === 'object' && value !== null && 'kind' in value && 't' in value;
    return isEvent ? (value as HistoryEvent) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The broken promises with the seed that made them, what stood around, and where the whole history is.
 * @param seed null: of a history that was read again
 * @param file where the history is; left out, it is written down now
 */
export function explain(
  seed: number | null,
  events: readonly HistoryEvent[],
  violations: readonly Violation[],
  file: string = writeHistory(events),
): string {
  const parts = violations.slice(0, told).map(({ rule, what, events: shown }) => {
    const talk = shown.map(event => ('conversation' in event ? event.conversation : undefined)).find(Boolean);
    const last = shown.at(-1);
    const at = last === undefined ? -1 : events.indexOf(last);
    const near = events
      .slice(0, at)
      .filter(
        event =>
          event.kind === 'fault' ||
          event.kind === 'mended' ||
          ('conversation' in event && event.conversation === talk && event.kind !== 'truth'),
      )
      .slice(-around);
    return [
      `✘ ${rule}: ${what}`,
      ...near.map(event => `    before  ${line(event)}`),
      ...shown.map(event => `    shows   ${line(event)}`),
    ].join('\n');
  });
  const more = violations.length > told ? `\n… and ${violations.length - told} more` : '';
  const again = seed === null ? '' : ` The same choices again with SOTTO_SEED=${seed}.`;
  const where = `All of the history is in ${file}; SOTTO_HISTORY=${file} npm run bench -- history judges it again.`;
  return `${violations.length} broken promises.${again} ${where}\n${parts.join('\n')}${more}`;
}

const line = (event: HistoryEvent): string => JSON.stringify(event).slice(0, 300);
