import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHouse, type Guest, type House } from './fixture.ts';

let house: House;
let ada: Guest;
let bo: Guest;

beforeEach(async () => {
  house = await createHouse();
  ada = await house.person('Ada');
  bo = await house.person('Bo');
});
afterEach(() => house.close());

const code = (code: string) => expect.objectContaining({ code });
const leave = (guest: Guest, room: string, device?: string) =>
  guest.call('POST /v1/rooms/:room/leave', { params: { room }, body: device ? { device } : {} });
const door = (guest: Guest, room: string, key?: string) =>
  guest.call('GET /v1/rooms/:room', { params: { room }, query: key ? { key } : {} });
const raise = (guest: Guest, room: string) =>
  guest.call('PUT /v1/rooms/:room/hand', { params: { room }, body: { line: '' } });
const goUp = async (guest: Guest, by: Guest, room: string) => {
  const params = { room, account: guest.id };
  await by.call('PUT /v1/rooms/:room/invitations/:account', { params });
  await guest.call('POST /v1/rooms/:room/invitation/accept', { params });
};
const nowhere = '00000000-0000-7000-8000-000000000000';

describe('opening and entering', () => {
  it('RO-1: who opens a room moderates it, on stage and muted', async () => {
    const room = await ada.open({ title: 'Tides' });
    expect(ada.view?.snapshot).toMatchObject({
      version: 1,
      info: {
        id: room,
        title: 'Tides',
        visibility: 'open',
        hands: 'everyone',
        stageLocked: false,
        openedBy: ada.id,
      },
      stage: [{ person: { name: 'Ada' }, moderator: true, muted: true, connected: true }],
      audience: { count: 0, sample: [] },
      you: { role: 'moderator', muted: true, device: ada.device, key: null },
    });
    await house.agree();
  });

  it('RO-1: one enters as a listener, and everyone sees the count', async () => {
    const room = await ada.open();
    await bo.enter(room);
    expect(bo.view?.snapshot.you).toMatchObject({ role: 'listener', mayRaiseHand: true });
    await house.agree();
    expect(ada.view?.snapshot.audience).toMatchObject({ count: 1, sample: [{ name: 'Bo' }] });
    await leave(bo, room);
    await house.agree();
    expect(ada.view?.snapshot.audience).toEqual({ count: 0, sample: [] });
  });

  it('RO-15: a listener coming and going takes no version: the stage is not told person by person (RT-11)', async () => {
    const room = await ada.open();
    await house.agree();
    ada.heard('room');
    await bo.enter(room);
    await leave(bo, room);
    await bo.enter(room);
    await house.agree();
    expect(ada.heard('room')).toEqual([]);
    expect(ada.view?.snapshot.version).toBe(1);
  });

  it('RO-6: entering another room leaves the first', async () => {
    const first = await ada.open();
    const cy = await house.person('Cy');
    await cy.enter(first);
    const second = await bo.open();
    await cy.enter(second);
    expect(cy.heard('roomOut')).toMatchObject([{ room: first, reason: 'left' }]);
    expect(house.audio.told).toContain(`close ${cy.id} left`);
    await house.agree();
    expect(ada.view?.snapshot.audience.count).toBe(0);
    const third = await cy.open();
    await house.agree();
    expect(bo.view?.snapshot.audience.count).toBe(0);
    expect(await house.rooms.channelsOf(cy.id)).toEqual([`room:${third}`]);
  });

  it('RO-6: refused at the door of another room, one stays where one was', async () => {
    const first = await ada.open();
    await bo.enter(first);
    await expect(bo.enter(nowhere)).rejects.toEqual(code('not_found'));
    expect(await house.rooms.channelsOf(bo.id)).toEqual([`room:${first}`]);
  });

  it('RO-6: a second device moves you: the first is told, its audio closed, the role kept, the microphone shut', async () => {
    const room = await ada.open();
    await ada.call('PUT /v1/rooms/:room/mute', { params: { room }, body: { muted: false } });
    await house.rooms.socketOpened(ada.id, 'ada-laptop');
    await ada.enter(room, { device: 'ada-laptop' });
    expect(ada.heard('roomOut')).toMatchObject([{ reason: 'moved', device: 'ada-laptop' }]);
    expect(house.audio.told).toContain(`close ${ada.id} moved`);
    expect(ada.view?.snapshot.you).toMatchObject({ role: 'moderator', muted: true, device: 'ada-laptop' });
    await house.agree();
    const offer = { params: { room }, body: { device: ada.device, offer: 'v=0' } };
    await expect(ada.call('POST /v1/rooms/:room/audio', offer)).rejects.toEqual(code('not_in_room'));
    // The old device leaving late must not take the new one out.
    await leave(ada, room, ada.device);
    expect(await house.rooms.channelsOf(ada.id)).toEqual([`room:${room}`]);
  });

  it('RO-6: two people swapping rooms at once, and one entering twice at once, all get through', async () => {
    const [cy, dee] = [await house.person('Cy'), await house.person('Dee')];
    const [one, two] = [await ada.open(), await bo.open()];
    await cy.enter(one);
    await dee.enter(two);
    for (let round = 0; round < 5; round++) {
      const [a, b] = round % 2 === 0 ? [two, one] : [one, two];
      await Promise.all([cy.enter(a), cy.enter(a), dee.enter(b), dee.enter(b)]);
      expect(await house.rooms.channelsOf(cy.id)).toEqual([`room:${a}`]);
      expect(await house.rooms.channelsOf(dee.id)).toEqual([`room:${b}`]);
    }
    await house.agree();
  });

  it('leaving a room one is not in, or that is not there, is no error', async () => {
    await leave(bo, await ada.open());
    await leave(bo, nowhere);
    expect(bo.frames.filter(frame => frame.type === 'roomOut')).toEqual([]);
  });

  it('RO-5: leaving and coming back one is a listener; a moderator whose room nobody moderates has it again', async () => {
    const room = await ada.open();
    await bo.enter(room);
    await goUp(bo, ada, room);
    await leave(ada, room);
    await ada.enter(room);
    expect(ada.view?.snapshot.you).toMatchObject({ role: 'moderator', muted: true });
    await house.agree();
    await leave(bo, room);
    await bo.enter(room);
    expect(bo.view?.snapshot.you.role).toBe('listener');
    await house.agree();
  });

  it('RO-4: the audience is paged by when they came, each once', async () => {
    const room = await ada.open();
    const names = ['A1', 'B2', 'C3', 'D4', 'E5'];
    for (const name of names) await (await house.person(name)).enter(room);
    const list = (after?: string) =>
      ada.call('GET /v1/rooms/:room/audience', {
        params: { room },
        query: { limit: 2, ...(after !== undefined && { after }) },
      });
    const first = await list();
    const second = await list(first.next ?? '');
    const third = await list(second.next ?? '');
    expect([...first.listeners, ...second.listeners, ...third.listeners].map(each => each.name)).toEqual(
      names,
    );
    expect(third.next).toBeNull();
    for (const bad of ['nonsense', `1.${'-'.repeat(36)}`])
      await expect(list(bad), bad).rejects.toEqual(code('invalid_input'));
  });

  it('RT-11: the sample has those whom the stage follows first, then the newest', async () => {
    const room = await ada.open();
    const guests = [];
    for (const name of ['Cy', 'Dee', 'Eli']) guests.push(await house.person(name));
    for (const guest of guests) await guest.enter(room);
    if (guests[0]) await ada.follow(guests[0]);
    await house.agree();
    expect(ada.view?.snapshot.audience.sample.map(each => [each.name, each.followedBySpeaker])).toEqual([
      ['Cy', true],
      ['Eli', false],
      ['Dee', false],
    ]);
  });
});

