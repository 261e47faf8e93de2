import type {
  AccountId,
  Attachment,
  AttachmentKind,
  Conversation,
  ConversationId,
  GroupRole,
  Id,
  LogEntry,
  OwnReport,
  Person,
  Reply,
  ReportReason,
  Request,
  RoomId,
  ShareCard,
} from '@sotto/protocol';
import type { InputOf, OutputOf } from '../calls/client.ts';
import type { SottoErrorCode } from '../calls/error.ts';
import type { OutboxItemState } from '../outbox/types.ts';
import type { Readable } from '../stores/store.ts';

/** A conversation's place in one's own inbox, on all devices (BC-8). */
export interface Place {
  readonly mute?: 'off' | '1h' | '8h' | 'always';
  readonly pinned?: boolean;
  readonly archived?: boolean;
  readonly markedUnread?: boolean;
}

/** The inbox as a screen shows it. */
export interface InboxView {
  /** `loading`: nothing to show yet, not even from the device. */
  readonly state: 'loading' | 'ready' | 'failed';
  /** What the last attempt to load met, where it failed. */
  readonly error: SottoErrorCode | null;
  /** Pinned ones first, then the latest. */
  readonly conversations: readonly Conversation[];
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** In the whole inbox, also beyond what is loaded; muted ones left out. For the badge. */
  readonly unreadConversations: number;
  /** In the conversations that are loaded. */
  readonly unreadMessages: number;
  /** Requests and invitations that wait (BC-14): a quiet count, in no badge. */
  readonly requests: number;
}

export interface ArchiveView {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: SottoErrorCode | null;
  /** The latest first. */
  readonly conversations: readonly Conversation[];
  readonly hasMore: boolean;
}

export interface Inbox extends Readable<InboxView> {
  reload(): Promise<void>;
  loadMore(): Promise<void>;
  /** Shown at once, taken back if the server refuses. @throws SottoError `too_many_pinned` */
  setPlace(conversation: ConversationId, place: Place): Promise<void>;
  /** What was put away: loaded by its first `loadMore()`, kept right by events from then on. */
  readonly archive: Readable<ArchiveView> & { loadMore(): Promise<void> };
}

/** A file as it is handed over to be sent (BC-20, BC-21). */
export interface NewFile {
  readonly kind: AttachmentKind;
  readonly bytes: Blob | Uint8Array<ArrayBuffer>;
  /** As it is called on the device. */
  readonly name?: string;
  /** Of a voice note, as measured: at most 64 steps from 0 to 31. */
  readonly waveform?: readonly number[];
  /** Of a video: an image to show before it plays. */
  readonly poster?: Blob | Uint8Array<ArrayBuffer>;
  /** For the screen, until the server says: pixels, and seconds. */
  readonly width?: number;
  readonly height?: number;
  readonly seconds?: number;
}

/** What one writes: at least one of text, files and card. */
export interface NewMessage {
  readonly text?: string;
  /** `seq` of the message it answers. Its quote on the screen comes from what is loaded. */
  readonly reply?: number;
  /** At most 10. */
  readonly files?: readonly NewFile[];
  readonly card?: ShareCard;
}

/** A file of a message on its way. Its bytes: `outbox.file(clientId, index)`. */
export interface PendingFile {
  readonly kind: AttachmentKind;
  readonly name: string | null;
  /** Bytes. */
  readonly size: number;
  readonly width: number | null;
  readonly height: number | null;
  readonly seconds: number | null;
  readonly waveform: readonly number[] | null;
  readonly hasPoster: boolean;
  /** Uploaded and checked: as it will be in the message. */
  readonly attachment: Attachment | null;
}

/** A message that is not in the log yet; comes last on the screen (RT-3). */
export interface PendingMessage {
  readonly clientId: string;
  readonly text: string;
  readonly reply: Reply | null;
  readonly files: readonly PendingFile[];
  readonly card: ShareCard | null;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
  /** `sent`: committed, but its entry, or what was written before it, is still on its way here. */
  readonly status: OutboxItemState | { readonly state: 'sent' };
}

