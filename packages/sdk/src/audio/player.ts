import { AUDIO_SLOTS } from '@sotto/protocol/limits';
import { createStore, type Readable } from '../stores/store.ts';

/**
 * Plays the slots, one element each: echo cancellation knows what elements play, and phones go on playing them in
 * the background. (iOS does not let a page set an element's volume: 0 is kept there by muting.)
 */
export interface Player {
  /** The browser wants a tap before anything plays. */
  readonly blocked: Readable<boolean>;
  /** To be called in a tap: from then on the elements may play whatever comes (iOS). */
  prime(): void;
  play(tracks: readonly MediaStreamTrack[]): void;
  setVolume(slot: number, volume: number): void;
  setOutput(id: string | null): Promise<void>;
  /** Tries again what was blocked. */
  unlock(): Promise<void>;
  /** Silence, at once. */
  silence(): void;
  close(): void;
}

export function createPlayer(): Player {
  const blocked = createStore(false);
  let elements: HTMLAudioElement[] = [];
  let playing = false;
  let output: string | null = null;

  const applyOutput = async (element: HTMLAudioElement) => {
    if (typeof element.setSinkId !== 'function') return;
    // A device that was unplugged meanwhile: the system's own is used.
    await element.setSinkId(output ?? '').catch(() => element.setSinkId('').catch(() => {}));
  };

  const make = () => {
    const element = document.createElement('audio');
    element.setAttribute('playsinline', '');
    element.hidden = true;
    element.onpause = () => {
      if (playing) void start(element);
    };
    document.body.append(element);
    if (output) void applyOutput(element);
    return element;
  };

  const ensure = () => {
    if (elements.length === 0) elements = Array.from({ length: AUDIO_SLOTS }, make);
    return elements;
  };

  async function start(element: HTMLAudioElement): Promise<void> {
    try {
      await element.play();
    } catch (error) {
      // AbortError: its stream was changed meanwhile, and the newer call decides.
      if (playing && error instanceof DOMException && error.name === 'NotAllowedError') block();
    }
  }

  const unlock = async (): Promise<void> => {
    stopListening();
    blocked.set(false);
    if (playing) await Promise.all(elements.map(start));
  };

  const gestures = ['pointerup', 'keydown'] as const;
  const onGesture = () => void unlock();
  const stopListening = () => {
    for (const name of gestures) document.removeEventListener(name, onGesture);
  };
  function block(): void {
    blocked.set(true);
    // Whatever the person touches first will do.
    for (const name of gestures) document.addEventListener(name, onGesture, { once: true });
  }

  return {
    blocked,
    prime() {
      for (const element of ensure()) {
        if (element.srcObject === null) element.srcObject = new MediaStream();
        void element.play().catch(() => {});
      }
    },
    play(tracks) {
      playing = true;
      for (const [slot, element] of ensure().entries()) {
        const track = tracks[slot];
        element.srcObject = track ? new MediaStream([track]) : null;
        void start(element);
      }
    },
    setVolume(slot, volume) {
      const element = ensure()[slot];
      if (!element) return;
      element.volume = Math.min(1, Math.max(0, volume));
      element.muted = volume <= 0;
    },
    async setOutput(id) {
      output = id;
      await Promise.all(elements.map(applyOutput));
    },
    unlock,
    silence() {
      playing = false;
      stopListening();
      blocked.set(false);
      for (const element of elements) {
        element.srcObject = null;
        element.pause();
      }
    },
    close() {
      playing = false;
      stopListening();
      for (const element of elements) {
        element.srcObject = null;
        element.remove();
      }
      elements = [];
    },
  };
}
