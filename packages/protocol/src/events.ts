import { z } from 'zod';
import { BackchannelChoices, Conversation, LogEntry } from './schemas/backchannel.ts';
import { Device, Id, Seq } from './schemas/common.ts';
import { Me, Person, Relation } from './schemas/people.ts';
import { OwnReport } from './schemas/reports.ts';
import { Audience, Hand, RoomCard, RoomInfo, RoomYou, Speaking, StageMember } from './schemas/rooms.ts';

/*
 * The socket (RT-1): `GET /socket?ticket=…`, subprotocol `sotto.1`, one JSON object a text frame, told apart by `type`.
 * Events are hints; sequences and versions are the truth.
 */

/** What a client has of a conversation: its last `seq` without a gap, its read mark and version (without them, they are not compared). */
const Have = z.strictObject({
  conversation: Id,
  seq: Seq,
  readSeq: Seq.optional(),
  version: z.int().optional(),
});
const Head = z.object({ conversation: Id, head: z.int(), readSeq: z.int() });

export const clientFrames = {
  /** First frame after opening: what the client has (RT-6). The server answers `resumed`. */
  resume: z.strictObject({
    type: z.literal('resume'),
    /** The name this device or tab goes by, as in `enterRoom` (RO-6). */
    device: Device,
    /** Its most recent conversations, at most 500. */
    have: z.array(Have).max(500),
    /** The room it is in, with the version it has. */
    room: z.strictObject({ room: Id, version: z.int() }).nullable(),
    /** Whether the hallway is on screen: then its events come. */
    hallway: z.boolean(),
  }),
  hallway: z.strictObject({ type: z.literal('hallway'), watch: z.boolean() }),
  typing: z.strictObject({ type: z.literal('typing'), conversation: Id }),
  read: z.strictObject({ type: z.literal('read'), conversation: Id, seq: Seq }),
};
export const ClientFrame = z.discriminatedUnion('type', [
  clientFrames.resume,
  clientFrames.hallway,
  clientFrames.typing,
  clientFrames.read,
]);
export type ClientFrame = z.infer<typeof ClientFrame>;

