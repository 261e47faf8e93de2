import { expect, test } from 'vitest';
import { words } from '../words/index.ts';
import { judge, judgeMeasured } from './files.ts';

const MB = 1024 * 1024;
const file = (type: string, size = 1000, name = 'holiday') => ({ name, type, size });

test('BC-20 BC-21: what can be sent is told by its type', () => {
  for (const type of ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'])
    expect(judge(file(type))).toEqual({ kind: 'image' });
  for (const type of ['video/mp4', 'video/quicktime', 'video/webm'])
    expect(judge(file(type))).toEqual({ kind: 'video' });
  for (const type of ['audio/mp4', 'audio/x-m4a', 'audio/ogg; codecs=opus', 'audio/webm'])
    expect(judge(file(type))).toEqual({ kind: 'voice' });
});

test('BC-20: SVG and other files are refused before they are uploaded, each in its own words', () => {
  expect(judge(file('image/svg+xml'))).toEqual({ problem: words.conversation.fileSvg('holiday') });
  expect(judge(file('application/pdf'))).toEqual({ problem: words.conversation.fileType('holiday') });
  expect(judge(file(''))).toEqual({ problem: words.conversation.fileType('holiday') });
  expect(judge(file('image/png', 0))).toEqual({ problem: words.conversation.fileEmpty('holiday') });
});

test('BC-20 BC-21: what is too large is refused before it is uploaded, at the limit it is not', () => {
  expect(judge(file('image/png', 20 * MB))).toEqual({ kind: 'image' });
  expect(judge(file('image/png', 20 * MB + 1))).toEqual({
    problem: words.conversation.fileImageSize('holiday', 20),
  });
  expect(judge(file('video/mp4', 100 * MB))).toEqual({ kind: 'video' });
  expect(judge(file('video/mp4', 100 * MB + 1))).toEqual({
    problem: words.conversation.fileVideoSize('holiday', 100),
  });
  expect(judgeMeasured('holiday', 'image', { width: 5000, height: 5000 })).toBeNull();
  expect(judgeMeasured('holiday', 'image', { width: 5001, height: 5000 })).toBe(
    words.conversation.filePixels('holiday'),
  );
  expect(judgeMeasured('holiday', 'video', { seconds: 181 })).toBe(words.conversation.fileLong('holiday', 3));
  expect(judgeMeasured('holiday', 'video', {})).toBeNull();
  expect(judge(file('audio/ogg', 16 * MB + 1))).toEqual({
    problem: words.conversation.fileVoiceSize('holiday', 16),
  });
  expect(judgeMeasured('holiday', 'voice', { seconds: 301 })).toBe(
    words.conversation.fileVoiceLong('holiday', 5),
  );
});
