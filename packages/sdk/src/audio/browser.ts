import type { RoomId, RoomSnapshot, ServerFrame } from '@sotto/protocol';
import { isSottoError, isTemporary } from '../calls/error.ts';
import { fullJitter } from '../ports.ts';
import { createStore } from '../stores/store.ts';
import { keepChoices, loadChoices } from './choices.ts';
import { showInMediaSession } from './media-session.ts';
import { createMicrophone } from './microphone.ts';
import { noAudio } from './none.ts';
import type { AudioParts, AudioService } from './parts.ts';
import { openPeer, type Peer, PeerFailed } from './peer.ts';
import { createPlayer } from './player.ts';
import type { Audio, AudioConnection, AudioStats, AudioView } from './types.ts';

/** A microphone that was asked for, and then not taken on stage, is let go, ms. */
const UNUSED = 15_000;

const noStats: AudioStats = {
  totalAudioEnergy: 0,
  packetsReceived: 0,
  packetsLost: 0,
  packetsSent: 0,
  jitterBufferDelay: 0,
  concealedSamples: 0,
};

/** The sound of the room one is in, in a browser: follows the room by itself. */
export function browserAudio(parts: AudioParts): AudioService {
  if (typeof RTCPeerConnection === 'undefined') return noAudio();
  const { call, rooms, clock } = parts;
  const player = createPlayer();
  const choices = createStore(loadChoices());
  const connection = createStore<AudioConnection>({ state: 'idle' });
  const microphone = createMicrophone(choices.getSnapshot, () => void attach());
  let room: RoomId | null = null;
  let peer: Peer | null = null;
  /** One for each session: what an older one still does is not heard. */
  let current = new AbortController();
  let failures = 0;
  let cancelRetry = () => {};
  /** Whether our microphone may be heard: on stage and unmuted, as far as we know. */
  let live = false;
  /** Muted here, and the server could not be told yet. */
  let muteOwed = false;
  let stage = { onStage: false, muted: true };
  let checks = 0;

  const look = (): AudioView => ({
    connection: connection.getSnapshot(),
    microphone: microphone.state.getSnapshot(),
    ...choices.getSnapshot(),
  });
  const view = createStore(look());
  for (const store of [connection, microphone.state, choices]) store.subscribe(() => view.set(look()));

  const attach = async (): Promise<void> => {
    await peer?.send(live ? microphone.track() : null).catch(() => {});
  };

  const applyVolumes = () => {
    const { volumes } = choices.getSnapshot();
    for (const [slot, person] of rooms.slots.getSnapshot().entries()) {
      player.setVolume(slot, person === null ? 1 : (volumes[person] ?? 1));
    }
  };

  const closePeer = () => {
    current.abort();
    current = new AbortController();
    cancelRetry();
    peer?.close();
    peer = null;
  };

  const showConnected = () =>
    connection.set({ state: player.blocked.getSnapshot() ? 'blocked' : 'connected' });

  const fail = (thrown: unknown) => {
    if (isSottoError(thrown, 'not_in_room')) {
      connection.set({ state: 'reconnecting', attempt: failures + 1 });
      // The room's store finds out whether we are out, or goes in again.
      const { signal } = current;
      const again = () => {
        if (!signal.aborted) reconnect();
      };
      void rooms.refresh().then(again, again);
    } else if (isSottoError(thrown) && !isTemporary(thrown)) {
      connection.set({ state: 'failed', error: thrown.code });
      void rooms.refresh().catch(() => {});
    } else if (isSottoError(thrown) || thrown instanceof PeerFailed) {
      reconnect(isSottoError(thrown) ? (thrown.retryAfter ?? 0) * 1000 : 0);
    } else {
      connection.set({ state: 'failed', error: 'bad_reply' });
      throw thrown;
    }
  };

  function reconnect(atLeast = 0): void {
    closePeer();
    connection.set({ state: 'reconnecting', attempt: failures + 1 });
    // The first try comes at once, the others take their time.
    const pause = failures === 0 ? 0 : fullJitter(failures - 1, parts.random, 250, 8000);
    failures += 1;
    cancelRetry = clock.after(Math.max(atLeast, pause), () => void connect());
  }

  async function connect(): Promise<void> {
    const here = room;
    const { signal } = current;
    if (here === null) return;
    try {
      const fresh = await openPeer(
        {
          clock,
          connect: offer =>
            call('POST /v1/rooms/:room/audio', {
              params: { room: here },
              body: { device: rooms.device, offer },
              signal,
            }),
          onLost: () => reconnect(),
        },
        signal,
      );
      if (signal.aborted) return fresh.close();
      peer = fresh;
      failures = 0;
      player.play(fresh.tracks);
      applyVolumes();
      showConnected();
      await attach();
      if (muteOwed) await mute().catch(() => {});
    } catch (thrown) {
      if (!signal.aborted) fail(thrown);
    }
  }

  /** On stage and unmuted, yet the microphone is not open: after a reload, say. It is opened, or we say muted. */
  const takeMicrophone = async () => {
    const here = room;
    if (await microphone.open()) return attach();
    if (here === null || here !== room) return;
    await call('PUT /v1/rooms/:room/mute', { params: { room: here }, body: { muted: true } }).catch(() => {});
  };

  const follow = (snapshot: RoomSnapshot) => {
    const onStage = snapshot.you.role !== 'listener';
    const { muted } = snapshot.you;
    if (onStage === stage.onStage && muted === stage.muted) return;
    stage = { onStage, muted };
    live = onStage && !muted;
    if (live) void takeMicrophone();
    else void attach();
    if (!onStage && checks === 0) microphone.close();
  };

  const leave = () => {
    room = null;
    live = false;
    muteOwed = false;
    stage = { onStage: false, muted: true };
    failures = 0;
    closePeer();
    player.silence();
    if (checks === 0) microphone.close();
    connection.set({ state: 'idle' });
  };

  const roomChanged = () => {
    const now = rooms.room.getSnapshot();
    if (now.state === 'in') {
      if (now.room !== room) {
        leave();
        room = now.room;
        connection.set({ state: 'connecting' });
        void connect();
      }
      follow(now.snapshot);
    } else if (room !== null) leave();
    // Still inside the tap that entered the room: the moment in which a browser lets sound begin.
    if (now.state === 'entering') player.prime();
    showInMediaSession(now.state === 'in' ? now.snapshot : null, controls);
  };

  async function mute(): Promise<void> {
    live = false;
    muteOwed = true;
    await attach();
    if (room) await call('PUT /v1/rooms/:room/mute', { params: { room }, body: { muted: true } });
    muteOwed = false;
  }

  const unmute = async (): Promise<boolean> => {
    const here = room;
    muteOwed = false;
    if (here === null || !(await microphone.open())) return false;
    if (here !== room) return false;
    await call('PUT /v1/rooms/:room/mute', { params: { room: here }, body: { muted: false } });
    if (here === room) {
      live = true;
      await attach();
    }
    return true;
  };

  const controls = {
    leave: () => void rooms.leave(),
    toggleMicrophone: () => void (live ? mute() : unmute()).catch(() => {}),
  };

  const choose = (change: Partial<ReturnType<typeof loadChoices>>) => {
    choices.update(now => ({ ...now, ...change }));
    keepChoices(choices.getSnapshot());
  };

  const stopFollowing = [
    rooms.room.subscribe(roomChanged),
    rooms.slots.subscribe(applyVolumes),
    player.blocked.subscribe(() => {
      if (peer) showConnected();
    }),
    parts.wake.subscribe(sign => {
      if (!room) return;
      // Another network: what went over the old one does not come back.
      if (sign === 'online' || !peer) {
        failures = 0;
        reconnect();
      } else peer.look();
    }),
  ];
  const { output } = choices.getSnapshot();
  if (output !== null) void player.setOutput(output);

  const audio: Audio = {
    getSnapshot: view.getSnapshot,
    subscribe: view.subscribe,
    level: microphone.level,
    async prepare() {
      const open = (await microphone.open()) !== null;
      clock.after(UNUSED, () => {
        if (!stage.onStage && checks === 0) microphone.close();
      });
      return open;
    },
    unmute,
    mute,
    async check() {
      checks += 1;
      await microphone.open();
      let ended = false;
      return () => {
        if (ended) return;
        ended = true;
        checks -= 1;
        if (checks === 0 && !stage.onStage) microphone.close();
      };
    },
    unlock: player.unlock,
    retry() {
      if (!room) return;
      failures = 0;
      reconnect();
    },
    async devices() {
      const all = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
      const of = (kind: MediaDeviceKind) =>
        all
          .filter(device => device.kind === kind && device.deviceId !== '')
          .map(({ deviceId, label }) => ({ id: deviceId, label }));
      return { inputs: of('audioinput'), outputs: of('audiooutput') };
    },
    async setInput(id) {
      choose({ input: id });
      if (await microphone.reopen()) await attach();
    },
    async setOutput(id) {
      choose({ output: id });
      await player.setOutput(id);
    },
    async setNoiseSuppression(on) {
      choose({ noiseSuppression: on });
      if (await microphone.reopen()) await attach();
    },
    setVolume(person, volume) {
      choose({ volumes: { ...choices.getSnapshot().volumes, [person]: volume } });
      applyVolumes();
    },
    stats: async () => (await peer?.stats()) ?? noStats,
  };

  return {
    audio,
    handle(frame: ServerFrame) {
      if (frame.type === 'roomAudioLost' && frame.room === room && frame.session === peer?.session)
        reconnect();
      if (frame.type === 'roomSilentMicrophone' && frame.room === room && live) microphone.reportSilent();
    },
    stop() {
      for (const stop of stopFollowing) stop();
      leave();
      player.close();
    },
  };
}
