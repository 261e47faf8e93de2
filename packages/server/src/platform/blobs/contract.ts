import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import type { Blobs } from './blobs.ts';

const MiB = 1024 * 1024;

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

/** What is held, and not only waits to be collected: of that V8 lets 64 MiB gather. */
function heldBytes(): number {
  collect();
  return process.memoryUsage().arrayBuffers;
}

/** What every adapter keeps. Called inside `describe`. */
export function blobsContract(blobs: () => Blobs): void {
  const key = (name = 'file') => `test/${randomBytes(8).toString('hex')}/${name}`;
  const text = async (name: string) => (await blobs().get(name))?.toString();
  const part = async (name: string, start: number, end: number) => {
    const found = await blobs().read(name, { start, end });
    return found && { text: (await buffer(found.stream)).toString(), size: found.size };
  };

  test('what is put is got, read and replaced', async () => {
    const name = key();
    await blobs().put(name, Buffer.from('first'));
    expect(await text(name)).toBe('first');
    await blobs().put(name, Buffer.from('and second'));
    expect(await text(name)).toBe('and second');
    const whole = await blobs().read(name);
    expect(whole?.size).toBe(10);
    expect(whole && (await buffer(whole.stream)).toString()).toBe('and second');
  });

  test('what is absent is null, and deleted without an error', async () => {
    const name = key();
    expect(await blobs().get(name)).toBeNull();
    expect(await blobs().read(name)).toBeNull();
    expect(await blobs().read(name, { start: 0, end: 9 })).toBeNull();
    await blobs().delete(name);
    await blobs().deleteAll(`${name}/`);
  });

  test('a folder of keys is no key', async () => {
    const name = key();
    await blobs().put(`${name}/inner`, Buffer.from('x'));
    expect(await blobs().get(name)).toBeNull();
    expect(await blobs().read(name)).toBeNull();
    await blobs().delete(name);
    expect(await text(`${name}/inner`)).toBe('x');
  });

  test('parts, ends included, cut at the last byte', async () => {
    const name = key();
    await blobs().put(name, Buffer.from('0123456789'));
    expect(await part(name, 0, 0)).toEqual({ text: '0', size: 10 });
    expect(await part(name, 3, 6)).toEqual({ text: '3456', size: 10 });
    expect(await part(name, 8, 999)).toEqual({ text: '89', size: 10 });
    expect(await part(name, 10, 12)).toEqual({ text: '', size: 10 });
    expect(await part(name, 99, 120)).toEqual({ text: '', size: 10 });
  });

  test('nothing is a file too', async () => {
    const name = key();
    await blobs().put(name, Buffer.alloc(0));
    expect(await text(name)).toBe('');
    expect(await blobs().putStream(name, Readable.from([]))).toBe(0);
    expect((await blobs().read(name))?.size).toBe(0);
  });

  test('a stream is stored whole, whatever its pieces, and counted', async () => {
    const name = key();
    expect(await blobs().putStream(name, Readable.from([Buffer.from('one '), Buffer.from('two')]))).toBe(7);
    expect(await text(name)).toBe('one two');
    async function* pieces() {
      for (const letter of 'abcdefg') yield Buffer.from(letter);
    }
    expect(await blobs().putStream(name, pieces())).toBe(7);
    expect(await text(name)).toBe('abcdefg');
  });

  test('a large stream goes in and comes out unchanged, with flat memory', async () => {
    const name = key('large');
    const block = randomBytes(MiB);
    const blocks = 100;
    const sent = createHash('sha256');
    const before = heldBytes();
    let peak = 0;
    let looks = 0;
    const look = () => {
      looks += 1;
      if (looks % 10 === 0) peak = Math.max(peak, heldBytes() - before);
    };
    async function* source() {
      for (let n = 0; n < blocks; n += 1) {
        const piece = Buffer.from(block);
        piece.writeUInt32BE(n, 0);
        sent.update(piece);
        look();
        yield piece.subarray(0, 300_000);
        yield piece.subarray(300_000);
      }
    }
    expect(await blobs().putStream(name, source())).toBe(blocks * MiB);
    const found = await blobs().read(name);
    expect(found?.size).toBe(blocks * MiB);
    const received = createHash('sha256');
    for await (const piece of found?.stream ?? []) {
      received.update(piece);
      look();
    }
    expect(received.digest('hex')).toBe(sent.digest('hex'));
    expect(peak).toBeLessThan(32 * MiB);
    const seam = await blobs().read(name, { start: 8 * MiB - 2, end: 8 * MiB + 1 });
    const wanted = Buffer.concat([block.subarray(-2), Buffer.from([0, 0])]);
    expect(seam && (await buffer(seam.stream))).toEqual(wanted);
  });

  test.each([1, 9 * MiB, 20 * MiB])(
    'a source that fails after %d bytes leaves what was there before',
    async bytes => {
      const name = key();
      await blobs().put(name, Buffer.from('before'));
      async function* failing() {
        for (let sent = 0; sent < bytes; sent += MiB) yield Buffer.alloc(Math.min(MiB, bytes - sent));
        throw new Error('the uploader is gone');
      }
      await expect(blobs().putStream(name, failing())).rejects.toThrow('the uploader is gone');
      await expect(blobs().putStream(name, Readable.from(failing()))).rejects.toThrow('the uploader is gone');
      expect(await text(name)).toBe('before');
      await expect(blobs().putStream(`${name}2`, failing())).rejects.toThrow('the uploader is gone');
      expect(await blobs().get(`${name}2`)).toBeNull();
    },
  );

  test('a source that is cut leaves nothing', async () => {
    const name = key();
    const source = new Readable({ read() {} });
    source.push(Buffer.alloc(1000));
    const stored = blobs().putStream(name, source);
    setImmediate(() => source.destroy());
    await expect(stored).rejects.toThrow();
    expect(await blobs().get(name)).toBeNull();
  });

  test('a reader who leaves early harms nobody', async () => {
    const name = key();
    await blobs().put(name, Buffer.alloc(4 * MiB, 'x'));
    for (let n = 0; n < 20; n += 1) {
      const found = await blobs().read(name);
      for await (const _ of found?.stream ?? []) break;
      found?.stream.destroy();
    }
    expect((await blobs().get(name))?.byteLength).toBe(4 * MiB);
  });

  test('a whole folder goes, its neighbours stay', async () => {
    const root = key('x');
    const names = Array.from({ length: 12 }, (_, n) => `${root}/${n % 2 ? 'deep/' : ''}${n}.jpg`);
    for (const name of [...names, `${root}y/z`]) await blobs().put(name, Buffer.from(name));
    await blobs().deleteAll(`${root}/`);
    for (const name of names) expect(await blobs().get(name)).toBeNull();
    expect(await text(`${root}y/z`)).toBe(`${root}y/z`);
  });

  test.each([
    '',
    '/a',
    'a/',
    'a//b',
    '../a',
    'a/../b',
    'a/.b',
    '.a',
    'A',
    'a b',
    'a\0',
    'ä',
    `${'a'.repeat(201)}`,
  ])('%j is no key', async bad => {
    const refusal = /not a blob key/;
    const source = Readable.from([Buffer.from('x')]);
    await expect(async () => blobs().put(bad, Buffer.from('x'))).rejects.toThrow(refusal);
    await expect(async () => blobs().putStream(bad, source)).rejects.toThrow(refusal);
    await expect(async () => blobs().get(bad)).rejects.toThrow(refusal);
    await expect(async () => blobs().read(bad)).rejects.toThrow(refusal);
    await expect(async () => blobs().delete(bad)).rejects.toThrow(refusal);
    await expect(async () => blobs().deleteAll(`${bad}/`)).rejects.toThrow(refusal);
  });
}
