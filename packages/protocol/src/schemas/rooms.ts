import { z } from 'zod';
import { HAND_LINE_MAX, ROOM_TITLE_MAX, ROOM_TOPICS_MAX, TOPIC_MAX } from '../limits.ts';
import { Id, Instant, line } from './common.ts';
import { Person } from './people.ts';

export const RoomTitle = line(ROOM_TITLE_MAX);
export const RoomTopics = z.array(line(TOPIC_MAX, 1)).max(ROOM_TOPICS_MAX);
export const RoomVisibility = z.enum(['open', 'private']);
/** Who may raise a hand (RO-4). */
export const HandsMode = z.enum(['off', 'followed', 'everyone']);
export type HandsMode = z.infer<typeof HandsMode>;
export const RoomRole = z.enum(['moderator', 'speaker', 'listener']);
export type RoomRole = z.infer<typeof RoomRole>;
export const HandLine = line(HAND_LINE_MAX);

/** A room in the hallway. */
export const RoomCard = z.object({
  id: Id,
  title: z.string(),
  topics: z.array(z.string()),
  visibility: RoomVisibility,
  startedAt: Instant,
  /** The first of the stage: moderators, then speakers, longest there first. */
  stage: z.array(Person.extend({ moderator: z.boolean() })).max(6),
  stageCount: z.int(),
  count: z.int().describe('Everyone in the room, the stage among them.'),
  /** Why it is shown to you: people you follow who are in it. Null in events: keep what you had. */
  why: z.object({ followed: z.array(z.string()), others: z.int() }).nullable(),
});
export type RoomCard = z.infer<typeof RoomCard>;

export const RoomInfo = z.object({
  id: Id,
  title: z.string(),
  topics: z.array(z.string()),
  visibility: RoomVisibility,
  hands: HandsMode,
  stageLocked: z.boolean(),
  startedAt: Instant,
  /** While they moderate, they alone may move another moderator down or remove one (RO-2). */
  openedBy: Id,
});
export type RoomInfo = z.infer<typeof RoomInfo>;

export const StageMember = z.object({
  person: Person,
  moderator: z.boolean(),
  muted: z.boolean(),
  /** False while they are reconnecting (RO-5): they keep their place for 90 s. */
  connected: z.boolean(),
  /** CSRC of their voice in the RTP packets of a slot (RFC 3550 section 5.1). */
  csrc: z.int(),
});
export type StageMember = z.infer<typeof StageMember>;

export const Listener = Person.extend({
  followedBySpeaker: z.boolean(),
  handRaised: z.boolean(),
});
export type Listener = z.infer<typeof Listener>;

export const Audience = z.object({
  count: z.int(),
  /** At most 48: those followed by speakers first, then the newest (RT-11). `GET /v1/rooms/{room}/audience` pages through all. */
  sample: z.array(Listener),
});
export type Audience = z.infer<typeof Audience>;

export const Hand = z.object({ person: Person, line: z.string(), raisedAt: Instant, invited: z.boolean() });
export type Hand = z.infer<typeof Hand>;

/** What concerns the viewer alone. */
export const RoomYou = z.object({
  role: RoomRole,
  muted: z.boolean(),
  /** Your raised hand, with your place in the queue, from 1. */
  hand: z.object({ place: z.int(), line: z.string() }).nullable(),
  /** Whether you may raise it now, as the mode and the speakers you are followed by say. */
  mayRaiseHand: z.boolean(),
  /** Someone invited you to the stage; accept or decline. */
  invitation: z.object({ by: Person }).nullable(),
  /** The room lost its moderators and is offered to you (RO-5). */
  offeredModeration: z.boolean(),
  /** The device (as named on entering) that is in the room for you (RO-6). */
  device: z.string(),
  /** For a link to a private room; null where the room is open or you do not moderate it. */
  key: z.string().nullable(),
});
export type RoomYou = z.infer<typeof RoomYou>;

export const Speaking = z.object({ account: Id, level: z.number().min(0).max(1) });

/**
 * All that a screen of a room says (RO-15). `version` counts the changes to `info`, `stage` and `hands`;
 * `you` carries the version it was read at.
 */
export const RoomSnapshot = z.object({
  version: z.int(),
  info: RoomInfo,
  stage: z.array(StageMember),
  /** How many hands are up, for everyone. */
  handCount: z.int(),
  /** The queue, in order; only for moderators, else empty. */
  hands: z.array(Hand),
  audience: Audience,
  you: RoomYou,
  /** Who is in which slot (AU-1). */
  slots: z.array(Id.nullable()),
  speaking: z.array(Speaking),
});
export type RoomSnapshot = z.infer<typeof RoomSnapshot>;

/** What a link to a room shows before one enters. */
export const RoomDoor = z.object({ card: RoomCard, inside: z.boolean() });
