import { VOICE_SECONDS_MAX } from '@sotto/protocol/limits';
import { waveformOf } from '../../state/waveform.ts';

/** A finished recording. */
export interface Recorded {
  bytes: Blob;
  seconds: number;
  waveform: number[];
}

export interface Recording {
  /** How loud it is now, 0 to 1. */
  level(): number;
  /** Seconds so far. */
  seconds(): number;
  /** Ends it by itself when it is as long as a voice note may be. */
  readonly ended: Promise<void>;
  stop(): Promise<Recorded>;
  /** Stops without a result, and lets the microphone go. */
  cancel(): void;
}

const TYPES = ['audio/webm;codecs=opus', 'audio/mp4', 'audio/ogg;codecs=opus'];
/** Speech needs no more than this, bits a second: five minutes are 1.8 MB. */
const BITRATE = 48_000;
/** Samples a second for looking at the sound, which is enough for its loudness. */
const LOOK = 8000;

export function canRecord(): boolean {
  return 'mediaDevices' in navigator && typeof MediaRecorder !== 'undefined';
}

/** Opens the microphone and records until told to stop. @throws DOMException where the microphone is not to be had */
export async function startRecording(deviceId: string | null): Promise<Recording> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: {
      echoCancellation: true,
      noiseSuppression: true,
      autoGainControl: true,
      ...(deviceId ? { deviceId: { ideal: deviceId } } : {}),
    },
  });
  const type = TYPES.find(each => MediaRecorder.isTypeSupported(each));
  const recorder = new MediaRecorder(stream, {
    audioBitsPerSecond: BITRATE,
    ...(type ? { mimeType: type } : {}),
  });
  const context = new AudioContext();
  const analyser = new AnalyserNode(context, { fftSize: 1024 });
  context.createMediaStreamSource(stream).connect(analyser);
  const samples = new Float32Array(analyser.fftSize);
  const parts: Blob[] = [];
  recorder.addEventListener('dataavailable', ({ data }) => data.size > 0 && parts.push(data));
  const stopped = new Promise<void>(resolve =>
    recorder.addEventListener('stop', () => resolve(), { once: true }),
  );
  const begun = performance.now();
  let length = 0;
  const seconds = () => (recorder.state === 'recording' ? (performance.now() - begun) / 1000 : length);
  recorder.start(1000);
  const end = () => {
    if (recorder.state === 'inactive') return;
    length = seconds();
    recorder.stop();
    for (const track of stream.getTracks()) track.stop();
    void context.close();
  };
  const limit = setTimeout(end, VOICE_SECONDS_MAX * 1000 - 500);
  return {
    level() {
      analyser.getFloatTimeDomainData(samples);
      let sum = 0;
      for (const sample of samples) sum += sample * sample;
      return Math.min(1, Math.sqrt(sum / samples.length) * 5);
    },
    seconds,
    ended: stopped,
    async stop() {
      clearTimeout(limit);
      end();
      await stopped;
      // The container's own name for itself, without the codecs.
      const bytes = new Blob(parts, {
        type: (recorder.mimeType || type || 'audio/webm').split(';')[0] ?? '',
      });
      return { bytes, ...(await lookAt(bytes, length)) };
    },
    cancel() {
      clearTimeout(limit);
      end();
    },
  };
}

/** The loudness of a recording over its time, out of the sound itself. @param measured its seconds, where it cannot be read */
export async function lookAt(
  bytes: Blob,
  measured: number,
): Promise<{ seconds: number; waveform: number[] }> {
  try {
    const context = new OfflineAudioContext(1, 1, LOOK);
    const sound = await context.decodeAudioData(await bytes.arrayBuffer());
    return { seconds: sound.duration, waveform: waveformOf(sound.getChannelData(0)) };
  } catch {
    return { seconds: measured, waveform: [] };
  }
}
