import { drafts, GIVEN_KEY as KEY } from './drafts.ts';
import { readKept, writeKept } from './kept.ts';
import { clearShared, readShared, type Shared } from './shared.ts';

/*
 * Whom a share was given to: it waits in their composer, and here too until it is sent there, so that a wrong tap costs
 * nothing.
 */

interface Given {
  conversation: string;
  /** When what was given came: a later share is another. */
  at: number;
}

function read(): Given | null {
  try {
    return JSON.parse(readKept(KEY) ?? 'null') as Given | null;
  } catch {
    return null;
  }
}

/** The files for a conversation that is about to be opened: its composer takes them, once. */
let handed: { conversation: string; files: readonly File[] } | null = null;
/** The share that came to its end in this page, by when it came; it may still be about to be cleared. */
let ended: number | null = null;

/** What waits to be given to somebody; null: nothing does. */
export async function readWaiting(): Promise<Shared | null> {
  const shared = await readShared();
  return shared?.at === ended ? null : shared;
}

/** What is shared goes to this conversation's composer: the text after what was being written there. */
export function give(conversation: string, { at, text }: Shared, files: readonly File[]): void {
  drafts.set(conversation, [drafts.get(conversation), text].filter(Boolean).join('\n'));
  handed = { conversation, files };
  writeKept(KEY, JSON.stringify({ conversation, at }));
}

export function takeFiles(conversation: string): readonly File[] {
  if (handed?.conversation !== conversation) return [];
  const { files } = handed;
  handed = null;
  return files;
}

/** One chooses again: the text leaves the draft it was put into, unless it was changed there or another share came. */
export function ungive({ at, text }: Shared): void {
  const given = read();
  handed = null;
  writeKept(KEY, null);
  if (given?.at !== at || text === '') return;
  const draft = drafts.get(given.conversation);
  if (draft === text) drafts.set(given.conversation, '');
  else if (draft.endsWith(`\n${text}`)) drafts.set(given.conversation, draft.slice(0, -text.length - 1));
}

/** A message went out there: a share that was given to it waits no more. */
export async function sentTo(conversation: string): Promise<void> {
  const given = read();
  if (given?.conversation !== conversation) return;
  writeKept(KEY, null);
  ended = given.at;
  if ((await readShared())?.at === given.at) await clearShared();
}

/** Nobody is to have it any more. */
export async function endShare({ at }: Pick<Shared, 'at'>): Promise<void> {
  writeKept(KEY, null);
  ended = at;
  await clearShared();
}

/** Whether one who finds nothing to choose comes back to where one has chosen. */
export const hasEnded = (): boolean => ended !== null;
