import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryEvent } from './events.ts';
import type { Violation } from './judge.ts';

const told = 20;
const around = 6;

/**
 * The broken promises with the seed that made them, what stood around, and where the whole history is, one event to a
 * line: `judge` reads it again.
 */
export function explain(
  seed: number,
  events: readonly HistoryEvent[],
  violations: readonly Violation[],
): string {
  const file = join(mkdtempSync(join(tmpdir(), 'sotto-history-')), 'history.jsonl');
  writeFileSync(file, events.map(event => `${JSON.stringify(event)}\n`).join(''));
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
  return `${violations.length} broken promises. Again with SOTTO_SEED=${seed}; all of the history is in ${file}\n${parts.join('\n')}${more}`;
}

const line = (event: HistoryEvent): string => JSON.stringify(event).slice(0, 300);
