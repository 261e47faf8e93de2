import { describe, expect, it } from 'vitest';
import * as policy from './policy.ts';
import { type Member, type Room, type RoomState, stageIds } from './state.ts';
import * as to from './transitions.ts';

const now = new Date('2026-11-22T12:00:00Z');
const later = (seconds: number) => new Date(now.getTime() + seconds * 1000);

const room: Room = {
  id: 'room',
  title: '',
  topics: [],
  visibility: 'open',
  hands: 'everyone',
  stage_locked: false,
  key: 'key',
  version: 1,
  opened_by: 'opener',
  started_at: now,
  unmoderated_since: null,
  ended_at: null,
  end_reason: null,
};
const member = (account: string, change: Partial<Member> = {}): Member => ({
  room_id: 'room',
  account_id: account,
  role: 'listener',
  muted: true,
  device: `${account}-phone`,
  session_id: 'session',
  entered_at: now,
  stage_at: change.role ? now : null,
  hand_at: null,
  hand_line: '',
  invited_by: null,
  moderation_offered_at: null,
  moderation_declined: false,
  disconnected_at: null,
  left_at: null,
  ...change,
});
const state = (members: Member[], change: Partial<Room> = {}): RoomState => ({
  room: { ...room, ...change },
  people: new Map(members.map(each => [each.account_id, each])),
});
const standings = ['absent', 'listener', 'speaker', 'moderator', 'opener'] as const;
const everyone = state([
  member('opener', { role: 'moderator' }),
  member('moderator', { role: 'moderator' }),
  member('speaker', { role: 'speaker' }),
  member('listener'),
  member('absent', { role: 'moderator', left_at: now }),
]);
const outcome = (check: () => void): string => {
  try {
    check();
    return 'yes';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('who may do what', () => {
  it('RO-2: each standing is told from role, opener and presence', () => {
    for (const standing of standings) expect(policy.standingOf(everyone, standing)).toBe(standing);
    expect(policy.standingOf(everyone, 'nobody')).toBe('absent');
    const steppedDown = to.moveDown(everyone, 'opener');
    expect(policy.standingOf(steppedDown, 'opener')).toBe('listener');
  });

  it('RO-2: who may move down or remove whom, for all pairs', () => {
    const table = standings.map(actor => standings.map(target => policy.mayOverrule(actor, target)));
    const no = [false, false, false, false, false];
    expect(table).toEqual([no, no, no, [true, true, true, false, false], [true, true, true, true, true]]);
  });

  it('RO-2: moderating is for moderators who are inside', () => {
    expect(standings.map(who => outcome(() => policy.checkModerator(everyone, who)))).toEqual([
      'not_in_room',
      'moderators_only',
      'moderators_only',
      'yes',
      'yes',
    ]);
  });

  it('RO-4: who may raise a hand, for every role, mode, lock and follow', () => {
    for (const who of ['listener', 'speaker', 'moderator', 'absent'])
      for (const hands of ['off', 'followed', 'everyone'] as const)
        for (const stage_locked of [false, true])
          for (const followed of [false, true]) {
            const at = state([...everyone.people.values()], { hands, stage_locked });
            const admitted = hands === 'everyone' || (hands === 'followed' && followed);
            const listener = stage_locked ? 'stage_locked' : admitted ? 'yes' : 'hands_off';
            const expected =
              who === 'listener' ? listener : who === 'absent' ? 'not_in_room' : 'already_on_stage';
            expect(outcome(() => policy.checkRaiseHand(at, who, followed))).toBe(expected);
            const me = at.people.get(who) ?? member(who);
            expect(policy.mayRaiseHand(at, me, followed)).toBe(expected === 'yes');
          }
  });

  it('RO-4: a hand that is up may change its line, whatever the mode has become', () => {
    const at = state([member('ada', { hand_at: now })], { hands: 'off', stage_locked: true });
    expect(outcome(() => policy.checkRaiseHand(at, 'ada', false))).toBe('yes');
  });

  it('RO-3: an invitation is accepted only by a listener who has one', () => {
    const at = state([member('ada', { invited_by: 'opener' }), member('bo')]);
    expect(outcome(() => policy.checkAccept(at, 'ada'))).toBe('yes');
    expect(outcome(() => policy.checkAccept(at, 'bo'))).toBe('not_invited');
    expect(outcome(() => policy.checkAccept(everyone, 'speaker'))).toBe('not_invited');
  });

  it('PE-5: who goes when one blocks another, for all pairs', () => {
    const table = standings.map(blocker =>
      standings.map(blocked => (blocker === blocked ? '-' : policy.whoGoes(everyone, blocker, blocked))),
    );
    expect(table).toEqual([
      ['-', null, null, null, null],
      [null, '-', 'listener', 'listener', 'listener'],
      [null, 'listener', '-', 'speaker', 'speaker'],
      [null, 'listener', 'speaker', '-', 'moderator'],
      [null, 'listener', 'speaker', 'moderator', '-'],
    ]);
    const two = state([
      member('a', { role: 'speaker' }),
      member('b', { role: 'speaker' }),
      member('c'),
      member('d'),
    ]);
    expect(policy.whoGoes(two, 'a', 'b')).toBe('a');
    expect(policy.whoGoes(two, 'c', 'd')).toBeNull();
  });

  it('AU-4: only someone inside, on stage and not muted may be heard', () => {
    for (const role of ['listener', 'speaker', 'moderator'] as const)
      for (const muted of [false, true])
        for (const left_at of [null, now]) {
          const onStage = role !== 'listener' && left_at === null;
          expect(to.rightsOf(member('ada', { role, muted, left_at }))).toEqual({
            onStage,
            maySpeak: onStage && !muted,
          });
        }
    expect(to.rightsOf(undefined)).toEqual({ onStage: false, maySpeak: false });
  });
});

describe('the clock of a room without moderators', () => {
  const away = { disconnected_at: now };
  const speaker = (account: string, seconds: number, change: Partial<Member> = {}) =>
    member(account, { role: 'speaker', stage_at: later(seconds), ...change });
  const offers = (at: RoomState) =>
    [...at.people.values()].filter(each => each.moderation_offered_at).map(each => each.account_id);

  it('RO-5: starts when the last connected moderator goes, and stops when one is back', () => {
    const gone = state([member('opener', { role: 'moderator', ...away }), speaker('bo', 1)]);
    const started = to.watchModeration(gone, later(1));
    expect(started.room.unmoderated_since).toEqual(later(1));
    expect(to.watchModeration(started, later(2)).room.unmoderated_since).toEqual(later(1));
    const offered = to.passOn(started, later(61));
    const back = to.watchModeration(to.setConnected(offered, 'opener', null), later(62));
    expect(back.room.unmoderated_since).toBeNull();
    expect(offers(back)).toEqual([]);
  });

  it('RO-5: passes over who is away or declined, and ends with nobody', () => {
    const at = state([
      speaker('away', 1, away),
      speaker('declined', 2, { moderation_declined: true }),
      speaker('third', 4),
      speaker('second', 3),
    ]);
    const first = to.passOn(at, later(60));
    expect(offers(first)).toEqual(['second']);
    expect(to.passOn(first, later(61))).toBe(first);
    const next = to.passOn(first, later(61 + policy.OFFER_SECONDS));
    expect(offers(next).sort()).toEqual(['second', 'third']);
    expect(to.passOn(next, later(600))).toBe(next);
    const nobody = to.leave(to.declineModeration(next, 'second'), 'third', later(601));
    expect(to.passOn(nobody, later(602)).room.end_reason).toBe('gone');
  });
});

describe('what an action makes of a room', () => {
  it('RO-4: two hands of one millisecond, or a clock set back, keep their order', () => {
    const at = state([member('b'), member('a')]);
    const first = to.raiseHand(at, 'b', '', now);
    const second = to.raiseHand(first, 'a', '', later(-5));
    expect(second.people.get('a')?.hand_at?.getTime()).toBeGreaterThan(now.getTime());
  });

  it('RO-5: leaving gives back all one had asked for; coming back one asks for nothing', () => {
    const at = state([
      member('ada', { hand_at: now, hand_line: 'me', invited_by: 'opener' }),
      member('opener', { role: 'moderator' }),
    ]);
    const back = to.arrive(to.leave(at, 'ada', later(1)), {
      account: 'ada',
      device: 'ada-laptop',
      session: 'session',
      now: later(2),
      connected: true,
    });
    expect(back.people.get('ada')).toEqual(member('ada', { device: 'ada-laptop', entered_at: later(2) }));
  });

  it('RO-2: a removed moderator does not come back as one', () => {
    const removed = to.remove(state([member('ada', { role: 'moderator' })]), 'ada', later(1));
    const back = to.arrive(removed, {
      account: 'ada',
      device: 'ada-phone',
      session: 'session',
      now: later(2),
      connected: true,
    });
    expect(stageIds(back)).toEqual([]);
  });
});
