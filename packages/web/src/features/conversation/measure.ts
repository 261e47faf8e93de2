import type { Measured } from '../../state/files.ts';

/** Seconds into a video at which its poster is taken, at most. */
const POSTER_AT = 0.7;
const POSTER_EDGE = 1280;
/** A file that the browser cannot open in this time, ms, goes without what it would have told. */
const PATIENCE = 8000;

type Look = Measured & { poster: Blob | null };

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

/** Upright pixels of a picture. @throws where the browser cannot read it */
export async function measureImage(url: string): Promise<Look> {
  const image = new Image();
  image.src = url;
  await image.decode();
  return { width: image.naturalWidth, height: image.naturalHeight, poster: null };
}

/** Pixels and seconds of a video, and a frame of it as a poster. @throws where the browser cannot play it */
export async function measureVideo(url: string): Promise<Look> {
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
