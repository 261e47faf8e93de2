import { randomUUID } from 'node:crypto';
import { Emitter } from './emitter.ts';
import { MediaError } from './errors.ts';
import { type CheckedOptions, checkOptions } from './options.ts';
import { holdPort, type Port } from './port.ts';
import { newCounters } from './room/counters.ts';
import { Router, type Tap } from './room/router.ts';
import { type Offer, parseOffer } from './sdp/offer.ts';
import { allGone, Session } from './session.ts';
import type {
  CloseReason,
  JoinRequest,
  JoinResult,
  MediaNode,
  MediaNodeOptions,
  NodeStats,
  ParticipantId,
  Permission,
  Producer,
  RoomId,
  RoomSnapshot,
  SessionId,
} from './types.ts';

const TICK_MS = 10;
const SWEEP_MS = 500;
const SILENT_UPLINK_MS = 4_000;
const GONE_LIMIT_MS = 3_000;

/**
 * Starts a media node: one UDP port, any number of rooms.
 * @throws MediaError `port_in_use`, `port_not_permitted` or `bad_option` (with `field`)
 */
export async function startMediaNode(options: MediaNodeOptions): Promise<MediaNode> {
  const checked = checkOptions(options);
  return new UdpMediaNode(await holdPort(checked.port, checked.bind), checked);
}

class UdpMediaNode implements MediaNode {
  readonly port: number;
  readonly events: Emitter;
  readonly #options: CheckedOptions;
  readonly #held: Port;
  readonly #counters = newCounters();
  readonly #rooms = new Map<RoomId, Router>();
  readonly #sessions = new Map<SessionId, Session>();
  readonly #present = new Map<RoomId, Map<ParticipantId, Session>>();
  readonly #awake = new Set<Router>();
  readonly #ticker: NodeJS.Timeout;
  readonly #sweeper: NodeJS.Timeout;
  #draining = false;
  #stopped: Promise<void> | undefined;

