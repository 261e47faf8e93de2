import { randomInt } from 'node:crypto';
import ndc from 'node-datachannel';
import { type AudioEnd, endBy } from './end.ts';
import { packetSamples } from './opus.ts';
import { SlotCounter, type SlotReception } from './reception.ts';
import { type HeardPacket, isLeaving, readRtp, writeLeaving, writeRtp } from './rtp.ts';
import type { OpusSource } from './source.ts';
import { type SpeakOptions, type Speech, startSpeech, type Utterance, utterances } from './speech.ts';

const LEVEL_EXTENSION = 1;
const LEVEL_LINE = `a=extmap:${LEVEL_EXTENSION} urn:ietf:params:rtp-hdrext:ssrc-audio-level`;
/** Nothing from the node for this long: it is gone. It says something at least twice a second. */
const NODE_GONE_MS = 2_000;
const WATCH_EVERY_MS = 250;
const FORMAT = 'minptime=10;useinbandfec=1';

export interface AudioConnectOptions {
  /** Takes the SDP offer to the server, and brings its answer. May be called again when a session does not come up. */
  readonly offerTo: (offer: string) => Promise<{ readonly answer: string }>;
  /** Voices heard at once; default 4, the server's own number. */
  readonly slots?: number;
  /** Payload type offered for Opus; default 111. */
  readonly payloadType?: number;
  /** How long a session may take to come up, before it is thrown away and offered again; default 3000. */
  readonly connectMs?: number;
  /** How often it is offered; default 3. */
  readonly attempts?: number;
}

/** A session with a media node from Node: speaks and hears for real, without a browser. */
export interface NodeAudioSession {
  /** What was heard, by slot. */
  readonly slots: readonly SlotReception[];
  /** Resolves when the session has ended. */
  readonly ended: Promise<AudioEnd>;
  /** Every RTP packet heard. Returns the way to stop listening. */
  onPacket(listener: (packet: HeardPacket) => void): () => void;
  /** Says a recorded sound, or frames as they come, at their own pace. */
  speak(sound: OpusSource | Iterable<Utterance> | AsyncIterable<Utterance>, options?: SpeakOptions): Speech;
  /** Sends one Opus packet now. False when the session has ended. */
  send(utterance: Utterance): boolean;
  /** Sends bytes as they are on the uplink, for tests of the other side. */
  sendRaw(bytes: Buffer): boolean;
  close(): void;
}

/** The session did not come up, however often it was offered. */
export class AudioConnectError extends Error {
  override readonly name = 'AudioConnectError';
}

/** Kept until the library has let go of them: what is collected before that crashes it. */
const alive = new Set<Attempt>();

/**
 * Joins a room's audio with one round trip.
 * @throws AudioConnectError when it does not come up; what `offerTo` throws goes through as it is
 */
export async function connectAudio(options: AudioConnectOptions): Promise<NodeAudioSession> {
  const { attempts = 3, connectMs = 3_000 } = options;
  for (let count = 1; count <= attempts; count += 1) {
    const attempt = new Attempt(options);
    try {
      const { answer } = await options.offerTo(attempt.offer);
      if (await attempt.connect(answer, connectMs)) return attempt;
    } catch (error) {
      attempt.close();
      throw error;
    }
    attempt.close();
  }
  throw new AudioConnectError(`No audio session after ${attempts} offers.`);
}

class Attempt implements NodeAudioSession {
  readonly offer: string;
  readonly slots: readonly SlotCounter[];
  readonly ended: Promise<AudioEnd>;
  readonly #peer: ndc.PeerConnection;
  readonly #uplink: ndc.Track;
  /** Referenced for as long as the session: a collected track is closed. */
  readonly #tracks: ndc.Track[] = [];
  readonly #payloadType: number;
  readonly #ssrc = randomInt(1, 2 ** 32);
  readonly #listeners = new Set<(packet: HeardPacket) => void>();
  readonly #speeches = new Set<Speech>();
  #sequence = randomInt(2 ** 16);
  #timestamp = randomInt(2 ** 32);
  #sentAt = 0;
  #open = false;
  #connected = false;
  #heardAt = 0;
  #watcher: NodeJS.Timeout | undefined;
  #settle: (connected: boolean) => void = () => undefined;
  #end: (how: AudioEnd) => void = () => undefined;

