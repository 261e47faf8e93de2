import ndc from 'node-datachannel';
import { MediaError } from './errors.ts';
import type { Counters } from './room/counters.ts';
import type { Listener, OwnOrder } from './room/listeners.ts';
import { writeEmptyReport, writeLeaving } from './rtp/rtcp.ts';
import { readTransport, SLOT_FORMAT, UPLINK_FORMAT, writeAnswer } from './sdp/answer.ts';
import { type Offer, writeOffer } from './sdp/offer.ts';
import type {
  CloseReason,
  JoinRequest,
  ParticipantId,
  Producer,
  ProducerPacket,
  RoomId,
  SessionId,
} from './types.ts';
import { Uplink } from './uplink.ts';

/** A session not connected by then is thrown away, and offered again by the client. */
const CONNECT_MS = 3_000;
/** A path that is gone may come back within this. */
const RECOVER_MS = 5_000;
/** Between two receiver reports, less the slack of a timer. */
const REPORT_MS = 900;
const CNAME = 'sotto';

export type SessionState =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'connected' }
  | { readonly kind: 'recovering' }
  | { readonly kind: 'closed'; readonly reason: CloseReason };

export interface SessionSurroundings {
  readonly sessionId: SessionId;
  readonly port: number;
  readonly bind: string | undefined;
  readonly announce: readonly string[];
  readonly slotSources: readonly number[];
  readonly counters: Counters;
  /** Gives the session a voice in its room; asked for when it may speak. */
  readonly addProducer: () => Producer;
  readonly connected: (session: Session) => void;
  readonly closed: (session: Session, reason: CloseReason) => void;
}

/** Closed, but not yet gone: the library calls back on another thread, and what is collected before that crashes it. */
const closing = new Set<Session>();

/** Resolves when the library has let go of all closed sessions, or after `limitMs`. */
export async function allGone(limitMs: number): Promise<void> {
  const until = performance.now() + limitMs;
  while (closing.size > 0 && performance.now() < until) {
    await new Promise(resolve => setTimeout(resolve, 10));
  }
}

/** One connection of one participant to one room: an uplink, and a downlink for each slot. */
export class Session implements Listener {
  readonly sessionId: SessionId;
  readonly roomId: RoomId;
  readonly participantId: ParticipantId;
  readonly payloadType: number;
  readonly answer: string;
  order: OwnOrder | null = null;
  readonly #uplink: Uplink | undefined;
  readonly #around: SessionSurroundings;
  readonly #peer: ndc.PeerConnection;
  readonly #uplinkTrack: ndc.Track | undefined;
  readonly #slotTracks: readonly ndc.Track[];
  #state: SessionState = { kind: 'connecting' };
  #timer: NodeJS.Timeout | undefined;
  #producer: Producer | undefined;
  /** Something went out since the last report. */
  #sent = false;
  #reportedAt = 0;
  /** The library has let go of the connection. */
  #gone = false;