describe('private rooms', () => {
  it('RO-1: without key, ping or being inside it is as if it were not there', async () => {
    const room = await ada.open({ visibility: 'private' });
    const absent = await door(bo, nowhere).catch((error: unknown) => error);
    for (const attempt of [
      () => door(bo, room),
      () => door(bo, room, 'wrong'),
      () => bo.enter(room),
      () => bo.enter(room, { key: 'wrong' }),
      () => raise(bo, room),
      () => bo.call('GET /v1/rooms/:room/snapshot', { params: { room } }),
      () => bo.call('POST /v1/rooms/:room/end', { params: { room } }),
    ])
      await expect(attempt()).rejects.toEqual(absent);
    expect((await bo.call('GET /v1/rooms')).rooms).toEqual([]);
    expect(bo.frames).toEqual([]);
  });

  it('RO-1: the key opens it, and only moderators have the key', async () => {
    const room = await ada.open({ visibility: 'private' });
    const key = ada.view?.snapshot.you.key ?? '';
    expect((await door(bo, room, key)).card).toMatchObject({ id: room, count: 1 });
    await bo.enter(room, { key });
    expect(bo.view?.snapshot.you.key).toBeNull();
    // Once in, the link is not needed to come back.
    await leave(bo, room);
    await bo.enter(room);
    await house.agree();
  });

  it('RO-1: over, its door says what it was called to who could have entered, and to nobody else', async () => {
    const room = await ada.open({ visibility: 'private', title: 'Tides' });
    const key = ada.view?.snapshot.you.key ?? '';
    await ada.call('POST /v1/rooms/:room/end', { params: { room } });
    const over = expect.objectContaining({ code: 'room_ended', details: { title: 'Tides' } });
    await expect(door(bo, room, key)).rejects.toEqual(over);
    await expect(door(ada, room)).rejects.toEqual(over);
    await expect(door(bo, room)).rejects.toEqual(code('not_found'));
    await expect(door(bo, room, 'wrong')).rejects.toEqual(code('not_found'));
  });

  it('RO-10: a ping calls a follower in, once a minute, and lets them into a private room', async () => {
    const room = await ada.open({ visibility: 'private' });
    const ping = (guest: Guest) =>
      ada.call('PUT /v1/rooms/:room/pings/:account', { params: { room, account: guest.id } });
    await expect(ping(bo)).rejects.toEqual(code('not_reachable'));
    await bo.follow(ada);
    await ping(bo);
    await ping(bo);
    expect(bo.heard('ping')).toMatchObject([{ by: ada.id, byName: 'Ada', card: { id: room } }]);
    house.pass(61);
    await ping(bo);
    expect(bo.heard('ping')).toHaveLength(1);
    expect((await door(bo, room)).inside).toBe(false);
    await bo.enter(room);
    await house.agree();
    await ping(bo);
    expect(bo.heard('ping')).toEqual([]);
  });

  it('PE-5: who was removed, or shares a block with the stage, is not reachable by a ping', async () => {
    const room = await ada.open();
    const cy = await house.person('Cy');
    const params = (guest: Guest) => ({ params: { room, account: guest.id } });
    for (const guest of [bo, cy]) await guest.follow(ada);
    await ada.call('PUT /v1/rooms/:room/kept-out/:account', params(bo));
    await cy.block(ada);
    for (const guest of [bo, cy])
      await expect(ada.call('PUT /v1/rooms/:room/pings/:account', params(guest))).rejects.toEqual(
        code('not_reachable'),
      );
  });
});

