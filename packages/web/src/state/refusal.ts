import type { OutboxItemState, PendingFile } from '@sotto/sdk';
import { words } from '../words/index.ts';
import { wordsFor } from './errors.ts';

/** Characters of a file's name that are shown: its beginning, and its end with the extension. */
const NAME = { begin: 24, end: 12 };

/** Why a message could not be sent, in words; of several files, the one that was refused by its name. */
export function refusalOf(
  status: Extract<OutboxItemState, { state: 'failed' }>,
  files: readonly Pick<PendingFile, 'kind' | 'name'>[],
): string {
  const why = wordsFor(status);
  const file = status.file === null ? undefined : files[status.file];
  if (status.file === null || !file || files.length < 2) return why;
  const place = [status.file + 1, files.length, why] as const;
  return file.name
    ? words.conversation.fileRefused(shortened(file.name), ...place)
    : words.conversation.unnamedRefused(words.conversation[file.kind], ...place);
}

function shortened(name: string): string {
  const letters = [...name];
  if (letters.length <= NAME.begin + NAME.end + 1) return name;
  return `${letters.slice(0, NAME.begin).join('')}…${letters.slice(-NAME.end).join('')}`;
}
