/** Rules of accounts that need neither database nor clock of their own. */

import { plainLetters } from '@sotto/protocol/letters';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

export const CODE_LIFETIME = 10 * MINUTE;
export const CODE_TRIES = 5;
/** Codes that are sent to one address within an hour, whoever asks. */
export const CODES_PER_HOUR = 5;
export const CODE_WINDOW = HOUR;
/** A session that was not used for this long is over. */
export const SESSION_LIFETIME = 180 * DAY;
/** `last_seen_at` is written at most this often. */
export const LAST_SEEN_STEP = MINUTE;
export const TICKET_LIFETIME = 30_000;
const NEWCOMER = 7 * DAY;

export const isNewcomer = (createdAt: Date, now: Date): boolean =>
  now.getTime() - createdAt.getTime() < NEWCOMER;

/** Names that would pass for the server, its people or its pages. Compared without dots and underscores. */
const reserved = new Set(
  (
    'about abuse account accounts admin administrator all anonymous api app audio backchannel blog bot bots code ' +
    'contact everyone feedback files hallway handle healthz help here home host hostmaster house houses inbox info ' +
    'invite invites legal login logout mail me messages metrics mod moderation moderator moderators news nobody ' +
    'noreply notifications null official operator owner people postmaster press privacy profile readyz register ' +
    'report reports room rooms root search security server session sessions settings signin signout signup socket ' +
    'sotto sottobot staff status support sysadmin system team terms test undefined unknown user users verified ' +
    'webmaster welcome www you'
  ).split(' '),
);

export const isReserved = (handle: string): boolean => reserved.has(handle.replace(/[._]/g, ''));

/** Directional overrides and isolates: in a name they would turn the text around it. */
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;
const visible = /[\p{L}\p{N}\p{P}\p{S}]/u;

/** A name as stored; null if nothing of it can be seen. */
export function cleanName(name: string): string | null {
  const clean = name.replace(bidi, '').replace(/\s+/g, ' ').trim().normalize('NFC');
  return visible.test(clean) ? clean : null;
}

/** A bio as stored: line breaks stay, at most one empty line in a row; other control characters go. */
export const cleanBio = (bio: string): string =>
  bio
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n]/gu, '')
    .replace(bidi, '')
    .replace(/\n{3,}/g, '\n\n')
    .trim();

const apart = new RegExp(`[${Object.keys(plainLetters).join('')}]`, 'g');

/**
 * The words of a text for searching, without case and accents: `Åsa O’Neill-Groß` gives `asa`, `o`, `neill`, `gross`.
 * Only letters and digits are left, so a word is safe inside a `tsquery`.
 */
export function searchWords(...texts: readonly (string | null)[]): string[] {
  const folded = texts
    .join(' ')
    .normalize('NFKD')
    .replace(/\p{M}+/gu, '')
    .toLowerCase()
    .replace(apart, letter => plainLetters[letter] ?? letter);
  return [...new Set(folded.match(/[\p{L}\p{N}]+/gu) ?? [])];
}
