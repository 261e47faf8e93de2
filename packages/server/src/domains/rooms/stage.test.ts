import { STAGE_MAX } from '@sotto/protocol';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHouse, type Guest, type House } from './fixture.ts';

let house: House;
let ada: Guest;
let bo: Guest;
let cy: Guest;
let room: string;

beforeEach(async () => {
  house = await createHouse();
  ada = await house.person('Ada');
  bo = await house.person('Bo');
  cy = await house.person('Cy');
  room = await ada.open({ title: 'Tides' });
  await bo.enter(room);
  await cy.enter(room);
});
afterEach(() => house.close());

const at = (account?: Guest) => ({ params: { room, account: account?.id ?? '' } });
const goUp = async (guest: Guest, by = ada) => {
  await by.call('PUT /v1/rooms/:room/invitations/:account', at(guest));
  await guest.call('POST /v1/rooms/:room/invitation/accept', at());
};
const unmute = (guest: Guest, muted = false) =>
  guest.call('PUT /v1/rooms/:room/mute', { ...at(), body: { muted } });
const raise = (guest: Guest, line = '') =>
  guest.call('PUT /v1/rooms/:room/hand', { ...at(), body: { line } });
const change = (body: { title?: string; hands?: 'off' | 'followed' | 'everyone'; stageLocked?: boolean }) =>
  ada.call('PATCH /v1/rooms/:room', { ...at(), body });
const stageOf = (guest: Guest) => guest.view?.snapshot.stage.map(member => member.person.name);
const code = (code: string, details = {}) => expect.objectContaining({ code, details });

