import type { Relation } from '@sotto/protocol';
import { describe, expect, test } from 'vitest';
import { listener, member, person, roomOf } from './people.fixture.ts';
import {
  actionsFor,
  announcements,
  createSpeakingTeller,
  listenerLabel,
  personIn,
  type RoomPerson,
  speakers,
  stageLabel,
} from './room.ts';

const stranger: Relation = { following: false, followsYou: false, blocked: false };
const audience: RoomPerson = {
  person: person('Noor'),
  onStage: false,
  moderator: false,
  muted: false,
  hand: null,
  invited: false,
};
const speaker: RoomPerson = { ...audience, onStage: true };
const moderator = { id: 'Imani', moderates: true, opener: false, stageLocked: false };
const opener = { ...moderator, opener: true };
const visitor = { id: 'Jonas', moderates: false, opener: false, stageLocked: false };

describe('RO-2: a person’s sheet offers exactly what the viewer may do', () => {
  test('a moderator may bring a listener up or show them out', () => {
    expect(actionsFor(audience, moderator, stranger).moderation).toEqual(['invite', 'remove']);
  });

  test('a raised hand can be lowered, and who is invited is not invited again', () => {
    const hand = { person: audience.person, line: '', raisedAt: '2026-01-01T00:00:00.000Z', invited: true };
    expect(actionsFor({ ...audience, hand, invited: true }, moderator, stranger).moderation).toEqual([
      'lowerHand',
      'remove',
    ]);
  });

  test('a speaker can be muted, moved down, made moderator', () => {
    expect(actionsFor(speaker, moderator, stranger).moderation).toEqual([
      'mute',
      'moveDown',
      'makeModerator',
      'remove',
    ]);
  });

  test('another moderator is moved down or removed by the opener alone', () => {
    const other = { ...speaker, moderator: true };
    expect(actionsFor(other, moderator, stranger).moderation).toEqual(['mute']);
    expect(actionsFor(other, opener, stranger).moderation).toEqual(['mute', 'moveDown', 'remove']);
    expect(actionsFor({ ...other, muted: true }, moderator, stranger).moderation).toEqual([]);
  });

  test('RO-4: nobody is invited to a locked stage', () => {
    expect(actionsFor(audience, { ...moderator, stageLocked: true }, stranger).moderation).toEqual([
      'remove',
    ]);
  });

  test('who does not moderate gets no moderation, and oneself gets nothing', () => {
    expect(actionsFor(speaker, visitor, stranger).moderation).toEqual([]);
    expect(actionsFor({ ...speaker, person: person('Jonas') }, visitor, null)).toEqual({
      moderation: [],
      social: [],
    });
  });

  test('PE-5: someone blocked can only be unblocked', () => {
    expect(actionsFor(audience, visitor, { ...stranger, blocked: true }).social).toEqual(['unblock']);
    expect(actionsFor(audience, visitor, { ...stranger, following: true }).social).toEqual([
      'unfollow',
      'write',
      'block',
    ]);
  });
});

describe('someone in the room', () => {
  test('is found on stage, in the audience, or among the hands beyond the audience shown', () => {
    const hand = { person: person('Far'), line: 'Me!', raisedAt: '2026-01-01T00:00:00.000Z', invited: false };
    const room = roomOf({ hands: [hand] });
    expect(personIn(room, 'Imani')).toMatchObject({ onStage: true, moderator: true });
    expect(personIn(room, 'Noor')).toMatchObject({ onStage: false, hand: null });
    expect(personIn(room, 'Far')).toMatchObject({ onStage: false, hand: { line: 'Me!' } });
    expect(personIn(room, 'Gone')).toBeNull();
  });

  test('is known from the list of everyone when the audience shown does not reach them', () => {
    const known = person('Beyond');
    expect(personIn(roomOf(), 'Beyond', known)).toMatchObject({ person: known, onStage: false });
    const up = roomOf({ stage: [member('Beyond')] });
    expect(personIn(up, 'Beyond', known)).toMatchObject({ onStage: true });
  });

  test('is named with role and state for a screen reader', () => {
    expect(stageLabel(member('Imani', { moderator: true, muted: true, connected: false }))).toBe(
      'Imani, Moderator, reconnecting, muted',
    );
    expect(listenerLabel(listener('Noor', { handRaised: true }))).toBe('Noor, hand up');
  });
});

describe('what a screen reader is told', () => {
  test('who came up and who went down, but not oneself, and nothing on entering', () => {
    const before = roomOf();
    const after = roomOf({ stage: [member('Jonas'), member('Mei'), member('Noor')] });
    expect(announcements(before, after, 'Noor')).toEqual(['Mei came on stage', 'Imani left the stage']);
    expect(announcements(null, after, 'Noor')).toEqual([]);
  });

  test('AU-10: the loudest is named first, and only who is on stage', () => {
    const speaking = [
      { account: 'Jonas', level: 0.2 },
      { account: 'Gone', level: 1 },
      { account: 'Imani', level: 0.9 },
    ];
    expect(speakers({ stage: roomOf().stage, speaking }).map(each => each.id)).toEqual(['Imani', 'Jonas']);
  });
});

test('a voice is named when it begins, and not again while the talk goes back and forth', () => {
  const tell = createSpeakingTeller();
  const voice = (account: string) => ({ stage: roomOf().stage, speaking: [{ account, level: 0.5 }] });
  expect(tell(voice('Imani'), 'Jonas', 0)).toBe('Imani');
  expect(tell(voice('Jonas'), 'Jonas', 1000)).toBeNull();
  expect(tell(voice('Imani'), 'Jonas', 2000)).toBeNull();
  expect(tell(voice('Imani'), 'Jonas', 60_000)).toBe('Imani');
});
