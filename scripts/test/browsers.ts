import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readImports } from '../boundaries/imports.ts';
import { root } from './root.ts';

const names = ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'];

/** Whether this machine has a Chromium for the tests in browsers. */
export function hasChromium(): boolean {
  if (process.env.CHROMIUM) return existsSync(process.env.CHROMIUM);
  const folders = (process.env.PATH ?? '').split(':');
  return folders.some(folder => names.some(name => existsSync(join(folder, name))));
}

/** The test files of `e2e` that drive a browser, by what they import, however indirectly. */
export function browserTests(): string[] {
  const imports = readImports(root).filter(one => one.from.startsWith('e2e/'));
  const driving = new Set(['npm:playwright-core']);
  for (let before = 0; before < driving.size; ) {
    before = driving.size;
    for (const { from, to, typeOnly } of imports) if (!typeOnly && driving.has(to)) driving.add(from);
  }
  return [...driving].filter(file => file.endsWith('.test.ts'));
}