  constructor({ slots = 4, payloadType = 111 }: AudioConnectOptions) {
    this.#payloadType = payloadType;
    this.ended = new Promise(resolve => {
      this.#end = resolve;
    });
    this.#peer = new ndc.PeerConnection('listener', { iceServers: [] });
    alive.add(this);
    this.#uplink = this.#addUplink();
    this.slots = Array.from({ length: slots }, () => new SlotCounter());
    for (const [slot, counter] of this.slots.entries()) this.#addDownlink(counter, slot);
    // Without a callback the library's own handle outlives the track, and holds the process.
    for (const track of this.#tracks) track.onClosed(() => undefined);
    this.#peer.onStateChange(state => this.#changed(state));
    this.#peer.setLocalDescription('offer');
    this.offer = this.#peer.localDescription()?.sdp ?? '';
  }

  /** Resolves with whether it came up in time. */
  connect(answer: string, withinMs: number): Promise<boolean> {
    return new Promise((resolve, reject) => {
      const timer = setTimeout(() => this.#settle(false), withinMs);
      this.#settle = connected => {
        clearTimeout(timer);
        resolve(connected);
      };
      try {
        this.#peer.setRemoteDescription(answer, 'answer');
      } catch (error) {
        clearTimeout(timer);
        reject(new AudioConnectError(`The answer cannot be used: ${String(error)}`));
      }
    });
  }

  onPacket(listener: (packet: HeardPacket) => void): () => void {
    this.#listeners.add(listener);
    return () => {
      this.#listeners.delete(listener);
    };
  }

  speak(
    sound: OpusSource | Iterable<Utterance> | AsyncIterable<Utterance>,
    options: SpeakOptions = {},
  ): Speech {
    const frames = 'frames' in sound ? utterances(sound, options) : sound;
    const speech = startSpeech(frames, utterance => {
      if (!this.send(utterance) && !this.#open) speech.stop();
    });
    this.#speeches.add(speech);
    const forget = () => this.#speeches.delete(speech);
    speech.done.then(forget, forget);
    return speech;
  }

  send({ frame, level }: Utterance): boolean {
    const nowMs = performance.now();
    // After a pause the timestamp goes on with the clock, as a microphone's would (RFC 7587 section 4.1).
    const paused = Math.floor((nowMs - this.#sentAt) / 20) * 960;
    const marker = this.#sentAt === 0 || paused > 4_800;
    if (marker && this.#sentAt > 0) this.#timestamp += paused;
    this.#sentAt = nowMs;
    const packet = writeRtp({
      payloadType: this.#payloadType,
      marker,
      sequence: this.#sequence,
      timestamp: this.#timestamp,
      ssrc: this.#ssrc,
      levelExtension: LEVEL_EXTENSION,
      level,
      payload: frame,
    });
    this.#sequence = (this.#sequence + 1) & 0xffff;
    this.#timestamp = (this.#timestamp + packetSamples(frame)) >>> 0;
    return this.sendRaw(packet);
  }

  sendRaw(bytes: Buffer): boolean {
    if (!this.#open) return false;
    try {
      return this.#uplink.sendMessageBinary(bytes);
    } catch {
      return false;
    }
  }

  close(): void {
    this.sendRaw(writeLeaving(this.#ssrc));
    this.#leave('closed');
  }

  #addUplink(): ndc.Track {
    const media = new ndc.Audio('0', 'SendOnly');
    media.addOpusCodec(this.#payloadType, FORMAT);
    media.parseSdpLine(LEVEL_LINE);
    media.addSSRC(this.#ssrc, 'node');
    const track = this.#peer.addTrack(media);
    track.onMessage(bytes => {
      this.#heardAt = performance.now();
      if (isLeaving(bytes)) this.#leave('closed');
    });
    track.onOpen(() => this.#opened());
    this.#tracks.push(track);
    return track;
  }

  #addDownlink(counter: SlotCounter, slot: number): void {
    const media = new ndc.Audio(String(slot + 1), 'RecvOnly');
    media.addOpusCodec(this.#payloadType, FORMAT);
    const track = this.#peer.addTrack(media);
    track.onMessage(bytes => {
      this.#heardAt = performance.now();
      if (isLeaving(bytes)) return this.#leave('closed');
      const packet = readRtp(bytes, slot);
      if (packet === undefined) return;
      counter.count(packet);
      for (const listener of this.#listeners) listener(packet);
    });
    this.#tracks.push(track);
  }

  /** The node says something at least twice a second: when it does not, it is gone (AU-7). */
  #watch(): void {
    this.#heardAt = performance.now();
    let lookedAt = this.#heardAt;
    this.#watcher = setInterval(() => {
      const nowMs = performance.now();
      // A process that was held up itself has heard nothing, and that proves nothing.
      if (nowMs - lookedAt > WATCH_EVERY_MS * 2) this.#heardAt = nowMs;
      lookedAt = nowMs;
      if (nowMs - this.#heardAt > NODE_GONE_MS) this.#leave('lost');
    }, WATCH_EVERY_MS);
    this.#watcher.unref();
  }

  #leave(how: AudioEnd): void {
    this.#finish(how);
    this.#peer.close();
    // Each on its own: a track's handles outlive its connection, and hold the process.
    for (const track of this.#tracks) track.close();
  }

  /** Up when the connection is, and the uplink takes packets: either comes first. */
  #opened(): void {
    if (this.#open || !this.#connected || !this.#uplink.isOpen()) return;
    this.#open = true;
    this.#watch();
    this.#settle(true);
  }

  #changed(state: string): void {
    if (state === 'connected') this.#connected = true;
    if (state === 'connected') this.#opened();
    else if (state === 'failed' || state === 'disconnected') {
      if (state === 'failed') this.#settle(false);
      if (this.#open) this.#leave(endBy(this.#peer.iceState()));
    } else if (state === 'closed') {
      this.#settle(false);
      this.#finish('closed');
      alive.delete(this);
    }
  }

  #finish(how: AudioEnd): void {
    this.#open = false;
    clearInterval(this.#watcher);
    for (const speech of this.#speeches) speech.stop();
    this.#end(how);
  }
}
