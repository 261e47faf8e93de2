import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { missingOptionals } from './lock.mjs';

test('the lock file names every platform’s packages, so that npm ci works on each', () => {
  const lock = JSON.parse(readFileSync(new URL('../package-lock.json', import.meta.url), 'utf8'));
  expect(missingOptionals(lock), 'run `npm run lock`').toEqual({});
});

test('a missing optional package is named with its platform', () => {
  const packages = {
    'node_modules/tool': { optionalDependencies: { '@tool/linux-x64-musl': '1.2.3' }, dev: true },
  };
  expect(missingOptionals({ packages })).toEqual({
    'node_modules/@tool/linux-x64-musl': {
      version: '1.2.3',
      cpu: ['x64'],
      os: ['linux'],
      libc: ['musl'],
      dev: true,
      optional: true,
    },
  });
});