export const serverFrames = {
  /** First frame from the server. */
  hello: z.object({ type: z.literal('hello'), session: Id, heartbeatSeconds: z.int() }),
  /** What was missed. `limited` conversations are to be reloaded from their log; `inboxLimited`: the inbox too. */
  resumed: z.object({
    type: z.literal('resumed'),
    /** Conversations the client did not name, or whose read mark moved: as they are now. */
    conversations: z.array(Conversation),
    entries: z.array(z.object({ conversation: Id, entries: z.array(LogEntry) })),
    /** Whom the entries and the conversations name. */
    people: z.array(Person),
    /** Conversations that the client named and that are not theirs any more: removed, left, a stage left. */
    gone: z.array(Id),
    /** Requests and invitations that wait (BC-14). */
    requests: z.int(),
    limited: z.array(Id),
    inboxLimited: z.boolean(),
    /** Whether the room the client named is still the one it is in, and at which version. */
    room: z.object({ room: Id, version: z.int(), inside: z.boolean() }).nullable(),
  }),
  /** Events may have been lost on the way to this node: say `resume` again, at any moment of the next second (RT-5). */
  missed: z.object({ type: z.literal('missed') }),
  /** Every 25 s: heads of the recently active conversations, so that a lost last event is found (RT-5). */
  heads: z.object({ type: z.literal('heads'), heads: z.array(Head) }),

  /** The next entry of a conversation's log. */
  entry: z.object({
    type: z.literal('entry'),
    conversation: Id,
    entry: LogEntry,
    /** Whom it names, where the conversation itself does not. */
    people: z.array(Person),
  }),
  /** Several that follow one another, as a busy talk has them (RT-10). */
  entries: z.object({
    type: z.literal('entries'),
    conversation: Id,
    entries: z.array(LogEntry),
    people: z.array(Person),
  }),
  /** A conversation that is new in this inbox, or changed otherwise than by its log (a block, a name). */
  conversation: z.object({ type: z.literal('conversation'), conversation: Conversation }),
  /** Your read mark, moved on any of your devices. */
  read: z.object({ type: z.literal('read'), conversation: Id, readSeq: z.int(), unread: z.int() }),
  /** A conversation is not yours any more: removed, left, the stage left, a request decided elsewhere. */
  conversationGone: z.object({ type: z.literal('conversationGone'), conversation: Id }),
  /** Someone has read up to here (BC-8). */
  receipt: z.object({ type: z.literal('receipt'), conversation: Id, account: Id, seq: z.int() }),
  /** How many requests and invitations wait (BC-14); the list is to be asked for. */
  requests: z.object({ type: z.literal('requests'), waiting: z.int() }),
  backchannelChoices: z.object({ type: z.literal('backchannelChoices'), choices: BackchannelChoices }),
  /** A report of yours was decided. */
  report: z.object({ type: z.literal('report'), report: OwnReport }),
  /** To admins: how many reports are open. */
  reportsOpen: z.object({ type: z.literal('reportsOpen'), open: z.int() }),
  /** Ephemeral: show for 6 s. */
  typing: z.object({ type: z.literal('typing'), conversation: Id, account: Id }),

  /** Your own account changed, on any device. */
  me: z.object({ type: z.literal('me'), me: Me }),
  relation: z.object({ type: z.literal('relation'), account: Id, relation: Relation }),

  /** A card to add or replace in the hallway. */
  hallwayRoom: z.object({ type: z.literal('hallwayRoom'), card: RoomCard }),
  hallwayGone: z.object({ type: z.literal('hallwayGone'), room: Id }),

  /** Parts of the snapshot that changed, each in full; follows `version - 1`, else take the snapshot again (RO-15). */
  room: z.object({
    type: z.literal('room'),
    room: Id,
    version: z.int(),
    info: RoomInfo.optional(),
    stage: z.array(StageMember).optional(),
    handCount: z.int().optional(),
  }),
  /** To moderators: the queue. At `version` of the room. */
  roomHands: z.object({ type: z.literal('roomHands'), room: Id, version: z.int(), hands: z.array(Hand) }),
  /** To one person: what concerns them alone. At `version` of the room; older than what one has is dropped. */
  roomYou: z.object({ type: z.literal('roomYou'), room: Id, version: z.int(), you: RoomYou }),
  /** At most once a second (RT-11). Ephemeral. */
  roomAudience: z.object({ type: z.literal('roomAudience'), room: Id, audience: Audience }),
  /** At most 5 a second, only changes (AU-10). Ephemeral. The whole list of who speaks. */
  roomSpeaking: z.object({ type: z.literal('roomSpeaking'), room: Id, speaking: z.array(Speaking) }),
  roomSlots: z.object({ type: z.literal('roomSlots'), room: Id, slots: z.array(Id.nullable()) }),
  /** To one person: no sound has come from their open microphone for some seconds (AU-8). */
  roomSilentMicrophone: z.object({ type: z.literal('roomSilentMicrophone'), room: Id }),
  /** To one person: their audio session is over and a new offer is welcome (AU-7), unless they left. */
  roomAudioLost: z.object({ type: z.literal('roomAudioLost'), room: Id, session: Id, reason: z.string() }),
  /** You are out of the room. `moved`: another device of yours took it over (RO-6). */
  roomOut: z.object({
    type: z.literal('roomOut'),
    room: Id,
    reason: z.enum(['left', 'removed', 'moved', 'ended', 'gone']),
    /** With `moved`: the device that is in the room now; that device ignores the event. */
    device: z.string().nullable(),
  }),
  /** Someone you follow calls you into a room. */
  ping: z.object({ type: z.literal('ping'), by: z.string(), byName: z.string(), card: RoomCard }),
};
export const ServerFrame = z.discriminatedUnion('type', [
  serverFrames.hello,
  serverFrames.resumed,
  serverFrames.missed,
  serverFrames.heads,
  serverFrames.entry,
  serverFrames.entries,
  serverFrames.conversation,
  serverFrames.read,
  serverFrames.conversationGone,
  serverFrames.receipt,
  serverFrames.requests,
  serverFrames.backchannelChoices,
  serverFrames.report,
  serverFrames.reportsOpen,
  serverFrames.typing,
  serverFrames.me,
  serverFrames.relation,
  serverFrames.hallwayRoom,
  serverFrames.hallwayGone,
  serverFrames.room,
  serverFrames.roomHands,
  serverFrames.roomYou,
  serverFrames.roomAudience,
  serverFrames.roomSpeaking,
  serverFrames.roomSlots,
  serverFrames.roomSilentMicrophone,
  serverFrames.roomAudioLost,
  serverFrames.roomOut,
  serverFrames.ping,
]);
export type ServerFrame = z.infer<typeof ServerFrame>;

/** Dropped first for a client that does not read (RT-7): the next one says it all again. */
export const ephemeralFrames: ReadonlySet<ServerFrame['type']> = new Set([
  'typing',
  'roomAudience',
  'roomSpeaking',
]);
