import { expect, test } from 'vitest';
import { words } from '../words/index.ts';
import { readTopics } from './topics.ts';

test('RO-1: topics are what stands between commas, once each', () => {
  expect(readTopics('')).toEqual({ topics: [] });
  expect(readTopics(' tides, night sky ,,tides')).toEqual({ topics: ['tides', 'night sky'] });
  expect(readTopics('شعر، موسيقى')).toEqual({ topics: ['شعر', 'موسيقى'] });
});

test('RO-1: too many, or one too long, is said before asking the server', () => {
  expect(readTopics('a,b,c,d,e')).toEqual({ topics: ['a', 'b', 'c', 'd', 'e'] });
  expect(readTopics('a,b,c,d,e,f')).toEqual({ problem: words.openRoom.topicsTooMany(5) });
  expect(readTopics('x'.repeat(32))).toEqual({ topics: ['x'.repeat(32)] });
  expect(readTopics('x'.repeat(33))).toEqual({ problem: words.openRoom.topicTooLong('x'.repeat(33), 32) });
});
