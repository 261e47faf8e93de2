import { expect, test } from 'vitest';
import { words } from '../words/index.ts';
import { conversationFaces, conversationTitle, isRequest, talkOf } from './conversation.ts';
import { directWith, groupOf, talkIn } from './messages.fixture.ts';

test('BC-1 BC-2 BC-3: a conversation is called by whom it is with, by its name, or by its room', () => {
  expect(conversationTitle(directWith('Noor Haddad'))).toBe('Noor Haddad');
  expect(conversationTitle(groupOf(['Imani'], { title: 'Poem people' }))).toBe('Poem people');
  expect(conversationTitle(talkIn('What changed your mind?'))).toBe('What changed your mind?');
  expect(conversationTitle(talkIn(''))).toBe(words.conversation.everyone);
  expect(conversationTitle({ ...talkIn('Night owls'), kind: 'stage' })).toBe(
    words.conversation.stageOf('Night owls'),
  );
  expect(conversationTitle({ ...talkIn(''), kind: 'stage' })).toBe(words.conversation.stage);
});

test('BC-2: a group without a name is called by who is in it', () => {
  expect(conversationTitle(groupOf(['Imani Okafor', 'Jonas Weber']))).toBe('Imani and Jonas');
  expect(conversationTitle(groupOf(['Imani', 'Jonas', 'Mei', 'Lena', 'Theo']))).toBe(
    words.list(['Imani', 'Jonas', 'Mei', words.conversation.others(2)]),
  );
  expect(conversationTitle(groupOf([]))).toBe(words.conversation.group);
});

test('a group shows its picture, else two of its faces', () => {
  expect(conversationFaces(groupOf(['Imani', 'Jonas', 'Mei'])).map(({ name }) => name)).toEqual([
    'Imani',
    'Jonas',
  ]);
  const picture = { small: '/small.webp', large: '/large.webp' };
  expect(conversationFaces(groupOf(['Imani', 'Jonas'], { picture }))).toMatchObject([
    { picture: '/small.webp' },
  ]);
  expect(conversationFaces(groupOf([]))).toHaveLength(1);
});

test('only a talk has a room', () => {
  expect(talkOf(talkIn('Night owls'))?.room.title).toBe('Night owls');
  expect(talkOf(directWith('Noor'))).toBeNull();
  expect(talkOf(null)).toBeNull();
});

test('BC-11: until a request is accepted it is one, to who asks and to who is asked', () => {
  const between = directWith('Noor');
  expect(isRequest(between)).toBe(false);
  expect(isRequest({ ...between, asRequest: true })).toBe(true);
  expect(isRequest({ ...between, canWrite: false, whyNot: 'waiting' })).toBe(true);
  expect(isRequest({ ...between, state: 'request' })).toBe(true);
  expect(isRequest(groupOf(['Noor']))).toBe(false);
  expect(isRequest(null)).toBe(false);
});