/** A conversation as a screen shows it. */
export interface ConversationView {
  readonly id: ConversationId;
  /** Null until it is known what it is. */
  readonly conversation: Conversation | null;
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: SottoErrorCode | null;
  /**
   * What is to be shown, in the order of `seq`: messages as they are now (reactions, previews and what was taken out of view
   * are worked in), and `people`, `about`, `pin`, `talk` and `frozen` as lines between them. An entry stays the same object
   * while nothing in it changes.
   */
  readonly entries: readonly LogEntry[];
  readonly hasOlder: boolean;
  readonly loadingOlder: boolean;
  /** Shown is a stretch further back, that `jumpTo` went to: the newest messages are not on the screen. */
  readonly hasNewer: boolean;
  readonly loadingNewer: boolean;
  /** The last place of what is loaded, shown or not: up to here `markRead()` reads. */
  readonly lastSeq: number;
  /** Belongs below the newest message: not to be shown while `hasNewer`. */
  readonly pending: readonly PendingMessage[];
  /** Who is writing now. */
  readonly typing: readonly AccountId[];
  /** Everyone this device has heard of by name, by account. */
  readonly people: ReadonlyMap<AccountId, Person>;
  /** Where reading stood when the screen was opened: for the line above what is new. Null: nothing was. */
  readonly firstUnreadSeq: number | null;
  /** That is further back than what is loaded. */
  readonly unreadAbove: boolean;
  /**
   * Whether that is certain: the server has said it, or could not be asked. Until then it is as this device remembers it, and
   * may still change; what is on the screen should not be marked as read.
   */
  readonly settled: boolean;
}

export interface ConversationStore extends Readable<ConversationView> {
  readonly id: ConversationId;
  /** Loads and keeps it fresh while somebody looks. Returns the way to say that they no longer do. */
  open(): () => void;
  /** The page before. Nothing happens where there is none, or while one is loading. */
  loadOlder(): Promise<void>;
  /** The page after, while `hasNewer`; back at the newest by itself where the stretches meet. */
  loadNewer(): Promise<void>;
  /**
   * Shows the log around a message, or around the first entry on or after an instant (RFC 3339). Null where nothing is there.
   * @returns the `seq` to scroll to
   * @throws SottoError
   */
  jumpTo(place: { readonly seq: number } | { readonly at: string }): Promise<number | null>;
  /** Back to the newest. */
  toLatest(): void;
  /** The `clientId` of the message; null where there is nothing to send. */
  send(message: string | NewMessage): string | null;
  /** Adds a reaction or takes it back: shown at once, taken back if the server refuses (BC-8). @throws SottoError */
  react(seq: number, emoji: string, on: boolean): Promise<void>;
  /** You have read up to `seq` (default: all that is here). Only moves forward; takes `markedUnread` away. */
  markRead(seq?: number): void;
  /** You are writing: tells the others, at most every 3 s. */
  typing(): void;
}

/** The Backchannel of one account, as the application sees it. */
export interface Conversations {
  /** The store of one conversation, known or not; the same one for the same id. */
  get(id: ConversationId): ConversationStore;
  /** The direct conversation with someone, made if there is none (BC-1). Needs the network. */
  openDirect(person: AccountId): Promise<Conversation>;
  /** The direct conversation with someone as far as it is known here: works offline. */
  findDirect(person: AccountId): Conversation | null;
  /** Writes to someone, whether a conversation is there already or not; waits for the network if need be. */
  writeTo(person: AccountId, message: string | NewMessage): string | null;
  /**
   * An attachment whose links hold for a while yet: itself, or asked for once for all who need it (BC-22).
   * @throws SottoError `not_found`
   */
  freshLinks(attachment: Attachment): Promise<Attachment>;
  /** Messages of one's own conversations; `after`: `next` of the page before. @throws SottoError */
  search(
    query: string,
    options?: {
      readonly conversation?: ConversationId;
      readonly after?: string;
      readonly limit?: number;
      readonly signal?: AbortSignal;
    },
  ): Promise<OutputOf<'GET /v1/messages'>>;
}

/** What waits for one's yes (BC-10 to BC-13). */
export interface RequestsView {
  readonly state: 'loading' | 'ready' | 'failed';
  readonly error: SottoErrorCode | null;
  /** The nearest first. */
  readonly requests: readonly Request[];
  readonly hasMore: boolean;
  readonly loadingMore: boolean;
  /** How many there are on the server: those shown here, and those that one's rules hold back (BC-17). */
  readonly waiting: number;
  readonly held: number;
}

