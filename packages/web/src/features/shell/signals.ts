import { haptics, sounds } from '../../state/prefs.ts';

/** A short buzz under the finger, where the device can and the person has not switched it off. */
export function buzz(): void {
  if (haptics.getSnapshot() === 'on') navigator.vibrate?.(12);
}

let context: AudioContext | undefined;

/** Quiet, short, and never two at once: a tap for a message, a rising pair for someone on stage. */
const tunes = { tap: [660], rise: [523, 784], fall: [523, 392] } as const;
const NOTE_SECONDS = 0.11;
const LOUDNESS = 0.05;

export function play(tune: keyof typeof tunes): void {
  if (sounds.getSnapshot() === 'off' || document.visibilityState === 'hidden') return;
  // Nobody has touched the page yet: the browser would keep it silent, and say so each time.
  if (navigator.userActivation && !navigator.userActivation.hasBeenActive) return;
  context ??= new AudioContext();
  const { currentTime } = context;
  // Without a tap since the page opened, the browser keeps it silent; then it is better left out than late.
  if (context.state !== 'running') return void context.resume().catch(() => {});
  tunes[tune].forEach((frequency, index) => {
    if (!context) return;
    const at = currentTime + index * NOTE_SECONDS;
    const tone = new OscillatorNode(context, { type: 'sine', frequency });
    const gain = new GainNode(context, { gain: 0 });
    gain.gain.setValueAtTime(0, at);
    gain.gain.linearRampToValueAtTime(LOUDNESS, at + 0.015);
    gain.gain.exponentialRampToValueAtTime(0.0001, at + NOTE_SECONDS * 1.6);
    tone.connect(gain).connect(context.destination);
    tone.start(at);
    tone.stop(at + NOTE_SECONDS * 1.7);
  });
}
