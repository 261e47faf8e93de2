import type { AccountId } from '@sotto/protocol';
import type { SottoErrorCode } from '../calls/error.ts';
import type { Readable } from '../stores/store.ts';

export type AudioConnection =
  | { readonly state: 'idle' }
  | { readonly state: 'connecting' }
  | { readonly state: 'connected' }
  /** Connected, but the browser wants a tap before it plays: call `unlock` from one. */
  | { readonly state: 'blocked' }
  | { readonly state: 'reconnecting'; readonly attempt: number }
  /** `unsupported`: this browser has no WebRTC. Others are tried again with the next room or `retry`. */
  | { readonly state: 'failed'; readonly error: SottoErrorCode | 'unsupported' };

export type Microphone =
  | { readonly state: 'off' }
  /** The browser is asking the person. */
  | { readonly state: 'asking' }
  /** The person, or the system, said no. */
  | { readonly state: 'denied' }
  /** There is no microphone, or another program holds it. */
  | { readonly state: 'missing' }
  | { readonly state: 'on' }
  /** Open, but no sound comes from it (AU-8). */
  | { readonly state: 'silent' };

export interface AudioDevice {
  readonly id: string;
  /** Empty until the microphone was allowed once. */
  readonly label: string;
}

export interface AudioView {
  readonly connection: AudioConnection;
  readonly microphone: Microphone;
  /** Chosen devices; null: the system's. */
  readonly input: string | null;
  readonly output: string | null;
  readonly noiseSuppression: boolean;
  /** Per person, 0 to 1; absent: 1. */
  readonly volumes: Readonly<Record<AccountId, number>>;
}

/** What came in since the session began; for tests and the audio check. */
export interface AudioStats {
  /** Sum over all slots, as `RTCInboundRtpStreamStats.totalAudioEnergy` (W3C webrtc-stats). */
  readonly totalAudioEnergy: number;
  readonly packetsReceived: number;
  readonly packetsLost: number;
  readonly packetsSent: number;
  /** Seconds; the mean of the slots that received something. */
  readonly jitterBufferDelay: number;
  readonly concealedSamples: number;
}

/** The voice of this device: hears the room one is in, and is heard on its stage. */
export interface Audio extends Readable<AudioView> {
  /** Loudness of one's own microphone, 0 to 1, while it is open. Apart, as it changes all the time. */
  readonly level: Readable<number>;
  /** Asks for the microphone, on going on stage (AU-8). False: not given; `microphone` says why. */
  prepare(): Promise<boolean>;
  /** Opens the microphone, then unmutes in the room. False where there is no microphone. @throws SottoError */
  unmute(): Promise<boolean>;
  /** Silent at once on this device, then muted in the room. @throws SottoError */
  mute(): Promise<void>;
  /** Opens the microphone for `level` only. Returns the way to end the check. */
  check(): Promise<() => void>;
  /** To be called from a tap, where the connection is `blocked`. */
  unlock(): Promise<void>;
  /** A new session at once, where the last one failed. */
  retry(): void;
  devices(): Promise<{ inputs: readonly AudioDevice[]; outputs: readonly AudioDevice[] }>;
  setInput(id: string | null): Promise<void>;
  /** Where the browser can choose (`setSinkId`); else nothing happens. */
  setOutput(id: string | null): Promise<void>;
  setNoiseSuppression(on: boolean): Promise<void>;
  setVolume(person: AccountId, volume: number): void;
  stats(): Promise<AudioStats>;
}
