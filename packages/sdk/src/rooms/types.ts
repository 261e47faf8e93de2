import type { ConversationId, RoomId, RoomSnapshot, ServerFrame } from '@sotto/protocol';

export type OutReason = Extract<ServerFrame, { type: 'roomOut' }>['reason'];

/** The one room that this device is in (RO-6). */
export type RoomState =
  /** `last`: the room one was in before, and why no longer. */
  | { readonly state: 'out'; readonly last: { readonly room: RoomId; readonly reason: OutReason } | null }
  /** `room` is null while a new one is being opened. */
  | { readonly state: 'entering'; readonly room: RoomId | null }
  | { readonly state: 'in'; readonly room: RoomId; readonly snapshot: RoomSnapshot };

/** A room as it is opened (RO-1). */
export interface NewRoom {
  title?: string;
  topics?: string[];
  visibility?: 'open' | 'private';
  /** A direct or group conversation of yours: its people are called in, and the room is private (BC-4). */
  conversation?: ConversationId;
}