describe('the stage', () => {
  it('RO-3: nobody is put on air: an invitation waits, is accepted, and one arrives muted', async () => {
    await ada.call('PUT /v1/rooms/:room/invitations/:account', at(bo));
    await house.agree();
    expect(stageOf(bo)).toEqual(['Ada']);
    expect(bo.view?.snapshot.you.invitation?.by.name).toBe('Ada');
    await bo.call('POST /v1/rooms/:room/invitation/accept', at());
    await house.agree();
    expect(stageOf(cy)).toEqual(['Ada', 'Bo']);
    expect(bo.view?.snapshot.you).toMatchObject({ role: 'speaker', muted: true, invitation: null });
    expect(house.audio.told).toContain(`permit ${bo.id} stage silent`);
    expect(house.audio.told).not.toContain(`permit ${bo.id} stage heard`);
  });

  it('RO-3: an invitation is declined: one stays in the audience, and the hand is down', async () => {
    await raise(bo, 'about tides');
    await ada.call('PUT /v1/rooms/:room/invitations/:account', at(bo));
    await house.agree();
    expect(ada.view?.snapshot.hands).toMatchObject([{ person: { name: 'Bo' }, invited: true }]);
    await bo.call('POST /v1/rooms/:room/invitation/decline', at());
    await house.agree();
    expect(bo.view?.snapshot.you).toMatchObject({ role: 'listener', invitation: null, hand: null });
    await expect(bo.call('POST /v1/rooms/:room/invitation/accept', at())).rejects.toEqual(
      code('not_invited'),
    );
  });

  it('RO-3: inviting twice is inviting once; who is up already cannot be invited', async () => {
    await ada.call('PUT /v1/rooms/:room/invitations/:account', at(bo));
    const version = ada.view?.snapshot.version;
    await ada.call('PUT /v1/rooms/:room/invitations/:account', at(bo));
    expect(ada.view?.snapshot.version).toBe(version);
    await bo.call('POST /v1/rooms/:room/invitation/accept', at());
    await expect(ada.call('PUT /v1/rooms/:room/invitations/:account', at(bo))).rejects.toEqual(
      code('already_on_stage'),
    );
    await house.agree();
  });

  it('RO-14: the stage holds 20; the 21st neither is invited nor comes up', async () => {
    const crowd = await Promise.all(Array.from({ length: STAGE_MAX }, (_, n) => house.person(`Guest${n}`)));
    for (const guest of crowd) await guest.enter(room);
    for (const guest of crowd.slice(0, -2)) await goUp(guest);
    const [last, over] = crowd.slice(-2) as [Guest, Guest];
    await ada.call('PUT /v1/rooms/:room/invitations/:account', at(over));
    await goUp(last);
    await expect(over.call('POST /v1/rooms/:room/invitation/accept', at())).rejects.toEqual(
      code('stage_full', { max: STAGE_MAX }),
    );
    await expect(ada.call('PUT /v1/rooms/:room/invitations/:account', at(cy))).rejects.toEqual(
      code('stage_full', { max: STAGE_MAX }),
    );
    await house.agree();
  });

  it('RO-2: a moderator mutes a speaker, who is not heard from then on and may unmute', async () => {
    await goUp(bo);
    await unmute(bo);
    await house.agree();
    house.audio.told.length = 0;
    await ada.call('POST /v1/rooms/:room/people/:account/mute', at(bo));
    expect(house.audio.told).toEqual([`permit ${bo.id} stage silent`]);
    await house.agree();
    expect(bo.view?.snapshot.you.muted).toBe(true);
    await unmute(bo);
    expect(house.audio.told.at(-1)).toBe(`permit ${bo.id} stage heard`);
    await house.agree();
    await expect(unmute(cy)).rejects.toEqual(code('stage_only'));
    await expect(ada.call('POST /v1/rooms/:room/people/:account/mute', at(cy))).rejects.toEqual(
      code('stage_only'),
    );
  });

  it('RO-2: moved down, or stepping down, one is a listener and is not heard', async () => {
    await goUp(bo);
    await unmute(bo);
    await ada.call('POST /v1/rooms/:room/people/:account/move-down', at(bo));
    expect(house.audio.told.at(-1)).toBe(`permit ${bo.id} audience silent`);
    await house.agree();
    expect(bo.view?.snapshot.you).toMatchObject({ role: 'listener', muted: true });
    await goUp(cy);
    await cy.call('POST /v1/rooms/:room/step-down', at());
    await house.agree();
    await expect(cy.call('POST /v1/rooms/:room/step-down', at())).rejects.toEqual(code('stage_only'));
    await expect(ada.call('POST /v1/rooms/:room/people/:account/move-down', at(cy))).rejects.toEqual(
      code('stage_only'),
    );
  });

  it('RO-2: a speaker is made a moderator, sees the queue, and loses it again', async () => {
    await raise(cy, 'me');
    await expect(ada.call('PUT /v1/rooms/:room/moderators/:account', at(cy))).rejects.toEqual(
      code('stage_only'),
    );
    await goUp(bo);
    await house.agree();
    expect(bo.view?.snapshot.hands).toEqual([]);
    await ada.call('PUT /v1/rooms/:room/moderators/:account', at(bo));
    await house.agree();
    expect(bo.view?.snapshot.hands).toMatchObject([{ line: 'me' }]);
    await ada.call('POST /v1/rooms/:room/people/:account/move-down', at(bo));
    await house.agree();
    expect(bo.view?.snapshot.hands).toEqual([]);
  });

  it('RO-2: only the opener moves down or removes another moderator; any moderator mutes any', async () => {
    await goUp(bo);
    await goUp(cy);
    await ada.call('PUT /v1/rooms/:room/moderators/:account', at(bo));
    await ada.call('PUT /v1/rooms/:room/moderators/:account', at(cy));
    await unmute(ada);
    await expect(bo.call('POST /v1/rooms/:room/people/:account/move-down', at(cy))).rejects.toEqual(
      code('forbidden'),
    );
    await expect(bo.call('PUT /v1/rooms/:room/kept-out/:account', at(ada))).rejects.toEqual(
      code('forbidden'),
    );
    await bo.call('POST /v1/rooms/:room/people/:account/mute', at(ada));
    await ada.call('POST /v1/rooms/:room/people/:account/move-down', at(cy));
    await ada.call('PUT /v1/rooms/:room/kept-out/:account', at(bo));
    await house.agree();
    expect(stageOf(cy)).toEqual(['Ada']);
    expect(bo.view).toBeNull();
  });

  it('RO-2: title, mode and lock are changed by moderators; a locked stage takes back what was offered', async () => {
    await ada.call('PUT /v1/rooms/:room/invitations/:account', at(bo));
    await change({ title: 'Ebb', stageLocked: true });
    await house.agree();
    expect(cy.view?.snapshot.info).toMatchObject({ title: 'Ebb', stageLocked: true });
    expect(cy.view?.snapshot.you.mayRaiseHand).toBe(false);
    await expect(raise(cy)).rejects.toEqual(code('stage_locked'));
    await expect(bo.call('POST /v1/rooms/:room/invitation/accept', at())).rejects.toEqual(
      code('not_invited'),
    );
    await expect(ada.call('PUT /v1/rooms/:room/invitations/:account', at(cy))).rejects.toEqual(
      code('stage_locked'),
    );
    await change({ stageLocked: false });
    await house.agree();
    await raise(cy);
    await house.agree();
  });

  it('RO-2: the end is the end for everyone, and is said once with its reason', async () => {
    await ada.call('POST /v1/rooms/:room/end', at());
    for (const guest of [ada, bo, cy])
      expect(guest.heard('roomOut')).toMatchObject([{ room, reason: 'ended', device: null }]);
    expect(house.audio.told).toContain(`closeRoom ${room} room_ended`);
    await expect(bo.enter(room)).rejects.toEqual(code('room_ended', { title: 'Tides' }));
    await expect(raise(bo)).rejects.toEqual(code('room_ended', { title: 'Tides' }));
    await expect(ada.call('POST /v1/rooms/:room/end', at())).rejects.toEqual(
      code('room_ended', { title: 'Tides' }),
    );
  });
});

