import { errors } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { words } from '../words/index.ts';
import { againAfter, wordsFor } from './errors.ts';

test('every code of the contract has words', () => {
  for (const code of Object.keys(errors)) {
    expect(wordsFor({ code, details: {} }), code).not.toBe(words.errorUnknown);
  }
});

test('words carry the details: tries left, and how long to wait', () => {
  expect(wordsFor({ code: 'code_wrong', details: { triesLeft: 1 } })).toContain('1 try left');
  expect(wordsFor({ code: 'rate_limited', details: { retryAfter: 300 } })).toContain('5 minutes');
});

test('BC-8 too often is tried again when the server says, and nothing else is', () => {
  expect(againAfter({ code: 'rate_limited', details: { retryAfter: 7 } })).toBe(7);
  expect(againAfter({ code: 'internal', details: {} })).toBeNull();
  expect(againAfter(new Error('x'))).toBeNull();
});

test('no network is told apart from a fault, and anything else is still a sentence', () => {
  expect(wordsFor({ code: 'offline', details: {} })).toBe(words.errorOffline);
  expect(wordsFor(new Error('x'))).toBe(words.errorUnknown);
  expect(wordsFor({ code: 'from_the_future', details: {} })).toBe(words.errorUnknown);
});
