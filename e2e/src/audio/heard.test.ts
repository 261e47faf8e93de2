import { bundledTone, connectAudio, type NodeAudioSession } from '@sotto/sdk/node';
import { eventually, type Network, type NetworkPerson, startNetwork } from '@sotto/testkit';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';

let network: Network;
let ada: NetworkPerson;
let bo: NetworkPerson;
let room: string;
const sessions: NodeAudioSession[] = [];

beforeEach(async () => {
  network = await startNetwork();
  ada = await network.person('Ada Ito');
  bo = await network.person('Bo Lund');
  room = (await ada.sotto.rooms.open({ title: 'Tides' })).info.id;
  await bo.sotto.rooms.enter(room);
});
afterEach(async () => {
  for (const session of sessions.splice(0)) session.close();
  await network.stop();
});

async function audioOf(person: NetworkPerson): Promise<NodeAudioSession> {
  const session = await connectAudio({
    offerTo: offer =>
      person.call('POST /v1/rooms/:room/audio', {
        params: { room },
        body: { device: person.sotto.rooms.device, offer },
      }),
  });
  sessions.push(session);
  return session;
}

const at = (person?: NetworkPerson) => ({ params: { room, account: person?.id ?? '' } });
const mute = (person: NetworkPerson, muted: boolean) =>
  person.call('PUT /v1/rooms/:room/mute', { ...at(), body: { muted } });

/** The room as Ada sees it. */
function stage() {
  const now = ada.sotto.rooms.room.getSnapshot();
  if (now.state !== 'in') throw new Error('Ada is not in the room');
  return now.snapshot;
}

/** Packets that came in so far; only one person speaks. */
const heard = (listener: NodeAudioSession): number =>
  listener.slots.reduce((sum, slot) => sum + slot.packets, 0);

/** Packets the node has dropped because the person may not speak. */
async function notPermitted(): Promise<number> {
  const text = await (await fetch(`${network.url()}/metrics`)).text();
  return Number(/sotto_audio_packets_dropped_total\{reason="not_permitted"\} (\d+)/.exec(text)?.[1] ?? 0);
}

async function expectHeard(listener: NodeAudioSession): Promise<void> {
  const before = heard(listener);
  await eventually(() => heard(listener) > before + 5);
}

/** Waits until a good number of packets were dropped, and sees that none of that voice came through meanwhile. */
async function expectNotHeard(listener: NodeAudioSession): Promise<void> {
  const first = await notPermitted();
  // What was packed for the audience before the word fell may still be on its way.
  await eventually(async () => (await notPermitted()) > first + 10);
  const before = heard(listener);
  const dropped = await notPermitted();
  await eventually(async () => (await notPermitted()) > dropped + 25);
  expect(heard(listener)).toBe(before);
}

describe('who is heard', () => {
  it('AU-4, RO-3: a listener who sends is not heard; on stage and unmuted one is; muted, moved down and removed not', async () => {
    const ears = await audioOf(ada);
    const mouth = await audioOf(bo);
    mouth.speak(await bundledTone(), { loop: true, level: 20 });
    await expectNotHeard(ears);

    await ada.call('PUT /v1/rooms/:room/invitations/:account', at(bo));
    await bo.call('POST /v1/rooms/:room/invitation/accept', at());
    await expectNotHeard(ears);
    await mute(bo, false);
    await expectHeard(ears);
    await eventually(() => ada.sotto.rooms.speaking.getSnapshot().some(each => each.account === bo.id));
    expect(ada.sotto.rooms.slots.getSnapshot()).toContain(bo.id);

    await ada.call('POST /v1/rooms/:room/people/:account/mute', at(bo));
    await expectNotHeard(ears);
    await mute(bo, false);
    await expectHeard(ears);

    await ada.call('POST /v1/rooms/:room/people/:account/move-down', at(bo));
    await expectNotHeard(ears);

    await ada.call('PUT /v1/rooms/:room/kept-out/:account', at(bo));
    expect(await mouth.ended).toBe('closed');
    expect(mouth.send({ frame: Buffer.alloc(20), level: 20 })).toBe(false);
  });

  it('PE-5, RO-6: a block ends the audio of who goes; so does another device of one’s own', async () => {
    const first = await audioOf(bo);
    const laptop = await bo.device();
    await laptop.rooms.enter(room);
    expect(await first.ended).toBe('closed');
    const second = await connectAudio({
      offerTo: offer =>
        bo.call('POST /v1/rooms/:room/audio', {
          params: { room },
          body: { device: laptop.rooms.device, offer },
        }),
    });
    sessions.push(second);
    await ada.call('PUT /v1/people/:account/block', { params: { account: bo.id } });
    expect(await second.ended).toBe('closed');
  });

  it('RT-9: signing out ends the audio, without the 90 s that a dropped connection has', async () => {
    const ears = await audioOf(bo);
    await bo.call('POST /v1/sign-out');
    expect(await ears.ended).toBe('closed');
    await eventually(() => stage().audience.count === 0);
  });

  it('AU-8: an open microphone from which nothing comes is told to its owner', async () => {
    const told: string[] = [];
    ada.sotto.onFrame(frame => void told.push(frame.type));
    await audioOf(ada);
    await mute(ada, false);
    await eventually(() => told.includes('roomSilentMicrophone'));
  });

  it('AU-4: what is no offer is refused by name', async () => {
    const call = bo.call('POST /v1/rooms/:room/audio', {
      params: { room },
      body: { device: bo.sotto.rooms.device, offer: 'v=0' },
    });
    await expect(call).rejects.toMatchObject({ code: 'bad_offer' });
  });

  it('AU-10: the room’s end ends every session', async () => {
    const ears = await audioOf(ada);
    const others = await audioOf(bo);
    await ada.call('POST /v1/rooms/:room/end', at());
    expect(await Promise.all([ears.ended, others.ended])).toEqual(['closed', 'closed']);
  });
});
