import { z } from 'zod';
import { MESSAGE_TEXT_MAX } from '../limits.ts';
import { Attachment } from './attachments.ts';
import { Id, Instant, Seq } from './common.ts';
import { Person, Picture } from './people.ts';

const clean = (text: string): string =>
  text
    .toWellFormed()
    .replace(/\r\n?/g, '\n')
    .replace(/[^\P{Cc}\n\t]/gu, '')
    .trim();

/** As written: line breaks stay, other control characters go, ends are trimmed. Empty beside an attachment or a card. */
export const MessageText = z.string().transform(clean).pipe(z.string().max(MESSAGE_TEXT_MAX));

/** One emoji as Unicode recommends it for interchange (UTS #51), skin tones and flags included. */
export const Emoji = z
  .string()
  .max(32)
  .regex(/^\p{RGI_Emoji}$/v);

/** A message that another answers, as much as a screen quotes of it. */
export const Reply = z.object({
  seq: z.int().min(1),
  sender: Id,
  /** At most 160 characters; empty where it was taken out of view, is of someone who was blocked, or from before the reader came. */
  text: z.string(),
  /** Its first attachment, for a picture or a word beside the text. */
  attachment: z.enum(['image', 'video', 'voice']).nullable(),
});
export type Reply = z.infer<typeof Reply>;

/** Something of Sotto handed on in a message (BC-5); its live state is asked for where it is shown. */
export const ShareCard = z.discriminatedUnion('kind', [
  z.strictObject({
    kind: z.literal('room'),
    room: Id,
    key: z.string().max(64).optional().describe('Lets into a private room.'),
  }),
  z.strictObject({ kind: z.literal('profile'), account: Id }),
]);
export type ShareCard = z.infer<typeof ShareCard>;

export const LinkPreview = z.object({
  /** The link as it stands in the text, absolute. */
  url: z.string(),
  title: z.string(),
  description: z.string(),
  site: z.string(),
  image: z
    .object({ path: z.string(), width: z.int(), height: z.int(), blur: z.string().nullable() })
    .nullable(),
});
export type LinkPreview = z.infer<typeof LinkPreview>;

export const Reaction = z.object({
  emoji: z.string(),
  count: z.int().min(1),
  /** Who, in the order they did; in a talk at most 50. */
  accounts: z.array(Id),
});
export type Reaction = z.infer<typeof Reaction>;

/**
 * `reactions`, `previews` and `hidden` are as of the `head` that came with it; a later entry that names its `seq` in `of`
 * changes them.
 */
export const Message = z.object({
  id: Id,
  sender: Id,
  /** The id the sender's client minted; tells the sender's own devices which pending message this is. */
  clientId: Id,
  /** Empty where `hidden`. */
  text: z.string(),
  reply: Reply.nullable(),
  attachments: z.array(Attachment),
  card: ShareCard.nullable(),
  previews: z.array(LinkPreview),
  reactions: z.array(Reaction),
  /** Taken out of view by a moderator (BC-3, BC-6): nothing of it is shown but this trace. */
  hidden: z.boolean(),
});
export type Message = z.infer<typeof Message>;

export const GroupRole = z.enum(['owner', 'admin', 'member']);
export type GroupRole = z.infer<typeof GroupRole>;

const entry = <K extends string, S extends z.ZodRawShape>(kind: K, shape: S) =>
  z.object({ seq: z.int().min(1), at: Instant, kind: z.literal(kind), ...shape });

/** One thing that happened in a conversation; `seq` counts them from 1 without a gap (RT-3). */
export const LogEntry = z.discriminatedUnion('kind', [
  entry('message', { message: Message }),
  /** A message that is not for you: of someone with whom you have a block. Not shown at all. */
  entry('withheld', {}),
  entry('reaction', { by: Id, of: Seq, emoji: z.string(), on: z.boolean() }),
  entry('preview', { of: Seq, previews: z.array(LinkPreview) }),
  entry('hidden', { by: Id.nullable().describe('Null: the operator’s moderators.'), of: Seq }),
  /** Pinned in a talk (BC-3); null: nothing is pinned now. */
  entry('pin', { by: Id, of: Seq.nullable() }),
  /** Who belongs to a group, and as what. */
  entry('people', {
    by: Id,
    change: z.enum(['made', 'added', 'joined', 'left', 'removed', 'owner', 'admin', 'member']),
    accounts: z.array(Id),
  }),
  /** A group's name or picture, both as they are from now on. */
  entry('about', { by: Id, title: z.string(), picture: Picture.nullable() }),
  /** A talk was switched on or off, or slowed down (BC-3). */
  entry('talk', { by: Id, on: z.boolean(), slowSeconds: z.int() }),
  /** The room is over: nothing more is written (BC-3). */
  entry('frozen', {}),
]);
export type LogEntry = z.infer<typeof LogEntry>;
export type EntryOf<K extends LogEntry['kind']> = Extract<LogEntry, { kind: K }>;