describe('blocks', () => {
  it('PE-5: either way, a block with someone on the stage hides the room and shuts its door', async () => {
    const cy = await house.person('Cy');
    const room = await ada.open();
    await bo.block(ada);
    await ada.block(cy);
    const absent = await door(bo, nowhere).catch((error: unknown) => error);
    for (const guest of [bo, cy]) {
      expect((await guest.call('GET /v1/rooms')).rooms).toEqual([]);
      await expect(door(guest, room)).rejects.toEqual(absent);
      await expect(guest.enter(room)).rejects.toEqual(absent);
      await expect(raise(guest, room)).rejects.toEqual(absent);
      expect(await house.rooms.roomOf(guest.id, ada.id)).toBeNull();
    }
  });

  it('PE-5: two listeners who block each other may both listen', async () => {
    const cy = await house.person('Cy');
    const room = await ada.open();
    await bo.enter(room);
    await cy.enter(room);
    await bo.block(cy);
    await house.agree();
    expect(ada.view?.snapshot.audience.count).toBe(2);
    const listed = await bo.call('GET /v1/rooms/:room/audience', { params: { room }, query: { limit: 50 } });
    expect(listed.listeners.map(each => each.name)).toEqual(['Bo']);
  });

  it('PE-5: a block by someone on the stage puts the listener out at once, audio and all', async () => {
    const room = await ada.open();
    await bo.enter(room);
    await ada.block(bo);
    expect(bo.heard('roomOut')).toMatchObject([{ room, reason: 'ended' }]);
    expect(house.audio.told).toContain(`close ${bo.id} room_ended`);
    await house.agree();
    await expect(bo.enter(room)).rejects.toEqual(code('not_found'));
  });

  it('PE-5: a listener who blocks someone on the stage goes; of two speakers, the one who blocks', async () => {
    const cy = await house.person('Cy');
    const room = await ada.open();
    await bo.enter(room);
    await cy.enter(room);
    await goUp(bo, ada, room);
    await goUp(cy, ada, room);
    await bo.block(cy);
    expect(bo.heard('roomOut')).toMatchObject([{ reason: 'ended' }]);
    await house.agree();
    await bo.enter(await bo.open());
    const dee = await house.person('Dee');
    await dee.enter(room);
    await dee.block(cy);
    expect(dee.heard('roomOut')).toMatchObject([{ reason: 'ended' }]);
    await house.agree();
  });

  it('PE-5: a listener is put out when someone they share a block with comes onto the stage', async () => {
    const cy = await house.person('Cy');
    const room = await ada.open();
    await bo.enter(room);
    await cy.enter(room);
    await bo.block(cy);
    await goUp(cy, ada, room);
    expect(bo.heard('roomOut')).toMatchObject([{ room, reason: 'ended' }]);
    expect(bo.frames.some(frame => frame.type === 'hallwayGone' && frame.room === room)).toBe(true);
    await house.agree();
    expect(ada.view?.snapshot.audience.count).toBe(0);
  });
});