describe('hands', () => {
  it('RO-4: the queue is in order and tells each one their place, also when someone ahead is gone', async () => {
    const dee = await house.person('Dee');
    await dee.enter(room);
    expect([await raise(bo, 'one'), await raise(cy, 'two'), await raise(dee)]).toEqual([
      { place: 1 },
      { place: 2 },
      { place: 3 },
    ]);
    await house.agree();
    expect(ada.view?.snapshot.hands.map(hand => [hand.person.name, hand.line])).toEqual([
      ['Bo', 'one'],
      ['Cy', 'two'],
      ['Dee', ''],
    ]);
    expect(bo.view?.snapshot).toMatchObject({ handCount: 3, hands: [] });
    for (const guest of [bo, cy, dee]) guest.heard('roomYou');
    await cy.call('DELETE /v1/rooms/:room/hand', at());
    await house.agree();
    expect(dee.view?.snapshot.you.hand?.place).toBe(2);
    expect(bo.heard('roomYou')).toEqual([]);
    await bo.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    await house.agree();
    expect(dee.view?.snapshot.you.hand?.place).toBe(1);
    await ada.call('DELETE /v1/rooms/:room/hands/:account', at(dee));
    await house.agree();
    expect(dee.view?.snapshot).toMatchObject({ handCount: 0, you: { hand: null } });
  });

  it('RO-4: asking twice is asking once: the place stays, the line changes', async () => {
    await raise(bo, 'first');
    await raise(cy);
    expect(await raise(bo, 'second')).toEqual({ place: 1 });
    await house.agree();
    expect(ada.view?.snapshot.hands[0]).toMatchObject({ person: { name: 'Bo' }, line: 'second' });
    const { version } = ada.view?.snapshot ?? {};
    await raise(bo, 'second');
    expect(ada.view?.snapshot.version).toBe(version);
  });

  it('RO-4: off, followed by someone on the stage, everyone', async () => {
    await change({ hands: 'off' });
    await house.agree();
    expect(bo.view?.snapshot.you.mayRaiseHand).toBe(false);
    await expect(raise(bo)).rejects.toEqual(code('hands_off', { mode: 'off' }));

    await ada.follow(bo);
    await change({ hands: 'followed' });
    await house.agree();
    expect(bo.view?.snapshot.you.mayRaiseHand).toBe(true);
    expect(cy.view?.snapshot.you.mayRaiseHand).toBe(false);
    await expect(raise(cy)).rejects.toEqual(code('hands_off', { mode: 'followed' }));
    await raise(bo);
    await house.agree();

    await change({ hands: 'everyone' });
    await house.agree();
    await raise(cy);
    await house.agree();
  });

  it('RO-4: in the mode `followed`, who may ask follows the stage and the follows as they change', async () => {
    await change({ hands: 'followed' });
    await bo.follow(cy);
    await house.agree();
    expect(cy.view?.snapshot.you.mayRaiseHand).toBe(false);
    await goUp(bo);
    await house.agree();
    expect(cy.view?.snapshot.you.mayRaiseHand).toBe(true);
    await bo.call('POST /v1/rooms/:room/step-down', at());
    await house.agree();
    expect(cy.view?.snapshot.you.mayRaiseHand).toBe(false);
    await ada.follow(cy);
    await house.agree();
    expect(cy.view?.snapshot.you.mayRaiseHand).toBe(true);
  });

  it('RO-4: only listeners ask, and only from inside', async () => {
    await expect(raise(ada)).rejects.toEqual(code('already_on_stage'));
    const dee = await house.person('Dee');
    await expect(raise(dee)).rejects.toEqual(code('not_in_room'));
  });
});

