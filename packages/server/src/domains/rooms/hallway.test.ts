import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
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

const rooms = async (guest: Guest) => (await guest.call('GET /v1/rooms')).rooms;
const cards = (guest: Guest, room: string) =>
  guest.frames.flatMap(frame => (frame.type === 'hallwayRoom' && frame.card.id === room ? [frame.card] : []));

describe('the hallway', () => {
  it('PE-7: whom you follow on the stage comes first, then in the audience, then the fullest, then the newest', async () => {
    const [cy, dee, eli] = [await house.person('Cy'), await house.person('Dee'), await house.person('Eli')];
    const viewer = await house.person('Viewer');
    const full = await ada.open({ title: 'full' });
    await (await house.person('One')).enter(full);
    await (await house.person('Two')).enter(full);
    const audience = await bo.open({ title: 'audience' });
    await dee.enter(audience);
    const stage = await cy.open({ title: 'stage' });
    const fresh = await eli.open({ title: 'fresh' });
    await viewer.follow(cy);
    await viewer.follow(dee);
    const list = await rooms(viewer);
    expect(list.map(card => card.id)).toEqual([stage, audience, full, fresh]);
    expect(list.map(card => card.why)).toEqual([
      { followed: ['Cy'], others: 0 },
      { followed: ['Dee'], others: 0 },
      { followed: [], others: 0 },
      { followed: [], others: 0 },
    ]);
    expect(list[1]).toMatchObject({ count: 2, stageCount: 1, stage: [{ name: 'Bo', moderator: true }] });
  });

  it('PE-7: it updates by itself: opened, fuller, renamed, over', async () => {
    const viewer = await house.person('Viewer');
    const room = await ada.open({ title: 'Tides' });
    await vi.waitFor(() => expect(cards(viewer, room).at(-1)).toMatchObject({ title: 'Tides', count: 1 }));
    await bo.enter(room);
    await vi.waitFor(() => expect(cards(viewer, room).at(-1)?.count).toBe(2));
    await ada.call('PATCH /v1/rooms/:room', { params: { room }, body: { title: 'Ebb' } });
    await vi.waitFor(() => expect(cards(viewer, room).at(-1)?.title).toBe('Ebb'));
    await ada.call('POST /v1/rooms/:room/end', { params: { room } });
    expect(viewer.heard('hallwayGone')).toMatchObject([{ room }]);
    expect(await rooms(viewer)).toEqual([]);
  });

  it('RO-1: a private room is on nobody’s list, and no frame speaks of it', async () => {
    const viewer = await house.person('Viewer');
    const room = await ada.open({ visibility: 'private' });
    await ada.call('POST /v1/rooms/:room/end', { params: { room } });
    expect(viewer.frames).toEqual([]);
    expect(await rooms(viewer)).toEqual([]);
  });

  it('PE-5: frames of a room do not reach whom someone on its stage has blocked, or who blocked them', async () => {
    const viewer = await house.person('Viewer');
    const other = await house.person('Other');
    await viewer.block(ada);
    const room = await ada.open();
    await vi.waitFor(() => expect(cards(other, room)).toHaveLength(1));
    expect(cards(viewer, room)).toEqual([]);
    // A block while the card is on screen takes it away.
    await ada.block(other);
    expect(other.heard('hallwayGone')).toMatchObject([{ room }]);
  });

  it('RO-2: a room does not come back into the hallway of who was removed from it', async () => {
    const viewer = await house.person('Viewer');
    const room = await ada.open();
    await viewer.enter(room);
    await ada.call('PUT /v1/rooms/:room/kept-out/:account', { params: { room, account: viewer.id } });
    viewer.frames.length = 0;
    await ada.call('PATCH /v1/rooms/:room', { params: { room }, body: { title: 'Ebb' } });
    await vi.waitFor(() => expect(cards(bo, room).at(-1)?.title).toBe('Ebb'));
    expect(cards(viewer, room)).toEqual([]);
  });

  it('RT-11: two hundred listeners make a frame or two, not two hundred', async () => {
    const room = await ada.open();
    await house.agree();
    ada.heard('roomAudience');
    const crowd = await Promise.all(Array.from({ length: 200 }, (_, n) => house.person(`Guest${n}`)));
    const before = house.published.length;
    for (let n = 0; n < crowd.length; n += 20)
      await Promise.all(crowd.slice(n, n + 20).map(guest => guest.enter(room)));
    await house.agree();
    const frames = house.published.slice(before).filter(message => message.kind === 'frame');
    const audience = frames.filter(message => message.frame.type === 'roomAudience');
    expect(audience.length).toBeLessThan(100);
    expect(frames.some(message => message.frame.type === 'room')).toBe(false);
    expect(ada.view?.snapshot.audience).toMatchObject({ count: 200 });
    expect(ada.view?.snapshot.audience.sample).toHaveLength(48);
  });

  it('PE-4: a profile says the room of a person to who may enter it', async () => {
    const room = await ada.open({ title: 'Tides' });
    expect(await house.rooms.roomOf(bo.id, ada.id)).toEqual({ id: room, title: 'Tides', onStage: true });
    await ada.call('PUT /v1/rooms/:room/kept-out/:account', { params: { room, account: bo.id } });
    expect(await house.rooms.roomOf(bo.id, ada.id)).toBeNull();
    const cy = await house.person('Cy');
    const hidden = await cy.open({ visibility: 'private' });
    expect(await house.rooms.roomOf(bo.id, cy.id)).toBeNull();
    await bo.enter(hidden, { key: cy.view?.snapshot.you.key ?? '' });
    expect(await house.rooms.roomOf(bo.id, cy.id)).toMatchObject({ id: hidden });
  });
});
