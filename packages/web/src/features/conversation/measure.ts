import type { AttachmentKind } from '@sotto/protocol';
import { VOICE_SECONDS_MAX } from '@sotto/protocol/limits';
import type { Measured } from '../../state/files.ts';

/** Seconds into a video at which its poster is taken, at most. */
const POSTER_AT = 0.7;
const POSTER_EDGE = 1280;
/** A file that the browser cannot open in this time, ms, goes without what it would have told. */
const PATIENCE = 8000;

type Look = Measured & { poster?: Blob | null; waveform?: number[] };

/** What the browser finds in a file. @throws where it cannot read it */
export function measure(kind: AttachmentKind, file: Blob, url: string): Promise<Look> {
  switch (kind) {
    case 'image':
      return measureImage(url);
    case 'video':
      return measureVideo(url);
    case 'voice':
      return measureVoice(file, url);
  }
}

const event = (target: EventTarget, name: string): Promise<void> =>
  new Promise((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`${name}: too slow`)), PATIENCE);
    const done = () => {
      clearTimeout(timer);
      resolve();
    };
    target.addEventListener(name, done, { once: true });
    target.addEventListener('error', () => reject(new Error(`${name}: unreadable`)), { once: true });
  });

/** Upright pixels of a picture. */
async function measureImage(url: string): Promise<Look> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight };
}

/** Pixels and seconds of a video, and a frame of it as a poster. */
async function measureVideo(url: string): Promise<Look> {
  const video = document.createElement('video');
  video.muted = true;
  video.playsInline = true;
  video.preload = 'auto';
  const opened = event(video, 'loadeddata');
  video.src = url;
  await opened;
  const { videoWidth: width, videoHeight: height, duration } = video;
  const seconds = Number.isFinite(duration) ? duration : undefined;
  const poster = await posterOf(video, seconds ?? 0).catch(() => null);
  video.removeAttribute('src');
  video.load();
  return { width, height, seconds, poster };
}

async function posterOf(video: HTMLVideoElement, seconds: number): Promise<Blob | null> {
  const sought = event(video, 'seeked');
  video.currentTime = Math.min(POSTER_AT, seconds / 3);
  await sought;
  const scale = Math.min(1, POSTER_EDGE / Math.max(video.videoWidth, video.videoHeight));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(video.videoWidth * scale));
  canvas.height = Math.max(1, Math.round(video.videoHeight * scale));
  canvas.getContext('2d')?.drawImage(video, 0, 0, canvas.width, canvas.height);
  return new Promise(resolve => canvas.toBlob(resolve, 'image/jpeg', 0.82));
}

/** Seconds of a recording and how loud it is; of one that is too long the seconds alone. */
async function measureVoice(file: Blob, url: string): Promise<Look> {
  const player = new Audio();
  const opened = event(player, 'loadedmetadata');
  player.src = url;
  await opened;
  const { duration } = player;
  player.removeAttribute('src');
  // A browser's own recording says so only when it was read to its end.
  if (Number.isFinite(duration) && duration > VOICE_SECONDS_MAX) return { seconds: duration };
  const { lookAt } = await import('./recording.ts');
  const { seconds, waveform } = await lookAt(file, duration);
  return { seconds: Number.isFinite(seconds) ? seconds : undefined, waveform };
}
