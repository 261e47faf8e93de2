import { readFile } from 'node:fs/promises';
import { gzipSync } from 'node:zlib';
import type { BenchResult } from './result.ts';

const dist = new URL('../../packages/web/dist/', import.meta.url);

/** Bytes of the first load: what `index.html` names, as gzip sends it. */
export async function run(): Promise<BenchResult> {
  const html = await readFile(new URL('index.html', dist), 'utf8');
  const files = [...html.matchAll(/(?:src|href)="\/([^"]+\.(js|css))"/g)].map(match => match[1] ?? '');
  const sizes = new Map<string, number>();
  for (const file of files) sizes.set(file, gzipSync(await readFile(new URL(file, dist))).length);
  const sum = (ending: string) =>
    [...sizes].filter(([file]) => file.endsWith(ending)).reduce((total, [, size]) => total + size, 0);
  const kib = (bytes: number) => Number((bytes / 1024).toFixed(1));
  return {
    name: 'First load of the web app',
    rows: [
      { what: 'JavaScript, gzip', value: kib(sum('.js')), unit: 'KiB', budget: 130 },
      { what: 'CSS, gzip', value: kib(sum('.css')), unit: 'KiB', budget: 20 },
      { what: 'index.html, gzip', value: kib(gzipSync(html).length), unit: 'KiB', budget: '' },
    ],
    notes: ['As built last; `npm start` builds it. Fonts and pictures are not counted.'],
  };
}
