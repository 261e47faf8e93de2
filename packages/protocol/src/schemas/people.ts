import { z } from 'zod';
import { BIO_MAX, HANDLE_PATTERN, NAME_MAX } from '../limits.ts';
import { Id, Instant, line } from './common.ts';

export const Handle = z
  .string()
  .toLowerCase()
  .regex(new RegExp(HANDLE_PATTERN))
  .describe('3 to 24 of a–z, 0–9, dot and underscore, beginning with a letter.');
export const Name = line(NAME_MAX, 1);
export const Bio = z.string().trim().max(BIO_MAX);

export const Picture = z.object({
  small: z.string().describe('Path of a 96 px square WebP.'),
  large: z.string().describe('Path of a 384 px square WebP.'),
});

/** What anyone who may see a person sees of them. */
export const Person = z.object({
  id: Id,
  handle: z.string(),
  name: z.string(),
  picture: Picture.nullable(),
  newcomer: z.boolean().describe('The account is younger than 7 days.'),
});
export type Person = z.infer<typeof Person>;

/** How the viewer stands to a person. */
export const Relation = z.object({
  following: z.boolean(),
  followsYou: z.boolean(),
  blocked: z
    .boolean()
    .describe('You have blocked them. Whether they blocked you is never told: they are just not there.'),
});
export type Relation = z.infer<typeof Relation>;

export const Profile = z.object({
  person: Person,
  bio: z.string(),
  joinedAt: Instant,
  followers: z.int(),
  following: z.int(),
  relation: Relation,
  self: z.boolean(),
  /** Whether you may write to them: at once, as a request, not again before it is accepted, or not at all (BC-15). */
  writing: z.enum(['open', 'request', 'waiting', 'closed']),
  /** The room they can be heard or found in, if the viewer may enter it. */
  room: z.object({ id: Id, title: z.string(), onStage: z.boolean() }).nullable(),
});
export type Profile = z.infer<typeof Profile>;

/** One's own account. */
export const Me = z.object({
  id: Id,
  handle: z.string().nullable(),
  name: z.string().nullable(),
  bio: z.string(),
  picture: Picture.nullable(),
  admin: z.boolean(),
  complete: z
    .boolean()
    .describe('Handle and name are set; until then only `PATCH /v1/me` and its like work.'),
  addresses: z.array(z.object({ kind: z.enum(['email', 'phone']), address: z.string() })),
  createdAt: Instant,
});
export type Me = z.infer<typeof Me>;

export const Session = z.object({
  id: Id,
  createdAt: Instant,
  lastSeenAt: Instant,
  client: z.string().describe('What the client called itself: its User-Agent, shortened.'),
  current: z.boolean(),
});
export type Session = z.infer<typeof Session>;
