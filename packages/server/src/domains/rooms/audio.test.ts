import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createHouse, type Guest, type House } from './fixture.ts';

let house: House;
let ada: Guest;
let bo: Guest;
let room: string;

beforeEach(async () => {
  house = await createHouse();
  ada = await house.person('Ada');
  bo = await house.person('Bo');
  room = await ada.open();
  await bo.enter(room);
  house.audio.told.length = 0;
});
afterEach(() => house.close());

const code = (code: string) => expect.objectContaining({ code });
const connect = (guest: Guest) =>
  guest.call('POST /v1/rooms/:room/audio', {
    params: { room },
    body: { device: guest.device, offer: 'v=0' },
  });
const about = (guest: Guest) => ({ params: { room, account: guest.id } });

describe('audio', () => {
  it('AU-4: what one may do goes with the offer', async () => {
    await connect(bo);
    expect(house.audio.told[0]).toBe(`connect ${bo.id} false false`);
    await ada.call('PUT /v1/rooms/:room/mute', { params: { room }, body: { muted: false } });
    house.audio.told.length = 0;
    await connect(ada);
    expect(house.audio.told[0]).toBe(`connect ${ada.id} true true`);
  });

  it('AU-4: who is removed while the answer is made has no session', async () => {
    const { connect: answer } = house.audio;
    house.audio.connect = async request => {
      await ada.call('PUT /v1/rooms/:room/kept-out/:account', about(bo));
      return answer(request);
    };
    await expect(connect(bo)).rejects.toEqual(code('not_in_room'));
    expect(house.audio.told.at(-1)).toBe(`close ${bo.id} left`);
  });

  it('AU-4: who is muted while the answer is made is muted', async () => {
    await ada.call('PUT /v1/rooms/:room/mute', { params: { room }, body: { muted: false } });
    const { connect: answer } = house.audio;
    house.audio.connect = async request => {
      await ada.call('PUT /v1/rooms/:room/mute', { params: { room }, body: { muted: true } });
      return answer(request);
    };
    await connect(ada);
    expect(house.audio.told.at(-1)).toBe(`permit ${ada.id} stage silent`);
  });

  it('RT-9: what the bus may have lost is put right by looking again', async () => {
    const stranger = await house.person('Cy');
    house.audio.participants = () => [ada, bo, stranger].map(guest => ({ room, account: guest.id }));
    await house.rooms.recheck();
    expect(house.audio.told).toEqual([
      `permit ${ada.id} stage silent`,
      `permit ${bo.id} audience silent`,
      `close ${stranger.id} left`,
    ]);
  });

  it('RO-15: a speaker’s contributing source is in the stage, so that a slot’s packets name them', async () => {
    expect(ada.view?.snapshot.stage[0]?.csrc).toBe(house.audio.csrcOf(ada.id));
  });
});
