import { createStore, type Readable } from '../stores/store.ts';
import { createMeter } from './meter.ts';
import type { Microphone } from './types.ts';

export interface MicrophoneChoice {
  /** Device; null: the system's. */
  input: string | null;
  noiseSuppression: boolean;
}

export interface MicrophoneSource {
  readonly state: Readable<Microphone>;
  readonly level: Readable<number>;
  /** The open microphone's track; null where there is none. */
  track(): MediaStreamTrack | null;
  /** Asks for it if it is not open. Null: not given, `state` says why. */
  open(): Promise<MediaStreamTrack | null>;
  /** With the present choice, if it is open. */
  reopen(): Promise<MediaStreamTrack | null>;
  /** The server heard nothing from it (AU-8). */
  reportSilent(): void;
  close(): void;
}

const stateOf = (error: unknown): Microphone => {
  const name = error instanceof DOMException ? error.name : '';
  return { state: name === 'NotAllowedError' || name === 'SecurityError' ? 'denied' : 'missing' };
};

/** @param onTrack the track was replaced without being asked for: its device went away */
export function createMicrophone(
  choice: () => MicrophoneChoice,
  onTrack: (track: MediaStreamTrack | null) => void,
): MicrophoneSource {
  const state = createStore<Microphone>({ state: 'off' });
  const meter = createMeter();
  let stream: MediaStream | null = null;
  let opening: Promise<MediaStreamTrack | null> | null = null;
  let generation = 0;

  meter.dead.subscribe(() => {
    if (stream) state.set({ state: meter.dead.getSnapshot() ? 'silent' : 'on' });
  });
  meter.level.subscribe(() => {
    const now = state.getSnapshot();
    if (now.state === 'silent' && meter.level.getSnapshot() > 0) state.set({ state: 'on' });
  });

  const track = () => stream?.getAudioTracks()[0] ?? null;

  const ask = async (input: string | null): Promise<MediaStream> => {
    const wanted: MediaTrackConstraints = {
      echoCancellation: true,
      autoGainControl: true,
      noiseSuppression: choice().noiseSuppression,
      channelCount: 1,
    };
    if (input !== null) wanted.deviceId = { exact: input };
    return navigator.mediaDevices.getUserMedia({ audio: wanted });
  };

  const askAny = async (): Promise<MediaStream> => {
    const { input } = choice();
    try {
      return await ask(input);
    } catch (error) {
      // The chosen device is not plugged in: any other is better than none.
      if (input === null || stateOf(error).state === 'denied') throw error;
      return ask(null);
    }
  };

  const release = () => {
    for (const each of stream?.getTracks() ?? []) {
      each.onended = null;
      each.stop();
    }
    stream = null;
    meter.stop();
  };

  const take = (fresh: MediaStream) => {
    stream = fresh;
    const own = track();
    if (own) {
      own.onended = () => {
        release();
        void start().then(onTrack);
      };
      // The system took it: a call came in, or a key on the headset.
      own.onmute = () => state.set({ state: 'silent' });
      own.onunmute = () => state.set({ state: 'on' });
    }
    meter.watch(fresh);
    state.set({ state: 'on' });
  };

  async function start(): Promise<MediaStreamTrack | null> {
    generation += 1;
    const mine = generation;
    if (!navigator.mediaDevices) {
      state.set({ state: 'missing' });
      return null;
    }
    state.set({ state: 'asking' });
    try {
      const fresh = await askAny();
      if (mine !== generation) {
        for (const each of fresh.getTracks()) each.stop();
        return track();
      }
      release();
      take(fresh);
      return track();
    } catch (error) {
      if (mine === generation) state.set(stateOf(error));
      return null;
    }
  }

  const open = (): Promise<MediaStreamTrack | null> => {
    const now = track();
    if (now && now.readyState === 'live') return Promise.resolve(now);
    opening ??= start().finally(() => {
      opening = null;
    });
    return opening;
  };

  return {
    state,
    level: meter.level,
    track,
    open,
    reopen: () => (stream ? start() : Promise.resolve(null)),
    reportSilent() {
      if (stream) state.set({ state: 'silent' });
    },
    close() {
      generation += 1;
      release();
      const now = state.getSnapshot().state;
      if (now !== 'denied' && now !== 'missing') state.set({ state: 'off' });
    },
  };
}
