import { z } from 'zod';
import { GROUP_TITLE_MAX } from '../limits.ts';

/** A UUID, lower case; version 7 where we mint it (RFC 9562), so that ids sort by time. */
export const Id = z.uuid().toLowerCase();
export type Id = string;
export type AccountId = Id;
export type RoomId = Id;
export type ConversationId = Id;

/** A name that a client minted for its device or tab. */
export const Device = z
  .string()
  .min(8)
  .max(64)
  .regex(/^\P{Cc}*$/u);

/** The last place in the log of a conversation that can be counted, and asked for. */
export const SEQ_MAX = 2 ** 31 - 1;
/** A place in a log; 0 is before its first entry. */
export const Seq = z.int().min(0).max(SEQ_MAX);

/** An instant, RFC 3339 in UTC with milliseconds. */
export const Instant = z.iso.datetime();

/**
 * Removes what a title or a name must not carry: control characters and line breaks become spaces; ends are trimmed. Half a
 * character (a lone surrogate), as a cut in the wrong place leaves it, becomes U+FFFD.
 */
const oneLine = (text: string): string =>
  text
    .toWellFormed()
    .replace(/[\p{Cc}\p{Zl}\p{Zp}]+/gu, ' ')
    .trim();

export const line = (max: number, min = 0) =>
  z.string().transform(oneLine).pipe(z.string().min(min).max(max));

export const GroupTitle = line(GROUP_TITLE_MAX);
