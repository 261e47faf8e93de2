import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blobsContract } from './contract.ts';
import { folderBlobs } from './folder.ts';

let root: string;
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'sotto-blobs-'));
});
afterAll(() => rm(root, { recursive: true, force: true }));

describe('blobs in a folder', () => {
  blobsContract(() => folderBlobs(join(root, 'contract')));

  test('nothing half written is left, only what a killed process leaves, for a day', async () => {
    const folder = join(root, 'left');
    const parts = join(folder, '.parts');
    await mkdir(parts, { recursive: true });
    for (const name of ['old', 'young']) await writeFile(join(parts, name), 'half');
    const long = new Date(Date.now() - 25 * 3_600_000);
    await utimes(join(parts, 'old'), long, long);
    const blobs = folderBlobs(folder);
    async function* failing() {
      yield Buffer.from('some');
      throw new Error('cut');
    }
    await expect(blobs.putStream('a/b', failing())).rejects.toThrow('cut');
    expect(await readdir(parts)).toEqual(['young']);
    expect(await readdir(folder)).toEqual(['.parts']);
  });

  test('two writers at once: one of them wins whole', async () => {
    const blobs = folderBlobs(join(root, 'race'));
    const of = (letter: string) => Buffer.alloc(2 * 1024 * 1024, letter);
    await Promise.all(['a', 'b', 'c'].map(letter => blobs.put('file', of(letter))));
    const bytes = await blobs.get('file');
    expect(['a', 'b', 'c'].some(letter => bytes?.equals(of(letter)))).toBe(true);
  });

  test('a part of an empty file is empty', async () => {
    const blobs = folderBlobs(join(root, 'empty'));
    await blobs.put('a', Buffer.alloc(0));
    const found = await blobs.read('a', { start: 0, end: 5 });
    expect(found?.size).toBe(0);
    expect(await buffer(found?.stream ?? Readable.from(['no']))).toHaveLength(0);
  });

  test('files are for the owner alone', async () => {
    const folder = join(root, 'mode');
    await folderBlobs(folder).put('a/b', Buffer.from('x'));
    expect((await stat(join(folder, 'a/b'))).mode & 0o777).toBe(0o600);
  });
});