  /** @throws MediaError `bad_offer` when the library cannot answer it */
  constructor(request: JoinRequest, offer: Offer, around: SessionSurroundings) {
    this.sessionId = around.sessionId;
    this.roomId = request.roomId;
    this.participantId = request.participantId;
    this.payloadType = offer.slots[0]?.payloadType ?? offer.uplink?.payloadType ?? 0;
    this.#around = around;
    this.#peer = new ndc.PeerConnection(this.sessionId, {
      iceServers: [],
      enableIceUdpMux: true,
      portRangeBegin: around.port,
      portRangeEnd: around.port,
      ...(around.bind === undefined ? {} : { bindAddress: around.bind }),
    });
    this.#uplink = this.#createUplink(offer);
    this.#uplinkTrack = offer.uplink && this.#peer.addTrack(uplinkMedia(offer.uplink));
    this.#slotTracks = offer.slots.map((section, slot) => this.#addSlot(section, slot));
    const uplink = this.#uplink;
    this.#uplinkTrack?.onMessage(bytes => {
      if (this.#state.kind !== 'closed') uplink?.receive(bytes, performance.now());
    });
    // Without a callback the library's own handle outlives the track, and holds the process.
    for (const track of this.#tracks) track.onClosed(() => undefined);
    this.#peer.onStateChange(state => this.#peerChanged(state));
    this.answer = this.#negotiate(offer);
    this.#arm(CONNECT_MS, 'timeout');
    this.permit(request.maySpeak);
  }

  get state(): SessionState {
    return this.#state;
  }

  send(slot: number, packet: Buffer): void {
    const track = this.#slotTracks[slot];
    if (track === undefined || this.#state.kind === 'connecting' || this.#state.kind === 'closed') return;
    const { counters } = this.#around;
    try {
      if (track.sendMessageBinary(packet)) {
        this.#sent = true;
        counters.packetsOut += 1;
        counters.bytesOut += packet.length;
      } else counters.dropped.send_failed += 1;
    } catch {
      counters.dropped.send_failed += 1;
    }
  }

  /** From the next packet on. Whoever may not speak holds no slot. */
  permit(maySpeak: boolean): void {
    if (this.#state.kind === 'closed') return;
    this.#uplink?.permit(maySpeak, performance.now());
    if (maySpeak) {
      if (this.#uplink !== undefined) this.#producer ??= this.#around.addProducer();
    } else {
      this.#producer?.close();
      this.#producer = undefined;
    }
  }

  /** True once when it may speak, and nothing has come from it for `silenceMs` (AU-8). */
  silentFor(silenceMs: number, nowMs: number): boolean {
    return this.#state.kind === 'connected' && this.#uplink?.silentFor(silenceMs, nowMs) === true;
  }

  /**
   * To be called twice a second. Once a second it says how well the client is received, so that it mends what is lost;
   * and when nothing else was sent, it gives a sign of life, so that the client notices a dead node (AU-7).
   */
  sendReport(nowMs: number): void {
    if (this.#state.kind !== 'connected') return;
    const quiet = !this.#sent;
    this.#sent = false;
    const ssrc = this.#around.slotSources[0] ?? 1;
    const due = nowMs - this.#reportedAt >= REPORT_MS;
    const report =
      (due ? this.#uplink?.report(ssrc, nowMs) : undefined) ?? (quiet ? writeEmptyReport(ssrc) : undefined);
    if (report === undefined) return;
    if (due) this.#reportedAt = nowMs;
    this.#sendRtcp(report);
  }

  /** Final and immediate: nothing is heard of it or sent to it from now on. */
  close(reason: CloseReason): void {
    if (this.#state.kind === 'closed') return;
    this.#sayLeaving();
    this.#state = { kind: 'closed', reason };
    clearTimeout(this.#timer);
    this.#producer?.close();
    this.#release();
    this.#around.closed(this, reason);
  }

  #sayLeaving(): void {
    try {
      const track = this.#uplinkTrack ?? this.#slotTracks[0];
      if (track?.isOpen()) track.sendMessageBinary(writeLeaving(this.#around.slotSources[0] ?? 1));
    } catch {
      // It is gone already: there is nobody to tell.
    }
  }

  #sendRtcp(packet: Buffer): void {
    try {
      (this.#uplinkTrack ?? this.#slotTracks[0])?.sendMessageBinary(packet);
    } catch {
      this.#around.counters.dropped.send_failed += 1;
    }
  }

  get #tracks(): ndc.Track[] {
    return this.#uplinkTrack === undefined ? [...this.#slotTracks] : [this.#uplinkTrack, ...this.#slotTracks];
  }

  #createUplink(offer: Offer): Uplink | undefined {
    if (offer.uplink === undefined) return undefined;
    const { payloadType, levelExtension } = offer.uplink;
    const { counters } = this.#around;
    const heard = (packet: ProducerPacket) => this.#producer?.push(packet);
    const flooding = () => this.close('flooding');
    const leaving = () => this.close('left');
    return new Uplink(
      { payloadType, levelExtension, counters, heard, flooding, leaving },
      false,
      performance.now(),
    );
  }

  #addSlot(section: Offer['slots'][number], slot: number): ndc.Track {
    const media = new ndc.Audio(section.mid, 'SendOnly');
    media.addOpusCodec(section.payloadType, SLOT_FORMAT);
    media.addSSRC(this.#around.slotSources[slot] ?? slot + 1, CNAME, `slot${slot}`, `slot${slot}`);
    const track = this.#peer.addTrack(media);
    // Swallows receiver reports in the library: without it they would pile up, or each wake this thread.
    track.setMediaHandler(new ndc.RtcpReceivingSession());
    return track;
  }

  #negotiate(offer: Offer): string {
    try {
      this.#peer.setRemoteDescription(writeOffer(offer), 'offer');
      const transport = readTransport(this.#peer.localDescription()?.sdp ?? '');
      if (transport === undefined) throw new Error('no answer');
      const { port, announce, slotSources } = this.#around;
      return writeAnswer(offer, transport, { port, announce, slotSources, cname: CNAME });
    } catch (error) {
      this.#state = { kind: 'closed', reason: 'failed' };
      this.#release();
      throw new MediaError('bad_offer', `The offer cannot be answered: ${String(error)}.`, 'offer');
    }
  }

  #peerChanged(state: string): void {
    if (state === 'closed') {
      this.#gone = true;
      closing.delete(this);
    }
    if (this.#state.kind === 'closed') return;
    if (state === 'connected') {
      const first = this.#state.kind === 'connecting';
      this.#state = { kind: 'connected' };
      clearTimeout(this.#timer);
      this.#uplink?.expectPackets(performance.now());
      if (first) this.#around.connected(this);
    } else if (state === 'disconnected' && this.#state.kind === 'connected') {
      this.#state = { kind: 'recovering' };
      this.#arm(RECOVER_MS, 'lost');
    } else if (state === 'failed') this.close(this.#state.kind === 'connecting' ? 'failed' : 'lost');
    else if (state === 'closed') this.close('left');
  }

  #arm(afterMs: number, reason: CloseReason): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.close(reason), afterMs);
    this.#timer.unref();
  }

  #release(): void {
    if (!this.#gone) closing.add(this);
    this.#peer.close();
    // Each on its own: a track's handles outlive its connection, and hold the process.
    for (const track of this.#tracks) track.close();
  }
}

function uplinkMedia(section: NonNullable<Offer['uplink']>): ndc.Audio {
  const media = new ndc.Audio(section.mid, 'RecvOnly');
  media.addOpusCodec(section.payloadType, UPLINK_FORMAT);
  return media;
}
