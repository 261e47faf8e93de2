/** An account taking part in a room, as the application names it. Opaque here. */
export type ParticipantId = string;
export type RoomId = string;
/** One connection of one participant to one room on one node; never used again. */
export type SessionId = string;

/** Why a session ended. `docs/closures.md` says who gives which, and what each side then sees. */
export type CloseReason =
  | 'left'
  | 'replaced'
  | 'kicked'
  | 'room_ended'
  | 'moved'
  | 'timeout'
  | 'lost'
  | 'failed'
  | 'flooding'
  | 'node_stopped';

/** Why a packet that reached the node was not heard. */
export type DropReason =
  | 'malformed'
  | 'oversized'
  | 'rate'
  | 'not_permitted'
  | 'payload_type'
  | 'late'
  | 'no_slot'
  | 'send_failed';

/** Where the node writes its few lines: one per meaningful change, none per packet. */
export interface MediaLog {
  debug(fields: Readonly<Record<string, unknown>>, message: string): void;
  warn(fields: Readonly<Record<string, unknown>>, message: string): void;
}

export interface MediaNodeOptions {
  /** The one UDP port of the node. 0 picks a free one; `MediaNode.port` tells which. */
  readonly port: number;
  /** Local address to listen on; all of them when left out. */
  readonly bind?: string;
  /** Addresses clients reach the node by, put into answers as host candidates, best first. */
  readonly announce: readonly string[];
  readonly log?: MediaLog;
  /** Voices heard at the same time in a room: 1 to 16, default 4. */
  readonly slots?: number;
  /** Sessions this node takes before `full`; default 8000. */
  readonly maxSessions?: number;
}

export interface JoinRequest {
  readonly roomId: RoomId;
  readonly participantId: ParticipantId;
  /** SDP offer, complete (not trickled); its candidates are ignored. */
  readonly offer: string;
  /** On the stage now: gets the 20 ms clock. */
  readonly onStage: boolean;
  /** The uplink is heard only while true: on stage, and muted by nobody. */
  readonly maySpeak: boolean;
}

export interface JoinResult {
  readonly sessionId: SessionId;
  /** SDP answer, with the node's candidates in it: nothing more is exchanged. */
  readonly answer: string;
}

export interface Permission {
  readonly onStage: boolean;
  readonly maySpeak: boolean;
}

export interface Speaker {
  readonly participantId: ParticipantId;
  /** Loudness for an indicator: 0 (about silent) to 1 (loud), in steps of 0.1. */
  readonly level: number;
}

/** Who is in which slot; index = position of the `recvonly` section in the offer. */
export type SlotHolders = readonly (ParticipantId | null)[];

export interface RoomSnapshot {
  readonly slots: SlotHolders;
  readonly speaking: readonly Speaker[];
}

export interface NodeStats {
  readonly sessions: number;
  readonly rooms: number;
  readonly packetsIn: number;
  readonly packetsOut: number;
  readonly bytesIn: number;
  readonly bytesOut: number;
  readonly dropped: Readonly<Record<DropReason, number>>;
  /** Offers refused as `bad_offer`. */
  readonly badOffers: number;
  readonly closed: Readonly<Record<CloseReason, number>>;
  readonly draining: boolean;
}

export interface MediaNodeEvents {
  slots: { readonly roomId: RoomId; readonly slots: SlotHolders };
  /** At most 5 a second a room, and only changes (AU-10). */
  speaking: { readonly roomId: RoomId; readonly speakers: readonly Speaker[] };
  connected: {
    readonly roomId: RoomId;
    readonly participantId: ParticipantId;
    readonly sessionId: SessionId;
  };
  closed: {
    readonly roomId: RoomId;
    readonly participantId: ParticipantId;
    readonly sessionId: SessionId;
    readonly reason: CloseReason;
  };
  /** May speak, is connected, yet no packet came for some seconds: tell the person (AU-8). Once per silence. */
  silentUplink: {
    readonly roomId: RoomId;
    readonly participantId: ParticipantId;
    readonly sessionId: SessionId;
  };
  /** The node takes no new sessions: move those it has (AU-7). */
  draining: { readonly rooms: readonly RoomId[] };
}

/** A typed emitter: `on` returns the way to stop listening. A throwing listener is logged, never fatal. */
export interface MediaEvents {
  on<Name extends keyof MediaNodeEvents>(
    name: Name,
    listener: (event: MediaNodeEvents[Name]) => void,
  ): () => void;
}

/** One Opus packet of one producer on its way to a router, whatever it came by. */
export interface ProducerPacket {
  /** RTP sequence number, 16 bit, of the producer's own. */
  readonly sequence: number;
  /** RTP timestamp, 32 bit, 48 kHz, of the producer's own. */
  readonly timestamp: number;
  /** Loudness in -dBov: 0 loudest, 127 silent (RFC 6464). */
  readonly level: number;
  /** Opus packet (RFC 6716). Only valid during the call: whoever keeps it copies it. */
  readonly payload: Uint8Array;
}

/** A voice of a room, from a session of this node or from elsewhere (another node, a file). */
export interface Producer {
  readonly id: ParticipantId;
  push(packet: ProducerPacket): void;
  close(): void;
}

export interface MediaNode {
  readonly port: number;
  readonly events: MediaEvents;
  /**
   * Takes a participant in with one round trip. A second join of the same participant in the same room
   * replaces the first.
   * @throws MediaError `bad_offer` (with `field`), `draining`, `full` or `closed`
   */
  join(request: JoinRequest): Promise<JoinResult>;
  /** Effective on the next packet. Nobody there: nothing happens. */
  permit(roomId: RoomId, participantId: ParticipantId, permission: Permission): void;
  closeSession(sessionId: SessionId, reason: CloseReason): void;
  closeParticipant(roomId: RoomId, participantId: ParticipantId, reason: CloseReason): void;
  closeRoom(roomId: RoomId, reason: CloseReason): void;
  /** What a joiner must know that events will not repeat. */
  snapshot(roomId: RoomId): RoomSnapshot;
  /** A voice that is not a session here: another node's, a recording's. Close it to give the slot back. */
  addProducer(roomId: RoomId, participantId: ParticipantId): Producer;
  /** Every permitted packet of this node's own sessions in the room, for other nodes. Returns the way to stop. */
  tap(roomId: RoomId, listener: (participantId: ParticipantId, packet: ProducerPacket) => void): () => void;
  stats(): NodeStats;
  /** Takes no new sessions from now on; those it has stay until moved. */
  drain(): void;
  /** Closes all sessions as `node_stopped`, and frees the port. */
  stop(): Promise<void>;
}
