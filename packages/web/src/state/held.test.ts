import { expect, test } from 'vitest';
import { words } from '../words/index.ts';
import { heldProblem, linesOf } from './held.ts';

const refused = (path: string) => ({ code: 'invalid_input', details: { issues: [{ path }] } });

test('lines of a field are its lines without the empty ones', () => {
  expect(linesOf(' casino \n\n  win a prize\n')).toEqual(['casino', 'win a prize']);
});

test('BC-17 what the server did not take is said at the field and the line where it stands', () => {
  const held = { words: ['ok', 'too long'], hosts: ['example.org', 'no host'] };
  expect(heldProblem(refused('body.heldHosts.1'), held)).toEqual({
    hosts: words.requests.hostWrong('no host'),
  });
  expect(heldProblem(refused('body.hosts.1'), held)).toEqual({ hosts: words.requests.hostWrong('no host') });
  expect(heldProblem(refused('body.heldWords.1'), held)).toEqual({
    words: words.requests.wordTooLong('too long'),
  });
  expect(heldProblem(refused('body.words'), held)).toEqual({ words: words.requests.tooManyHeld });
  expect(heldProblem({ code: 'internal', details: {} }, held)).toEqual({ other: words.errors.internal });
});
