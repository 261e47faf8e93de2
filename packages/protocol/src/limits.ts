/** Sizes that both sides keep. Free of schemas, so that a browser bundle may import them. */

/** Characters in a message's text (BC-5). */
export const MESSAGE_TEXT_MAX = 4000;
/** Characters in a room's title (RO-1). */
export const ROOM_TITLE_MAX = 120;
/** Topic tags of a room, and characters in one. */
export const ROOM_TOPICS_MAX = 5;
export const TOPIC_MAX = 32;
/** Characters of what a raised hand says it would talk about (RO-4). */
export const HAND_LINE_MAX = 140;
export const NAME_MAX = 60;
export const BIO_MAX = 500;
export const HANDLE_MIN = 3;
export const HANDLE_MAX = 24;
/** A handle as stored: lower case, starting with a letter, no two dots or underscores in a row. */
export const HANDLE_PATTERN = '^[a-z](?:[a-z0-9]|[._](?=[a-z0-9])){2,23}$';
/** Bytes of a profile picture as uploaded. */
export const PICTURE_BYTES_MAX = 10 * 1024 * 1024;
/** Pixels of a profile picture as uploaded; more is refused before it is decoded. */
export const PICTURE_PIXELS_MAX = 25_000_000;
/** Bytes of an attachment as uploaded (BC-20, BC-21). */
export const IMAGE_BYTES_MAX = 20 * 1024 * 1024;
export const VIDEO_BYTES_MAX = 100 * 1024 * 1024;
export const VOICE_BYTES_MAX = 16 * 1024 * 1024;
/** Bytes of one chunk of an upload; only its last one may be smaller than the least. */
export const UPLOAD_CHUNK_BYTES_MAX = 1024 * 1024;
export const UPLOAD_CHUNK_BYTES_MIN = 16 * 1024;
/** Pixels of an image, of each of its frames; more is refused before it is decoded. */
export const IMAGE_PIXELS_MAX = 25_000_000;
export const VIDEO_SECONDS_MAX = 180;
export const VOICE_SECONDS_MAX = 300;
/** Steps of a voice note's waveform, and the height of the loudest. */
export const VOICE_WAVEFORM_MAX = 64;
export const VOICE_WAVEFORM_PEAK = 31;
/** Attachments of one message (BC-20). */
export const ATTACHMENTS_MAX = 10;
/** People on a stage at once (RO-14). */
export const STAGE_MAX = 20;
/** Slots of a listener: voices that can be heard at once (AU-1). */
export const AUDIO_SLOTS = 4;
/** Characters of a request, which is one message (BC-11). */
export const REQUEST_TEXT_MAX = 500;
/** Days after which someone whose request was not accepted may ask again (BC-13). */
export const REQUEST_AGAIN_DAYS = 30;
/** People in a group, unless the operator says otherwise (BC-2); the most that can be set. */
export const GROUP_PEOPLE_MAX = 1000;
export const GROUP_TITLE_MAX = 60;
/** Groups of up to so many show who has read (BC-8). */
export const RECEIPTS_PEOPLE_MAX = 20;
/** Conversations one may pin. */
export const PINNED_MAX = 20;
/** Different emoji under one message. */
export const REACTIONS_MAX = 20;
/** Characters of a search in messages. */
export const SEARCH_QUERY_MAX = 200;
/** For how long a conversation is muted (BC-8). */
export const MUTE_CHOICES = ['off', '1h', '8h', 'always'] as const;
/** Seconds between two messages of one person in a talk that is slowed down (BC-3). */
export const TALK_SLOW_CHOICES = [0, 5, 15, 60] as const;
/** Entries of one conversation, and of all, that a resume carries before it says `limited` (RT-6). */
export const RESUME_PER_CONVERSATION = 100;
export const RESUME_TOTAL = 500;
/** Bytes of a frame from a client (RT-8). */
export const SOCKET_FRAME_MAX = 64 * 1024;
export const SOCKET_HEARTBEAT_SECONDS = 25;
/** The subprotocol of the socket. */
export const SOCKET_PROTOCOL = 'sotto.1';

/** Why the server closed a socket: WebSocket close codes, the private range being ours (RFC 6455 section 7.4.2). */
export const socketClose = {
  /** The server is going down or restarting: come back with back-off. */
  restart: 1012,
  /** A frame was not what the contract says. */
  badFrame: 4400,
  /** The session is over: sign in again. */
  signedOut: 4401,
  /** Not read fast enough (RT-7): come back and resume. */
  tooSlow: 4408,
  /** No answer to the heartbeat. */
  silent: 4410,
} as const;
