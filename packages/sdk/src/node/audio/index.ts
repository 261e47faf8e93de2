export {
  AudioConnectError,
  type AudioConnectOptions,
  connectAudio,
  type NodeAudioSession,
} from './connect.ts';
export type { AudioEnd } from './end.ts';
export { OggError } from './ogg.ts';
export type { SlotReception } from './reception.ts';
export type { HeardPacket } from './rtp.ts';
export { bundledSpeech, bundledTone, type OpusSource, parseOggOpus, readOpusFile } from './source.ts';
export type { SpeakOptions, Speech, Utterance } from './speech.ts';
