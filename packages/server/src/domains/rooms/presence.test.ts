import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createHouse, type Guest, type House } from './fixture.ts';
import { OFFER_SECONDS, RECONNECT_SECONDS, UNMODERATED_SECONDS } from './policy.ts';

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
  room = await ada.open();
  await bo.enter(room);
  await cy.enter(room);
});
afterEach(() => house.close());

const code = (code: string) => expect.objectContaining({ code });
const at = (account?: Guest) => ({ params: { room, account: account?.id ?? '' } });
const goUp = async (guest: Guest) => {
  await ada.call('PUT /v1/rooms/:room/invitations/:account', at(guest));
  await guest.call('POST /v1/rooms/:room/invitation/accept', at());
};
const drop = (guest: Guest) => house.rooms.socketClosed(guest.id, guest.device);
const back = (guest: Guest) => house.rooms.socketOpened(guest.id, guest.device);
const pass = async (seconds: number) => {
  house.pass(seconds);
  await house.rooms.sweep();
};
const seen = (guest: Guest) =>
  ada.view?.snapshot.stage.find(member => member.person.id === guest.id)?.connected;
const offered = (guest: Guest) => guest.view?.snapshot.you.offeredModeration;

describe('a dropped connection', () => {
  it('RO-5: keeps role, mute and place for 90 s, and is said to be reconnecting', async () => {
    await goUp(bo);
    await bo.call('PUT /v1/rooms/:room/mute', { ...at(), body: { muted: false } });
    await cy.call('PUT /v1/rooms/:room/hand', { ...at(), body: { line: 'me' } });
    await drop(bo);
    await drop(cy);
    await house.agree();
    expect(seen(bo)).toBe(false);
    await pass(RECONNECT_SECONDS - 5);
    await house.agree();
    expect(seen(bo)).toBe(false);
    await back(bo);
    await back(cy);
    await house.agree();
    expect(seen(bo)).toBe(true);
    expect(bo.view?.snapshot.you).toMatchObject({ role: 'speaker', muted: false });
    expect(cy.view?.snapshot.you.hand).toEqual({ place: 1, line: 'me' });
    await pass(RECONNECT_SECONDS);
    expect(seen(bo)).toBe(true);
  });

  it('RO-5: after 90 s one is out, and comes back as a listener', async () => {
    await goUp(bo);
    await drop(bo);
    await drop(cy);
    await pass(RECONNECT_SECONDS + 1);
    expect(bo.heard('roomOut')).toMatchObject([{ reason: 'left' }]);
    expect(house.audio.told).toContain(`close ${bo.id} left`);
    await house.agree();
    expect(ada.view?.snapshot).toMatchObject({
      stage: [{ person: { name: 'Ada' } }],
      audience: { count: 0 },
    });
    await back(bo);
    await bo.enter(room);
    expect(bo.view?.snapshot.you.role).toBe('listener');
    await house.agree();
  });

  it('RO-5: one of two sockets closing is no drop; nor is another device’s', async () => {
    await goUp(bo);
    await back(bo);
    await drop(bo);
    await house.agree();
    expect(seen(bo)).toBe(true);
    await house.rooms.socketOpened(bo.id, 'bo-laptop');
    await house.rooms.socketClosed(bo.id, 'bo-laptop');
    expect(seen(bo)).toBe(true);
    await drop(bo);
    expect(seen(bo)).toBe(false);
  });

  it('RO-5: who enters without a socket has 90 s to open one', async () => {
    const dee = await house.person('Dee', { socket: false });
    await dee.enter(room);
    await back(dee);
    const eli = await house.person('Eli', { socket: false });
    await eli.enter(room);
    await pass(RECONNECT_SECONDS + 1);
    expect(dee.heard('roomOut')).toEqual([]);
    expect(eli.heard('roomOut')).toMatchObject([{ reason: 'left' }]);
    await house.agree();
  });

  it('RO-5: whose only socket closes while they open a room, or enter one, is not there for ever', async () => {
    const dee = await house.person('Dee');
    const eli = await house.person('Eli');
    const { csrcOf } = house.audio;
    /** The socket closes in the middle of the work: a snapshot asks for the numbers of the voices before the commit. */
    const closingDuring = async <T>(guest: Guest, work: () => Promise<T>): Promise<T> => {
      let dropped: Promise<void> | undefined;
      house.audio.csrcOf = account => {
        dropped ??= drop(guest);
        return csrcOf(account);
      };
      const done = await work();
      await dropped;
      house.audio.csrcOf = csrcOf;
      return done;
    };
    const own = await closingDuring(dee, () => dee.open());
    await closingDuring(eli, () => eli.enter(room));
    const live = (id: string) =>
      house.platform.db.selectFrom('rooms').select('id').where('id', '=', id).where('ended_at', 'is', null);
    await vi.waitFor(async () => {
      await pass(RECONNECT_SECONDS);
      expect(await live(own).execute()).toEqual([]);
      const { listeners } = await bo.call('GET /v1/rooms/:room/audience', { ...at(), query: { limit: 50 } });
      expect(listeners.map(each => each.id)).not.toContain(eli.id);
    });
  });

  it('RT-6: resume says whether one is still inside, and at which version', async () => {
    const viewer = { account: bo.id, session: bo.id, complete: true, admin: false };
    const have = { room, version: 1 };
    expect(await house.rooms.resumeRoom(viewer, bo.device, null)).toBeNull();
    expect(await house.rooms.resumeRoom(viewer, bo.device, have)).toEqual({
      room,
      version: ada.view?.snapshot.version,
      inside: true,
    });
    expect(await house.rooms.resumeRoom(viewer, 'other-device', have)).toMatchObject({
      inside: false,
    });
    await bo.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    expect(await house.rooms.resumeRoom(viewer, bo.device, have)).toMatchObject({ inside: false });
  });

  it('RO-5: after the server was killed, everyone has 90 s to come back to what they had', async () => {
    await goUp(bo);
    const second = house.node();
    await second.start();
    await pass(5);
    const fresh = await ada.call('GET /v1/rooms/:room/snapshot', at());
    // The first node's sockets were open all the time, so its sweep has found them again.
    expect(fresh.stage.map(member => member.connected)).toEqual([true, true]);

    await drop(ada);
    await drop(bo);
    await drop(cy);
    await second.socketOpened(ada.id, ada.device);
    house.pass(RECONNECT_SECONDS + 1);
    await second.sweep();
    const after = await ada.call('GET /v1/rooms/:room/snapshot', at());
    expect(after.stage.map(member => member.person.name)).toEqual(['Ada']);
    expect(after.you.role).toBe('moderator');
  });

  it('RT-9: with the session one is out of the room, at once, audio and all', async () => {
    await house.rooms.start();
    await goUp(bo);
    await bo.signOut();
    await vi.waitFor(() => expect(bo.view).toBeNull());
    expect(bo.heard('roomOut')).toMatchObject([{ reason: 'left' }]);
    expect(house.audio.told).toContain(`close ${bo.id} left`);
    await expect(bo.enter(room)).rejects.toEqual(code('not_signed_in'));
  });

  it('RT-9: where the word of it was lost, the next look finds it', async () => {
    await cy.signOut();
    await house.rooms.recheck();
    expect(cy.heard('roomOut')).toMatchObject([{ reason: 'left' }]);
    await house.agree();
  });

  it('RO-5: two nodes sweeping at once put each one out once', async () => {
    const second = house.node();
    await goUp(bo);
    await drop(bo);
    house.pass(RECONNECT_SECONDS + 1);
    await Promise.all([house.rooms.sweep(), second.sweep(), house.rooms.sweep()]);
    await house.rooms.sweep();
    expect(bo.heard('roomOut')).toHaveLength(1);
    await house.agree();
  });
});

