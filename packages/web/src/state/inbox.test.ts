import type { OutboxItem } from '@sotto/sdk';
import { expect, test } from 'vitest';
import { unsentOf } from './inbox.ts';
import { directWith } from './messages.fixture.ts';

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

test('BC-30: what is being sent, or goes elsewhere, is not shown', () => {
  const sending = item('sending', { state: 'sending' }, { conversation: 'chat' });
  const elsewhere = item('elsewhere', failed, { conversation: 'another' });
  expect(unsentOf(conversation, [sending, elsewhere])).toBeNull();
});
