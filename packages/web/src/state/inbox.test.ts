import type { Attachment } from '@sotto/protocol';
import type { OutboxItem } from '@sotto/sdk';
import { expect, test } from 'vitest';
import { previewOf, unsentOf } from './inbox.ts';
import { directWith, entryOf, messageOf } from './messages.fixture.ts';

const conversation = directWith('Noor');
const item = (text: string, status: OutboxItem['status'], to: OutboxItem['to']): OutboxItem => ({
  clientId: text,
  to,
  text,
  reply: null,
  files: [],
  card: null,
  createdAt: 0,
  posted: false,
  attempts: 0,
  revision: 0,
  status,
});
const waiting: OutboxItem['status'] = { state: 'waiting', notBefore: 0, last: null };
const failed: OutboxItem['status'] = {
  state: 'failed',
  code: 'cannot_message',
  details: {},
  file: null,
};

test('BC-30: a row of the inbox shows what is not sent, what failed before what waits', () => {
  const first = item('first', failed, { conversation: 'chat' });
  const second = item('second', waiting, { person: 'Noor' });
  expect(unsentOf(conversation, [first, second])).toEqual({ state: 'failed', text: 'first' });
  expect(unsentOf(conversation, [second])).toEqual({ state: 'waiting', text: 'second' });
});

test('BC-30: what waits without a text is named', () => {
  const voice = {
    ...item('', { state: 'waiting' } as OutboxItem['status'], { conversation: conversation.id }),
  };
  const files = [{ kind: 'voice' }] as unknown as OutboxItem['files'];
  expect(unsentOf(conversation, [{ ...voice, files }])).toEqual({ state: 'waiting', text: 'Voice note' });
});

test('BC-30: what is being sent, or goes elsewhere, is not shown', () => {
  const sending = item('sending', { state: 'sending' }, { conversation: 'chat' });
  const elsewhere = item('elsewhere', failed, { conversation: 'another' });
  expect(unsentOf(conversation, [sending, elsewhere])).toBeNull();
});

test('BC-5: a row of the inbox names what was sent without a text', () => {
  const lineOf = (over: Parameters<typeof messageOf>[2]) =>
    previewOf(
      directWith('Noor', { last: entryOf(1, 0, messageOf('one', 'me', { text: '', ...over })) }),
      'me',
    );
  const attachments = [{ kind: 'voice' } as Attachment];
  expect(lineOf({ attachments })).toBe('You: Voice note');
  expect(lineOf({ attachments, text: 'Hear this' })).toBe('You: Hear this');
  expect(lineOf({ hidden: true })).toBe('You: Taken out of view');
});