describe('a room without moderators', () => {
  it('RO-5: after 60 s it is offered to the longest-standing speaker, who accepts', async () => {
    await goUp(bo);
    await goUp(cy);
    await ada.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    await pass(UNMODERATED_SECONDS - 5);
    expect(offered(bo)).toBe(false);
    await expect(bo.call('POST /v1/rooms/:room/moderation/accept', at())).rejects.toEqual(
      code('not_invited'),
    );
    await pass(6);
    await house.agree();
    expect([offered(bo), offered(cy)]).toEqual([true, false]);
    await bo.call('POST /v1/rooms/:room/moderation/accept', at());
    await house.agree();
    expect(bo.view?.snapshot.you).toMatchObject({ role: 'moderator', offeredModeration: false });
    await pass(UNMODERATED_SECONDS * 2);
    expect(bo.heard('roomOut')).toEqual([]);
  });

  it('RO-5: who declines, leaves, or does not answer is followed by the next; with nobody it ends', async () => {
    const dee = await house.person('Dee');
    await dee.enter(room);
    for (const guest of [bo, cy, dee]) await goUp(guest);
    await drop(ada);
    await pass(UNMODERATED_SECONDS + 1);
    expect([offered(bo), offered(cy)]).toEqual([true, false]);
    await bo.call('POST /v1/rooms/:room/invitation/decline', at());
    await house.agree();
    expect([offered(bo), offered(cy), offered(dee)]).toEqual([false, true, false]);
    await pass(OFFER_SECONDS + 1);
    await house.agree();
    expect([offered(bo), offered(cy), offered(dee)]).toEqual([false, true, true]);
    await cy.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    await dee.call('POST /v1/rooms/:room/invitation/decline', at());
    await pass(1);
    expect(dee.heard('roomOut')).toMatchObject([{ reason: 'ended' }]);
    await expect(bo.enter(room)).rejects.toEqual(code('room_ended'));
  });

  it('RO-5: the moderator who is back in time keeps the room, and the offer is gone', async () => {
    await goUp(bo);
    await drop(ada);
    await pass(UNMODERATED_SECONDS + 1);
    expect(offered(bo)).toBe(true);
    await back(ada);
    await house.agree();
    expect(offered(bo)).toBe(false);
    await expect(bo.call('POST /v1/rooms/:room/moderation/accept', at())).rejects.toEqual(
      code('not_invited'),
    );
    expect(ada.view?.snapshot.you.role).toBe('moderator');
  });

  it('RO-5: listeners alone are nobody to pass it to: it ends after 60 s', async () => {
    await ada.call('POST /v1/rooms/:room/step-down', at());
    await pass(UNMODERATED_SECONDS - 5);
    await house.agree();
    await pass(6);
    for (const guest of [ada, bo, cy]) expect(guest.heard('roomOut')).toMatchObject([{ reason: 'ended' }]);
    expect(house.audio.told).toContain(`closeRoom ${room} room_ended`);
  });

  it('RO-5: the last one out ends the room at once, and is told only that they left', async () => {
    for (const guest of [bo, cy]) await guest.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    await ada.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    expect(ada.heard('roomOut')).toMatchObject([{ reason: 'left' }]);
    await expect(bo.enter(room)).rejects.toEqual(code('room_ended'));
  });

  it('RO-5: the last listener out of a room without moderators ends it as well', async () => {
    await ada.call('POST /v1/rooms/:room/leave', { ...at(), body: {} });
    await Promise.all([bo, cy].map(guest => guest.call('POST /v1/rooms/:room/leave', { ...at(), body: {} })));
    await expect(bo.enter(room)).rejects.toEqual(code('room_ended'));
  });
});
