import { expect, test } from 'vitest';
import { words } from '../words/index.ts';
import { microphoneProblem } from './microphone.ts';

test('AU-8: a page without https says so, rather than that there is no microphone', () => {
  expect(microphoneProblem({ state: 'missing' }, false)?.title).toBe(words.room.micInsecureTitle);
  expect(microphoneProblem({ state: 'missing' }, true)?.title).toBe(words.room.micMissingTitle);
});

test('AU-8: blocked and silent are told apart, and an open microphone is no problem', () => {
  expect(microphoneProblem({ state: 'denied' }, true)?.title).toBe(words.room.micDeniedTitle);
  expect(microphoneProblem({ state: 'silent' }, true)?.title).toBe(words.room.micSilentTitle);
  expect(microphoneProblem({ state: 'on' }, true)).toBeNull();
  expect(microphoneProblem({ state: 'off' }, false)).toBeNull();
});