describe('who decides', () => {
  it('RO-2: every moderator call is refused to listeners, speakers, strangers and those who left', async () => {
    const dee = await house.person('Dee');
    await goUp(bo);
    const calls = [
      'POST /v1/rooms/:room/end',
      'DELETE /v1/rooms/:room/hands/:account',
      'PUT /v1/rooms/:room/invitations/:account',
      'POST /v1/rooms/:room/people/:account/mute',
      'POST /v1/rooms/:room/people/:account/move-down',
      'PUT /v1/rooms/:room/moderators/:account',
      'PUT /v1/rooms/:room/kept-out/:account',
      'DELETE /v1/rooms/:room/kept-out/:account',
      'GET /v1/rooms/:room/kept-out',
      'PATCH /v1/rooms/:room',
    ] as const;
    for (const call of calls) {
      await expect(bo.call(call, at(cy)), call).rejects.toEqual(code('moderators_only'));
      await expect(cy.call(call, at(bo)), call).rejects.toEqual(code('moderators_only'));
      await expect(dee.call(call, at(bo)), call).rejects.toEqual(code('not_in_room'));
    }
    await cy.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    for (const call of calls) await expect(cy.call(call, at(bo)), call).rejects.toEqual(code('not_in_room'));
    await house.agree();
  });

  it('RO-2: removing keeps out, also someone who already left; letting back in undoes it', async () => {
    await ada.call('PUT /v1/rooms/:room/kept-out/:account', at(bo));
    expect(bo.heard('roomOut')).toMatchObject([{ reason: 'removed' }]);
    expect(house.audio.told).toContain(`close ${bo.id} kicked`);
    await expect(bo.enter(room)).rejects.toEqual(code('kept_out'));
    await cy.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    expect(await ada.call('GET /v1/rooms/:room/kept-out', at())).toMatchObject({
      keptOut: [{ name: 'Bo' }],
      left: [{ name: 'Cy' }],
    });
    await ada.call('PUT /v1/rooms/:room/kept-out/:account', at(cy));
    await expect(cy.enter(room)).rejects.toEqual(code('kept_out'));
    expect((await cy.call('GET /v1/rooms')).rooms).toEqual([]);
    await ada.call('DELETE /v1/rooms/:room/kept-out/:account', at(bo));
    await bo.enter(room);
    await expect(ada.call('PUT /v1/rooms/:room/kept-out/:account', at(ada))).rejects.toEqual(
      code('not_yourself'),
    );
    await house.agree();
  });

  it('RO-2: someone who is not there cannot be acted on', async () => {
    const dee = await house.person('Dee');
    for (const call of [
      'PUT /v1/rooms/:room/invitations/:account',
      'POST /v1/rooms/:room/people/:account/mute',
      'DELETE /v1/rooms/:room/hands/:account',
    ] as const)
      await expect(ada.call(call, at(dee)), call).rejects.toEqual(code('not_found'));
  });

  it('RO-15: many act at once, and everyone still ends with what is so', async () => {
    await goUp(bo);
    await Promise.all([
      raise(cy),
      unmute(bo),
      unmute(ada),
      change({ title: 'At once' }),
      ada.call('POST /v1/rooms/:room/people/:account/mute', at(bo)),
      cy.call('DELETE /v1/rooms/:room/hand', at()),
    ]);
    await house.agree();
  });
});

it('PE-9: who is silenced opens no room, names none and writes no line, and goes on with the rest', async () => {
  const until = new Date('2099-01-01T00:00:00.000Z');
  const silenced = code('silenced', { until: until.toISOString() });
  const set = (silenced_until: Date | null) =>
    house.platform.db
      .updateTable('accounts')
      .set({ silenced_until })
      .where('id', 'in', [ada.id, bo.id])
      .execute();
  await set(until);
  try {
    await expect(ada.open()).rejects.toEqual(silenced);
    await expect(change({ title: 'A rude word' })).rejects.toEqual(silenced);
    await change({ hands: 'everyone' });
    await expect(raise(bo, 'A rude line')).rejects.toEqual(silenced);
    expect(await raise(bo)).toEqual({ place: 1 });
  } finally {
    await set(null);
  }
});
