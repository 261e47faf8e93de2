import type { Person } from '@sotto/protocol';
import { expect, test } from 'vitest';
import { entryOf, messageOf } from '../../state/messages.fixture.ts';
import { person } from '../../state/people.fixture.ts';
import { receiptsOf } from './useReceipts.ts';

const people: ReadonlyMap<string, Person> = new Map(['imani', 'noor', 'lena'].map(id => [id, person(id)]));
const entries = [1, 2, 5].map(seq => entryOf(seq, seq * 1000, messageOf(`m${seq}`, 'me')));

test('BC-8: in a direct conversation a message has been read up to where the other is; one’s own mark says nothing', () => {
  const readers = [
    { account: 'me', seq: 5 },
    { account: 'noor', seq: 2 },
  ];
  expect(receiptsOf(readers, true, entries, people, 'me')).toEqual({ upTo: 2, at: new Map() });
  expect(receiptsOf([], true, entries, people, 'me').upTo).toBe(0);
});

test('BC-8: in a group each face stands once, under the last message they have read', () => {
  const readers = [
    { account: 'imani', seq: 5 },
    { account: 'noor', seq: 4 },
    { account: 'lena', seq: 2 },
    { account: 'me', seq: 5 },
    { account: 'nobody known', seq: 5 },
  ];
  const { at } = receiptsOf(readers, false, entries, people, 'me');
  expect([...at].map(([seq, all]) => [seq, all.map(({ id }) => id)])).toEqual([
    [5, ['imani']],
    [2, ['noor', 'lena']],
  ]);
});

test('BC-8: who has read nothing that is loaded has no face', () => {
  expect(receiptsOf([{ account: 'imani', seq: 0 }], false, entries, people, 'me').at.size).toBe(0);
});

test('BC-8: no face stands under a message of its own', () => {
  const written = [...entries, entryOf(6, 6000, messageOf('m6', 'imani'))];
  const readers = ['imani', 'noor'].map(account => ({ account, seq: 6 }));
  const { at } = receiptsOf(readers, false, written, people, 'me');
  expect([...at].map(([seq, all]) => [seq, all.map(({ id }) => id)])).toEqual([[6, ['noor']]]);
});
