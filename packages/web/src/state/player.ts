import { createStore, type Readable } from '@sotto/sdk';

/** Voice notes play one at a time, all through one player. */
export interface PlayerState {
  /** Which attachment is in the player; null before the first. */
  readonly id: string | null;
  readonly playing: boolean;
  /** Seconds. */
  readonly position: number;
  readonly failed: boolean;
}

/** Speeds of a voice note, in the order in which a tap goes through them. */
export const RATES = [1, 1.5, 2] as const;

export interface Player extends Readable<PlayerState> {
  readonly rate: Readable<number>;
  /** Plays this attachment, or stops it where it plays. `src` is asked for only where it begins anew. */
  toggle(id: string, src: () => Promise<string | null>): void;
  seek(id: string, seconds: number): void;
  nextRate(): void;
  stop(): void;
}

export function createPlayer(makeAudio: () => HTMLAudioElement): Player {
  const state = createStore<PlayerState>({ id: null, playing: false, position: 0, failed: false });
  const rate = createStore<number>(RATES[0]);
  let audio: HTMLAudioElement | null = null;
  /** Where to begin, by attachment: one goes on where one stopped. */
  const places = new Map<string, number>();

  const change = (next: Partial<PlayerState>) => state.update(now => ({ ...now, ...next }));
  const element = (): HTMLAudioElement => {
    if (audio) return audio;
    const made = makeAudio();
    made.preload = 'auto';
    const tell = () => {
      const { id } = state.getSnapshot();
      if (id) places.set(id, made.currentTime);
      change({ position: made.currentTime, playing: !made.paused && !made.ended });
    };
    for (const event of ['timeupdate', 'play', 'pause', 'seeked']) made.addEventListener(event, tell);
    made.addEventListener('ended', () => {
      const { id } = state.getSnapshot();
      if (id) places.delete(id);
      change({ playing: false, position: 0 });
    });
    made.addEventListener('error', () => change({ playing: false, failed: true }));
    audio = made;
    return made;
  };
  const start = async (id: string, src: () => Promise<string | null>) => {
    const player = element();
    player.pause();
    change({ id, playing: true, position: places.get(id) ?? 0, failed: false });
    const url = await src();
    if (state.getSnapshot().id !== id) return;
    if (!url) return change({ playing: false, failed: true });
    player.src = url;
    player.playbackRate = rate.getSnapshot();
    player.currentTime = places.get(id) ?? 0;
    await player.play();
  };
  return {
    getSnapshot: state.getSnapshot,
    subscribe: state.subscribe,
    rate: { getSnapshot: rate.getSnapshot, subscribe: rate.subscribe },
    toggle(id, src) {
      const now = state.getSnapshot();
      if (now.id === id && now.playing) return void element().pause();
      const going = now.id === id && !now.failed && element().src ? element().play() : start(id, src);
      going.catch((error: DOMException) => {
        // Another one was started meanwhile.
        if (error.name !== 'AbortError') change({ playing: false, failed: true });
      });
    },
    seek(id, seconds) {
      places.set(id, seconds);
      if (state.getSnapshot().id !== id) return;
      element().currentTime = seconds;
      change({ position: seconds });
    },
    nextRate() {
      const at = RATES.indexOf(rate.getSnapshot() as (typeof RATES)[number]);
      rate.set(RATES[(at + 1) % RATES.length] ?? 1);
      if (audio) audio.playbackRate = rate.getSnapshot();
    },
    stop() {
      audio?.pause();
    },
  };
}

export const player = createPlayer(() => new Audio());
