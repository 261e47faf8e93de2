export { browserAudio } from './audio/browser.ts';
export type { AudioParts, AudioService } from './audio/parts.ts';
export type {
  Audio,
  AudioConnection,
  AudioDevice,
  AudioStats,
  AudioView,
  Microphone,
} from './audio/types.ts';
export type {
  ArchiveView,
  Choices,
  ConversationStore,
  Conversations,
  ConversationView,
  Groups,
  Inbox,
  InboxView,
  NewFile,
  NewMessage,
  PendingFile,
  PendingMessage,
  Place,
  Reports,
  RequestList,
  Requests,
  RequestsView,
  Talk,
  TalkOf,
  TalkView,
} from './backchannel/types.ts';
export {
  type Call,
  type CallerOptions,
  type CallOptions,
  createCaller,
  type InputOf,
  type OutputOf,
} from './calls/client.ts';
export {
  type DetailsOf,
  isSottoError,
  isTemporary,
  type LocalErrorCode,
  SottoError,
  type SottoErrorCode,
} from './calls/error.ts';
export { newId } from './id.ts';
export type { Outbox } from './outbox/outbox.ts';
export { browserTabs, noTabs, type Tabs } from './outbox/tabs.ts';
export type { OutboxFile, OutboxItem, OutboxItemState, Recipient } from './outbox/types.ts';
export { browserWake, type Clock, type Random, systemClock, type Wake } from './ports.ts';
export { memoryTabStorage, type TabStorage, tabStorage } from './rooms/device.ts';
export type { Rooms, Speaking } from './rooms/rooms.ts';
export type { NewRoom, OutReason, RoomState } from './rooms/types.ts';
export type { MeStore, Session, SessionState } from './session.ts';
export type { ConnectionState, OpenSocket, SocketEvents, SocketLike, WaitReason } from './socket/types.ts';
export { createSotto, type Sotto, type SottoOptions } from './sotto.ts';
export { type DeviceStorage, memoryStorage } from './storage/device.ts';
export { browserStorage } from './storage/indexed-db.ts';
export type { Hallway, HallwayView } from './stores/hallway.ts';
export type { People } from './stores/people.ts';
export { createStore, type Readable, type Store, until } from './stores/store.ts';
export { uploadSource } from './uploads/source.ts';
export type { UploadFile, UploadOptions, UploadProgress, UploadSource } from './uploads/types.ts';
export { cancelUpload, uploadFile } from './uploads/upload.ts';