  constructor(held: Port, options: CheckedOptions) {
    this.port = held.port;
    this.#held = held;
    this.#options = options;
    this.events = new Emitter(options.log);
    this.#ticker = setInterval(() => this.#tick(), TICK_MS);
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_MS);
  }

  // Checked and answered in one turn: two joins of one participant can not cross.
  join(request: JoinRequest): Promise<JoinResult> {
    try {
      return Promise.resolve(this.#join(request));
    } catch (error) {
      return Promise.reject(error);
    }
  }

  permit(roomId: RoomId, participantId: ParticipantId, permission: Permission): void {
    const session = this.#present.get(roomId)?.get(participantId);
    const router = this.#rooms.get(roomId);
    if (session === undefined || router === undefined) return;
    session.permit(permission.maySpeak);
    router.setClock(session, permission.onStage ? 'stage' : 'audience');
  }

  closeSession(sessionId: SessionId, reason: CloseReason): void {
    this.#sessions.get(sessionId)?.close(reason);
  }

  closeParticipant(roomId: RoomId, participantId: ParticipantId, reason: CloseReason): void {
    this.#present.get(roomId)?.get(participantId)?.close(reason);
  }

  closeRoom(roomId: RoomId, reason: CloseReason): void {
    for (const session of [...(this.#present.get(roomId)?.values() ?? [])]) session.close(reason);
    this.#rooms.get(roomId)?.closeProducers();
    this.#forgetIfEmpty(roomId);
  }

  snapshot(roomId: RoomId): RoomSnapshot {
    const nobody = { slots: Array.from({ length: this.#options.slots }, () => null), speaking: [] };
    return this.#rooms.get(roomId)?.snapshot() ?? nobody;
  }

  addProducer(roomId: RoomId, participantId: ParticipantId): Producer {
    if (this.#stopped !== undefined) throw new MediaError('closed', 'The media node is stopped.');
    const producer = this.#room(roomId).addProducer(participantId, false);
    const close = () => {
      producer.close();
      this.#forgetIfEmpty(roomId);
    };
    return { id: participantId, push: packet => producer.push(packet), close };
  }

  tap(roomId: RoomId, listener: Tap): () => void {
    if (this.#stopped !== undefined) throw new MediaError('closed', 'The media node is stopped.');
    const untap = this.#room(roomId).addTap(listener);
    return () => {
      untap();
      this.#forgetIfEmpty(roomId);
    };
  }

  stats(): NodeStats {
    const { dropped, closed, ...counts } = this.#counters;
    return {
      ...counts,
      sessions: this.#sessions.size,
      rooms: this.#rooms.size,
      dropped: { ...dropped },
      closed: { ...closed },
      draining: this.#draining,
    };
  }

  drain(): void {
    if (this.#draining) return;
    this.#draining = true;
    this.#options.log.debug({ sessions: this.#sessions.size }, 'media node drains');
    this.events.emit('draining', { rooms: [...this.#present.keys()] });
  }

  stop(): Promise<void> {
    this.#stopped ??= this.#stop();
    return this.#stopped;
  }

  #join(request: JoinRequest): JoinResult {
    if (this.#stopped !== undefined) throw new MediaError('closed', 'The media node is stopped.');
    if (this.#draining) throw new MediaError('draining', 'The media node takes no new sessions.');
    const { roomId, participantId, onStage } = request;
    const before = this.#present.get(roomId)?.get(participantId);
    if (before === undefined && this.#sessions.size >= this.#options.maxSessions) {
      throw new MediaError('full', `The media node holds ${this.#options.maxSessions} sessions already.`);
    }
    const offer = this.#parse(request.offer);
    const session = this.#open(request, offer);
    before?.close('replaced');
    this.#sessions.set(session.sessionId, session);
    const router = this.#room(roomId);
    const present = this.#present.get(roomId) ?? new Map<ParticipantId, Session>();
    this.#present.set(roomId, present.set(participantId, session));
    if (offer.slots.length > 0) router.addListener(session, onStage ? 'stage' : 'audience');
    return { sessionId: session.sessionId, answer: session.answer };
  }

  #parse(offer: string): Offer {
    try {
      return parseOffer(offer, this.#options.slots);
    } catch (error) {
      this.#counters.badOffers += 1;
      throw error;
    }
  }

  #open(request: JoinRequest, offer: Offer): Session {
    const router = this.#room(request.roomId);
    try {
      return new Session(request, offer, {
        sessionId: randomUUID(),
        port: this.port,
        bind: this.#options.bind,
        announce: this.#options.announce,
        slotSources: router.slotSources,
        counters: this.#counters,
        addProducer: () => router.addProducer(request.participantId, true),
        connected: ({ roomId, participantId, sessionId }) =>
          this.events.emit('connected', { roomId, participantId, sessionId }),
        closed: (session, reason) => this.#closed(session, reason),
      });
    } catch (error) {
      this.#counters.badOffers += 1;
      this.#forgetIfEmpty(request.roomId);
      throw error;
    }
  }

  #closed(session: Session, reason: CloseReason): void {
    const { roomId, participantId, sessionId } = session;
    this.#counters.closed[reason] += 1;
    this.#sessions.delete(sessionId);
    this.#rooms.get(roomId)?.removeListener(session);
    const present = this.#present.get(roomId);
    if (present?.get(participantId) === session) present.delete(participantId);
    if (present?.size === 0) this.#present.delete(roomId);
    // When replaced, the room goes on with the one who replaces it.
    if (reason !== 'replaced') this.#forgetIfEmpty(roomId);
    this.#options.log.debug(
      { room: roomId, account: participantId, session: sessionId, reason },
      'audio session closed',
    );
    this.events.emit('closed', { roomId, participantId, sessionId, reason });
  }

  #room(roomId: RoomId): Router {
    const known = this.#rooms.get(roomId);
    if (known !== undefined) return known;
    const router = new Router({
      roomId,
      slots: this.#options.slots,
      counters: this.#counters,
      emitter: this.events,
      wake: awake => this.#awake.add(awake),
    });
    this.#rooms.set(roomId, router);
    return router;
  }

  #forgetIfEmpty(roomId: RoomId): void {
    const router = this.#rooms.get(roomId);
    if (router === undefined || !router.empty || this.#present.has(roomId)) return;
    this.#rooms.delete(roomId);
    this.#awake.delete(router);
  }

  #tick(): void {
    const nowMs = performance.now();
    for (const router of this.#awake) {
      if (!router.tick(nowMs)) this.#awake.delete(router);
    }
  }

  #sweep(): void {
    const nowMs = performance.now();
    for (const session of this.#sessions.values()) {
      session.sendReport(nowMs);
      if (!session.silentFor(SILENT_UPLINK_MS, nowMs)) continue;
      const { roomId, participantId, sessionId } = session;
      this.events.emit('silentUplink', { roomId, participantId, sessionId });
    }
  }

  async #stop(): Promise<void> {
    clearInterval(this.#ticker);
    clearInterval(this.#sweeper);
    for (const session of [...this.#sessions.values()]) session.close('node_stopped');
    for (const router of this.#rooms.values()) router.closeProducers();
    this.#rooms.clear();
    this.#awake.clear();
    await allGone(GONE_LIMIT_MS);
    this.#held.release();
    this.#options.log.debug({ port: this.port }, 'media node stopped');
  }
}
