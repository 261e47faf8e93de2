import { ATTACHMENTS_MAX, MESSAGE_TEXT_MAX } from '@sotto/protocol/limits';
import { isSendable } from './file-kinds.ts';
import type { FileFacts } from './files.ts';

/*
 * What another app hands to this one (Web Share Target API): the service worker keeps it, and the page finds it, be it
 * that the app was not open, that there is no network, or that nobody is signed in yet. One at a time; a later one
 * takes the place of an earlier one that nobody wanted.
 */

/** Without words, so that the worker can have it too: `params` of `share_target` in the manifest name these. */
const FIELDS = ['title', 'text', 'url'] as const;
const FILES = 'files';

const CACHE = 'sotto-shared';
const ABOUT = '/share/about';
const placeOf = (index: number) => `/share/files/${index}`;

/** Characters that are kept (UTF-16 units): more than a message takes, so that the composer can say how much too long it is. */
const TEXT_MAX = 5 * MESSAGE_TEXT_MAX;
/** Bytes of all its files together: any page may post a share, and is not to fill the device. */
export const SHARED_BYTES_MAX = 200 * 1024 * 1024;
/** Files that are spoken of; nobody wants to read why each of a thousand did not come. */
const NAMED_MAX = 20;
const NAME_MAX = 200;
/** Milliseconds after which nobody is thought to want it any more. */
const KEPT = 24 * 60 * 60_000;

interface About {
  /** ms since the epoch. */
  at: number;
  /** All its files are there; until then nobody finds it. */
  whole: boolean;
  text: string;
  files: (FileFacts & { kept: boolean; heavy: boolean })[];
}

export interface Shared {
  /** When it came, ms since the epoch. */
  at: number;
  text: string;
  files: readonly File[];
  /** Those that no message takes, of a wrong type, too large, or too many, and those `heavy` for what is kept in all. Their bytes were not kept. */
  left: readonly (FileFacts & { heavy: boolean })[];
}

/** Keeps what came with a share, as far as a message could take it. @throws where the device keeps nothing */
export async function keepShared(form: FormData, now = Date.now()): Promise<void> {
  await clearShared();
  // A form without a file says so by one without a name.
  const files = form
    .getAll(FILES)
    .filter(each => each instanceof File && (each.name !== '' || each.size > 0));
  const about: About = { at: now, whole: false, text: textOf(form), files: [] };
  if (about.text === '' && files.length === 0) return;
  try {
    await keepAll(about, files as File[]);
  } catch (error) {
    await clearShared();
    throw error;
  }
}

async function keepAll(about: About, files: readonly File[]): Promise<void> {
  const cache = await caches.open(CACHE);
  // First its age: what a worker that was ended left halfway goes after a day too.
  await cache.put(ABOUT, Response.json(about));
  let room = ATTACHMENTS_MAX;
  let bytes = SHARED_BYTES_MAX;
  for (const [index, file] of files.slice(0, NAMED_MAX).entries()) {
    const wanted = room > 0 && isSendable(file);
    const kept = wanted && file.size <= bytes;
    if (kept) {
      room -= 1;
      bytes -= file.size;
      await cache.put(placeOf(index), new Response(file));
    }
    const { name, type, size } = file;
    about.files.push({ name: name.slice(0, NAME_MAX), type, size, kept, heavy: wanted && !kept });
  }
  await cache.put(ABOUT, Response.json({ ...about, whole: true }));
}

/** What waits to be sent somewhere; null: nothing does. */
export async function readShared(now = Date.now()): Promise<Shared | null> {
  await sweepShared(now);
  const about = await aboutKept();
  if (!about?.whole) return null;
  const cache = await caches.open(CACHE);
  const files: File[] = [];
  for (const [index, { name, type, kept }] of about.files.entries()) {
    const file = kept && (await cache.match(placeOf(index)));
    if (file) files.push(new File([await file.blob()], name, { type }));
  }
  return { at: about.at, text: about.text, files, left: about.files.filter(({ kept }) => !kept) };
}

/** Clears what has waited for a day. */
export async function sweepShared(now = Date.now()): Promise<void> {
  const about = await aboutKept();
  if (about && now - about.at > KEPT) await clearShared();
}

async function aboutKept(): Promise<About | null> {
  if (!('caches' in globalThis) || !(await caches.has(CACHE))) return null;
  const kept = await (await caches.open(CACHE)).match(ABOUT);
  return kept ? ((await kept.json()) as About) : null;
}

export async function clearShared(): Promise<void> {
  if ('caches' in globalThis) await caches.delete(CACHE);
}

/** Its title, its text and its address, each where no other of them says it already. */
function textOf(form: FormData): string {
  const lines = FIELDS.map(name => {
    const value = form.get(name);
    return typeof value === 'string' ? value.replace(/\r\n?/g, '\n').trim() : '';
  });
  const said = (line: string, at: number) =>
    lines.some((other, index) => index !== at && other.includes(line) && (other !== line || index < at));
  return lines
    .filter((line, at) => line !== '' && !said(line, at))
    .join('\n')
    .slice(0, TEXT_MAX)
    .toWellFormed();
}
