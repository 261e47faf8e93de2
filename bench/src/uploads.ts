import { mkdtemp, open, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Call, createCaller, systemClock, uploadFile, uploadSource } from '@sotto/sdk';
import { signIn } from '@sotto/testkit';
import { type Remote, startRemote } from './messages/remote.ts';
import type { BenchResult } from './result.ts';
import { photo, videoOf } from './uploads/files.ts';

const MB = 1024 * 1024;
const VIDEO_MB = 99;
const AT_ONCE = 4;
const IMAGES = 20;

/** Videos and images through the whole of the real server, as the SDK uploads them: chunks, checks, sizes, files on disk. */
export async function run(): Promise<BenchResult> {
  const rows = [...(await videos()), ...(await images()), await bare()];
  return {
    name: 'Uploads: from the first byte to the finished attachment',
    rows,
    notes: [
      'The server is a process of its own, fresh for each kind; the client shares the machine and its cores.',
      'Every chunk is on disk before it is acknowledged, and the whole file once more before the upload is finished.',
      `Bare writes: ${AT_ONCE} writers, files of 1 MB, each synced: a chunk’s share of the work of the disk, without HTTP or checks.`,
    ],
  };
}

type Row = BenchResult['rows'][number];
const row = (what: string, value: number, unit: string): Row => ({
  what,
  value: Number(value.toFixed(1)),
  unit,
});

async function videos(): Promise<Row[]> {
  const file = videoOf(VIDEO_MB);
  return withServer(async (remote, call) => {
    // The first one warms up.
    await upload(call, 'video', videoOf(5));
    const { seconds, before, after } = await measured(remote, () =>
      Promise.all(Array.from({ length: AT_ONCE }, () => upload(call, 'video', file))),
    );
    const total = (file.length * AT_ONCE) / MB;
    return [
      row(`${AT_ONCE} videos of ${VIDEO_MB} MB at once`, total / seconds, 'MB/s'),
      row('the same: memory of the server at rest', before.rss / MB, 'MiB'),
      row('the same: its peak', after.peak / MB, 'MiB'),
      row(
        'the same: CPU of the server',
        (after.cpuMicroseconds - before.cpuMicroseconds) / 1000 / total,
        'ms/MB',
      ),
    ];
  });
}

async function images(): Promise<Row[]> {
  const file = photo();
  return withServer(async (remote, call) => {
    await upload(call, 'image', file);
    const { seconds, before, after } = await measured(remote, () =>
      Promise.all(Array.from({ length: IMAGES }, () => upload(call, 'image', file))),
    );
    return [
      row(
        `${IMAGES} images of 12 megapixels (${Math.round(file.length / MB)} MB) at once`,
        IMAGES / seconds,
        'images/s',
      ),
      row('the same: memory of the server before', before.rss / MB, 'MiB'),
      row('the same: its peak', after.peak / MB, 'MiB'),
      row(
        'the same: CPU of the server',
        (after.cpuMicroseconds - before.cpuMicroseconds) / 1000 / IMAGES,
        'ms/image',
      ),
    ];
  });
}

async function withServer<T>(work: (remote: Remote, call: Call) => Promise<T>): Promise<T> {
  const remote = await startRemote();
  try {
    const url = `http://127.0.0.1:${remote.port}`;
    const { token } = await signIn(url, 'uploads@bench.test', remote.code);
    const call = createCaller({ baseUrl: url, token });
    await call('PATCH /v1/me', { body: { handle: 'uploads', name: 'Uploads' } });
    return await work(remote, call);
  } finally {
    await remote.stop();
  }
}

async function measured(remote: Remote, work: () => Promise<unknown>) {
  const before = await remote.measure();
  const start = performance.now();
  await work();
  const seconds = (performance.now() - start) / 1000;
  return { seconds, before, after: await remote.measure() };
}

const upload = (call: Call, kind: 'video' | 'image', file: Buffer) =>
  uploadFile({
    call,
    clock: systemClock,
    random: Math.random,
    kind,
    file: uploadSource(new Uint8Array(file.buffer as ArrayBuffer, file.byteOffset, file.length)),
  });

async function bare(): Promise<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  const bytes = Buffer.alloc(MB, 7);
  const each = 50;
  const write = async (writer: number): Promise<void> => {
    for (let count = 0; count < each; count += 1) {
      const file = await open(join(folder, `${writer}-${count}`), 'wx');
      await file.writeFile(bytes);
      await file.sync();
      await file.close();
    }
  };
  const start = performance.now();
  await Promise.all(Array.from({ length: AT_ONCE }, (_, writer) => write(writer)));
  const seconds = (performance.now() - start) / 1000;
  await rm(folder, { recursive: true, force: true });
  return row('bare writes', (AT_ONCE * each) / seconds, 'MB/s');
}