export interface RequestList extends Readable<RequestsView> {
  /** Loads, and keeps it right while somebody looks. Returns the way to say that they no longer do. */
  watch(): () => void;
  loadMore(): Promise<void>;
}

export interface Requests {
  readonly waiting: RequestList;
  readonly held: RequestList;
  /** @throws SottoError `not_found` */
  get(conversation: ConversationId): Promise<Request>;
  /** Into the inbox with it. @throws SottoError */
  accept(conversation: ConversationId): Promise<Conversation>;
  /** Away with it; they learn nothing. @throws SottoError */
  remove(conversation: ConversationId): Promise<void>;
  /** The same for many, or to block them all (BC-13); any number. Returns those it was done for. @throws SottoError */
  decide(
    conversations: readonly ConversationId[],
    action: 'accept' | 'delete' | 'block',
  ): Promise<readonly ConversationId[]>;
  /**
   * Reports those who ask, each with their request, and blocks them (BC-13): for each both or neither, and as many as single
   * reports may be made. Where one is refused, those before it are done.
   * @throws SottoError
   */
  report(conversations: readonly ConversationId[], reason: ReportReason, note?: string): Promise<void>;
}

/** Groups (BC-2). All throw SottoError; what they change comes back by events too. */
export interface Groups {
  /** `clientId` (from `newId()`): a repeat with the same one gives the same group again. */
  make(group: {
    readonly title?: string;
    readonly people?: readonly AccountId[];
    readonly clientId?: Id;
  }): Promise<Conversation>;
  rename(group: ConversationId, title: string): Promise<Conversation>;
  changePicture(group: ConversationId, bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Conversation>;
  removePicture(group: ConversationId): Promise<Conversation>;
  people(group: ConversationId): Promise<OutputOf<'GET /v1/groups/:conversation/people'>>;
  add(group: ConversationId, person: AccountId): Promise<void>;
  remove(group: ConversationId, person: AccountId): Promise<void>;
  setRole(group: ConversationId, person: AccountId, role: GroupRole): Promise<void>;
  leave(group: ConversationId): Promise<void>;
}

/** The written side of a room (BC-3): ids for `conversations.get`. */
export interface TalkView {
  readonly state: 'loading' | 'ready' | 'failed';
  /** `not_in_room`, `not_found` … */
  readonly error: SottoErrorCode | null;
  readonly room: Conversation | null;
  /** While one is on the stage, and for those who were there at the end. */
  readonly stage: Conversation | null;
}

export interface Talk extends Readable<TalkView> {
  /** Loads, and follows the stage while somebody looks. Returns the way to say that they no longer do. */
  open(): () => void;
  /** A moderator switches a talk on or off, or slows it down. @throws SottoError `moderators_only`, `frozen` */
  change(
    conversation: ConversationId,
    changes: InputOf<'PATCH /v1/conversations/:conversation/talk'>['body'],
  ): Promise<void>;
  /** Null takes the pin down. @throws SottoError */
  pin(conversation: ConversationId, seq: number | null): Promise<void>;
  /** Takes a message out of view, with a trace. @throws SottoError */
  hide(conversation: ConversationId, seq: number): Promise<void>;
}

/** The talk of a room; the same one for the same room. */
export type TalkOf = (room: RoomId) => Talk;

/** Choices that the server keeps; null until `load`. What is changed shows at once, and goes back if the server does not take it. */
export interface Choices<T> extends Readable<T | null> {
  /** @throws SottoError */
  load(): Promise<T>;
  /** As the server keeps them then. @throws SottoError */
  change(changes: Partial<T>): Promise<T>;
}

export interface Reports {
  /** One's own, newest first; null until `load`. Outcomes come in by events. */
  readonly own: Readable<readonly OwnReport[] | null>;
  /** For admins: how many are open, as last heard; null where nothing was. */
  readonly open: Readable<number | null>;
  /** @throws SottoError */
  load(): Promise<readonly OwnReport[]>;
  /** A message, or (without `seq`) who asks or invites (BC-7). @throws SottoError */
  make(report: {
    readonly conversation: ConversationId;
    readonly seq?: number;
    readonly reason: ReportReason;
    readonly note?: string;
    readonly block?: boolean;
  }): Promise<OwnReport>;
}
