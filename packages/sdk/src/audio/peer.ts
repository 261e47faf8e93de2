import { AUDIO_SLOTS } from '@sotto/protocol/limits';
import type { Clock } from '../ports.ts';
import type { AudioStats } from './types.ts';

/** A session that is not up by then is thrown away and offered again. */
const CONNECT_TIMEOUT = 3000;
/** The node sends at least one packet a second: after this without any it is gone (AU-7). */
const SILENCE = 2000;
const LOOK_EVERY = 500;

export interface PeerOptions {
  clock: Clock;
  /** Takes the offer to the server, and brings session and answer. */
  connect: (offer: string) => Promise<{ session: string; answer: string }>;
  /** It was up, and is no more. */
  onLost: () => void;
}

/** One session with a media node: hears all slots, and sends the track it is given. Never used again once closed. */
export interface Peer {
  readonly session: string;
  /** By slot. */
  readonly tracks: readonly MediaStreamTrack[];
  /** No SDP either way: going on stage costs nothing. */
  send(track: MediaStreamTrack | null): Promise<void>;
  /** Looks at once whether packets still come: after sleep, say. */
  look(): void;
  stats(): Promise<AudioStats>;
  close(): void;
}

/** Not up in time, or refused by the network. */
export class PeerFailed extends Error {
  override readonly name = 'PeerFailed';
}

/**
 * Joins with one round trip: offers a sending and K receiving sections, without waiting for candidates, which the
 * node does not need.
 * @throws what `connect` throws; PeerFailed
 */
export async function openPeer(options: PeerOptions, signal: AbortSignal): Promise<Peer> {
  const connection = new RTCPeerConnection();
  try {
    const uplink = connection.addTransceiver('audio', { direction: 'sendonly' });
    const slots = Array.from({ length: AUDIO_SLOTS }, () =>
      connection.addTransceiver('audio', { direction: 'recvonly' }),
    );
    await connection.setLocalDescription();
    const { session, answer } = await options.connect(connection.localDescription?.sdp ?? '');
    signal.throwIfAborted();
    await connection.setRemoteDescription({ type: 'answer', sdp: answer });
    await connected(connection, options.clock, signal);
    const stopWatching = watch(connection, options);
    return {
      session,
      tracks: slots.map(slot => slot.receiver.track),
      send: track => uplink.sender.replaceTrack(track),
      look: stopWatching.look,
      stats: () => readStats(connection),
      close() {
        stopWatching();
        connection.close();
      },
    };
  } catch (error) {
    connection.close();
    throw error;
  }
}

function connected(connection: RTCPeerConnection, clock: Clock, signal: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (settle: () => void) => {
      cancel();
      connection.onconnectionstatechange = null;
      signal.removeEventListener('abort', abort);
      settle();
    };
    const look = () => {
      const state = connection.connectionState;
      if (state === 'connected') end(resolve);
      else if (state === 'failed' || state === 'closed') end(() => reject(new PeerFailed(state)));
    };
    const abort = () => end(() => reject(signal.reason));
    const cancel = clock.after(CONNECT_TIMEOUT, () => end(() => reject(new PeerFailed('timeout'))));
    signal.addEventListener('abort', abort, { once: true });
    connection.onconnectionstatechange = look;
    look();
  });
}

/** Calls `onLost` once: when ICE gives up, or when no packet comes any more, which is seen much earlier. */
function watch(connection: RTCPeerConnection, { clock, onLost }: PeerOptions) {
  let packets = -1;
  let since = clock.now();
  let ended = false;
  let cancel = () => {};
  const stop = () => {
    ended = true;
    cancel();
    connection.onconnectionstatechange = null;
  };
  const lose = () => {
    if (ended) return;
    stop();
    onLost();
  };
  const look = async () => {
    cancel();
    const lookedAt = clock.now();
    const now = await packetsReceived(connection).catch(() => packets);
    if (ended) return;
    // After sleep the clock has jumped, and the path may still be good: it gets its time again.
    if (now !== packets || lookedAt - since > SILENCE + 5 * LOOK_EVERY) {
      packets = now;
      since = lookedAt;
    } else if (lookedAt - since >= SILENCE) return lose();
    cancel = clock.after(LOOK_EVERY, () => void look());
  };
  connection.onconnectionstatechange = () => {
    if (connection.connectionState === 'failed' || connection.connectionState === 'closed') lose();
  };
  void look();
  return Object.assign(stop, { look: () => void look() });
}

type Report = Readonly<Record<string, unknown>> & { type?: string };

async function reports(connection: RTCPeerConnection): Promise<Report[]> {
  const found: Report[] = [];
  (await connection.getStats()).forEach((report: Report) => {
    found.push(report);
  });
  return found;
}

const numberOf = (report: Report, name: string): number => {
  const value = report[name];
  return typeof value === 'number' ? value : 0;
};

/** Firefox has no `transport` report: what the slots received tells as much, but for reports. */
async function packetsReceived(connection: RTCPeerConnection): Promise<number> {
  const all = await reports(connection);
  const transport = all.filter(report => report.type === 'transport');
  if (transport.length > 0) return sum(transport, 'packetsReceived');
  return sum(
    all.filter(each => each.type === 'inbound-rtp' || each.type === 'remote-outbound-rtp'),
    'packetsReceived',
    'reportsSent',
  );
}

const sum = (all: readonly Report[], ...names: string[]): number =>
  all.reduce((total, report) => total + names.reduce((part, name) => part + numberOf(report, name), 0), 0);

async function readStats(connection: RTCPeerConnection): Promise<AudioStats> {
  const all = await reports(connection);
  const inbound = all.filter(report => report.type === 'inbound-rtp');
  const heard = inbound.filter(report => numberOf(report, 'jitterBufferEmittedCount') > 0);
  const emitted = sum(heard, 'jitterBufferEmittedCount');
  return {
    totalAudioEnergy: sum(inbound, 'totalAudioEnergy'),
    packetsReceived: sum(inbound, 'packetsReceived'),
    packetsLost: sum(inbound, 'packetsLost'),
    packetsSent: sum(
      all.filter(report => report.type === 'outbound-rtp'),
      'packetsSent',
    ),
    jitterBufferDelay: emitted > 0 ? sum(heard, 'jitterBufferDelay') / emitted : 0,
    concealedSamples: sum(inbound, 'concealedSamples') - sum(inbound, 'silentConcealedSamples'),
  };
}
