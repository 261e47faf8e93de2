import type { Attachment } from '@sotto/protocol';
import { systemClock, uploadFile, uploadSource } from '@sotto/sdk';
import type { NetworkPerson } from '@sotto/testkit';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type House, startHouse } from '../browser/house.ts';

let house: House;
let ada: NetworkPerson;
let page: Page;
beforeAll(async () => {
  house = await startHouse();
  ada = await house.network.person('Ada', { online: false });
  const browser = await house.browser();
  page = await (await browser.newContext()).newPage();
  await page.goto(`${house.network.url()}/docs/api`);
});
afterAll(() => house?.stop());

/** A second and a half as this browser records it: a canvas that changes its colour, and a tone. */
const record = (type: string): Promise<number[]> =>
  page.evaluate(async mimeType => {
    const audio = new AudioContext();
    const tone = audio.createOscillator();
    const sound = audio.createMediaStreamDestination();
    tone.connect(sound);
    tone.start();
    const tracks = sound.stream.getAudioTracks();
    const canvas = document.createElement('canvas');
    const painter = setInterval(() => {
      const brush = canvas.getContext('2d');
      if (brush) brush.fillStyle = `hsl(${performance.now() / 5} 80% 50%)`;
      brush?.fillRect(0, 0, canvas.width, canvas.height);
    }, 40);
    if (mimeType.startsWith('video')) tracks.push(...canvas.captureStream(20).getVideoTracks());
    const recorder = new MediaRecorder(new MediaStream(tracks), { mimeType });
    const parts: Blob[] = [];
    recorder.ondataavailable = event => parts.push(event.data);
    const stopped = new Promise(resolve => {
      recorder.onstop = resolve;
    });
    recorder.start(250);
    await new Promise(resolve => setTimeout(resolve, 1500));
    recorder.stop();
    await stopped;
    clearInterval(painter);
    await audio.close();
    return [...new Uint8Array(await new Blob(parts).arrayBuffer())];
  }, type);

const upload = (kind: 'video' | 'voice', bytes: number[]): Promise<Attachment> =>
  uploadFile({
    call: ada.call,
    clock: systemClock,
    random: Math.random,
    kind,
    file: uploadSource(Uint8Array.from(bytes)),
  });

/** Plays it to its end, after a jump: what the player says of it then. */
const play = (kind: 'video' | 'voice', path: string | null) =>
  page.evaluate(
    async ([tag, source]) => {
      const player = document.createElement(tag === 'video' ? 'video' : 'audio');
      player.muted = true;
      player.src = source ?? '';
      document.body.append(player);
      const happens = (event: string) =>
        new Promise((resolve, reject) => {
          player.addEventListener(event, resolve, { once: true });
          player.addEventListener('error', () => reject(new Error(player.error?.message ?? 'it fails')), {
            once: true,
          });
        });
      await happens('loadeddata');
      const jumped = happens('seeked');
      player.currentTime = 0.5;
      await jumped;
      const over = happens('ended');
      await player.play();
      await over;
      return { at: player.currentTime, width: player instanceof HTMLVideoElement ? player.videoWidth : 0 };
    },
    [kind, path] as const,
  );

it.each([
  ['video', 'video/webm;codecs=vp8,opus', 'video/webm'],
  ['video', 'video/mp4;codecs=avc1,opus', 'video/mp4'],
  ['voice', 'audio/webm;codecs=opus', 'audio/webm'],
  ['voice', 'audio/mp4;codecs=opus', 'audio/mp4'],
] as const)(
  'BC-21 a %s that a browser records as %s is taken, and plays to its end',
  async (kind, type, found) => {
    const made = await upload(kind, await record(type));
    expect(made.type).toBe(found);
    const { at, width } = await play(kind, made.links.original);
    expect(at).toBeGreaterThan(0.9);
    expect(Math.abs(at - (made.seconds ?? 0))).toBeLessThan(0.3);
    expect(width).toBe(made.width ?? 0);
  },
);
