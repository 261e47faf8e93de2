import { words } from '../words/index.ts';
import { codeOf, wordsFor } from './errors.ts';

/** Lines of a field, as a list. */
export const linesOf = (text: string): string[] =>
  text
    .split('\n')
    .map(line => line.trim())
    .filter(line => line !== '');

/** What the server did not take of held words and hosts, in words: at the one field, the other, or neither. */
export function heldProblem(
  error: unknown,
  held: { words: readonly string[]; hosts: readonly string[] },
): { words?: string; hosts?: string; other?: string } {
  const { details } = error as { details?: { issues?: { path: string }[] } };
  const path = codeOf(error) === 'invalid_input' ? (details?.issues?.[0]?.path ?? '') : '';
  const [, list, at] = /(words|hosts)(?:\.(\d+))?$/i.exec(path) ?? [];
  const field = list?.toLowerCase();
  if (field !== 'words' && field !== 'hosts') return { other: wordsFor(error) };
  const wrong = at === undefined ? undefined : held[field][Number(at)];
  if (wrong === undefined) return { [field]: words.requests.tooManyHeld };
  return field === 'words'
    ? { words: words.requests.wordTooLong(wrong) }
    : { hosts: words.requests.hostWrong(wrong) };
}