export const ConversationKind = z.enum(['direct', 'group', 'room', 'stage']);
export type ConversationKind = z.infer<typeof ConversationKind>;

/** Why one cannot write. `waiting`: your request is with them (BC-11). `closed`: they take no new messages (BC-15). */
export const WhyNot = z.enum(['blocked', 'waiting', 'closed', 'off', 'frozen', 'request']);

const common = {
  id: Id,
  /** `seq` of the newest entry; 0 while nothing happened. */
  head: z.int().min(0),
  /** The first entry that is for you: what was before you came is not (BC-2). */
  firstSeq: z.int().min(1),
  /** Up to where you have read. Only ever moves forward. */
  readSeq: z.int().min(0),
  /** Messages of others after `readSeq`, counted up to 1000. */
  unread: z.int().min(0),
  /** You marked it unread though you have read it (BC-8). */
  markedUnread: z.boolean(),
  mutedUntil: Instant.nullable().describe('The year 9999 stands for always.'),
  pinned: z.boolean(),
  archived: z.boolean(),
  /** The newest message. */
  last: LogEntry.nullable(),
  /** What the inbox sorts by; null while a direct conversation is empty: then it is not shown. */
  at: Instant.nullable(),
  /** `request` and `invitation` wait among the requests, not in the inbox (BC-10). */
  state: z.enum(['active', 'request', 'invitation']),
  canWrite: z.boolean(),
  whyNot: WhyNot.nullable(),
  /** Rises with every change to what you see of it that is not in its log. */
  version: z.int(),
  /** Up to where others have read, where both they and you let that be seen: direct, and groups of up to 20 (BC-8). */
  readers: z.array(z.object({ account: Id, seq: z.int() })),
};

export const Conversation = z.discriminatedUnion('kind', [
  z.object({
    ...common,
    kind: z.literal('direct'),
    with: Person,
    /** What you write first goes as a request: one message, text only, 500 characters (BC-11). */
    asRequest: z.boolean(),
  }),
  z.object({
    ...common,
    kind: z.literal('group'),
    title: z.string(),
    picture: Picture.nullable(),
    count: z.int(),
    /** Up to 4 others, for a face. */
    faces: z.array(Person),
    you: GroupRole,
    /** Someone is in it with whom you have a block that you made (PE-5). */
    blockedInside: z.boolean(),
  }),
  z.object({
    ...common,
    kind: z.enum(['room', 'stage']),
    room: z.object({ id: Id, title: z.string(), ended: z.boolean() }),
    /** You may switch it off, slow it, pin, take out of view (BC-3). */
    moderator: z.boolean(),
    on: z.boolean(),
    slowSeconds: z.int(),
    /** The message pinned on top. */
    pin: LogEntry.nullable(),
  }),
]);
export type Conversation = z.infer<typeof Conversation>;
export type ConversationOf<K extends ConversationKind> = Conversation & { kind: K };

/** How a request came about (BC-12). */
export const Provenance = z.object({
  /** People you follow who follow them. */
  mutual: z.object({ count: z.int(), people: z.array(Person) }),
  /** The latest room where you both were. */
  room: z.object({ id: Id, title: z.string(), at: Instant }).nullable(),
  joinedAt: Instant,
});

/** Something that waits for your yes: a first message of someone you don't know, or a group they add you to (BC-10). */
export const Request = z.object({
  conversation: Conversation,
  from: Person,
  sentAt: Instant,
  provenance: Provenance,
});
export type Request = z.infer<typeof Request>;

export const BackchannelChoices = z.object({
  /** Who may start to write to you; `everyone` by request (BC-15). */
  whoMayWrite: z.enum(['everyone', 'following', 'nobody']),
  /** Read receipts, both ways (BC-8). */
  receipts: z.boolean(),
  /** Requests with one of these are held back without a word (BC-17). */
  heldWords: z.array(z.string()),
  heldHosts: z.array(z.string()),
});
export type BackchannelChoices = z.infer<typeof BackchannelChoices>;
