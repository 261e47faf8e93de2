import { createSocket } from 'node:dgram';
import { setTimeout as wait } from 'node:timers/promises';
import type { HeardPacket } from '@sotto/sdk/node';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { csrcOf } from './index.ts';
import { heard, join, LIMIT, ROOM, record, SILENCE, speech, startNode, tearDown } from './test/harness.ts';

afterEach(tearDown);

describe('the audio plane', () => {
  it('AU-1 the loudest four of six are heard, and the event says in which slot', async () => {
    const node = await startNode();
    const slots = record(node, 'slots');
    const ids = ['a', 'b', 'c', 'd', 'e', 'f'];
    const listener = await join(node, 'listener', false);
    const speakers = await Promise.all(ids.map(id => join(node, id, true)));
    for (const [index, speaker] of speakers.entries()) {
      speaker.speak(speech, { loop: true, level: index < 2 ? 58 : 15 });
    }
    await vi.waitFor(() => {
      expect(node.snapshot(ROOM).slots.toSorted()).toEqual(['c', 'd', 'e', 'f']);
      for (const id of ['c', 'd', 'e', 'f']) expect(heard(listener, id)).toBeGreaterThan(10);
    }, LIMIT);
    expect(slots.at(-1)?.slots).toEqual(node.snapshot(ROOM).slots);
    const seen = heard(listener, 'a');
    const others = heard(listener, 'f');
    await vi.waitFor(() => expect(heard(listener, 'f')).toBeGreaterThan(others + 10), LIMIT);
    expect(heard(listener, 'a')).toBe(seen);
    for (const [slot, holder] of node.snapshot(ROOM).slots.entries()) {
      expect(listener.slots[slot]?.source).toBe(csrcOf(holder ?? ''));
    }
  });

  it('AU-2 listeners get the very same bytes; each payload type its own; nobody hears themselves', async () => {
    const node = await startNode();
    const [one, two, fox] = [
      await join(node, 'one', false),
      await join(node, 'two', false),
      await join(node, 'fox', false, { payloadType: 109 }),
    ];
    const got = [one, two, fox].map(session => {
      const packets: HeardPacket[] = [];
      session.onPacket(packet => packets.push(packet));
      return packets;
    });
    const ana = await join(node, 'ana', true);
    await ana.speak({ ...speech, frames: speech.frames.slice(0, 60) }).done;
    await vi.waitFor(() => {
      expect([one, two, fox].map(session => session.slots[0]?.frames)).toEqual([60, 60, 60]);
    }, LIMIT);
    const bytes = got.map(packets => packets.map(packet => packet.bytes.toString('hex')));
    expect(bytes[0]).toEqual(bytes[1]);
    expect(got[2]?.every(packet => packet.payloadType === 109)).toBe(true);
    expect(got[2]?.map(packet => packet.payload.toString('hex'))).toEqual(
      got[0]?.map(packet => packet.payload.toString('hex')),
    );
    expect(ana.slots.every(slot => slot.packets === 0)).toBe(true);
  });

  it('AU-2 a slot goes on without a gap when the speaker changes', async () => {
    const node = await startNode();
    const stage = await join(node, 'stage', true);
    const audience = await join(node, 'audience', false);
    for (const id of ['ana', 'ben', 'cleo']) {
      const speaker = await join(node, id, true);
      await speaker.speak({ ...speech, frames: speech.frames.slice(0, 30) }).done;
      await vi.waitFor(() => expect(heard(stage, id)).toBe(30), LIMIT);
      node.closeParticipant(ROOM, id, 'left');
    }
    await vi.waitFor(() => expect(audience.slots[0]?.frames).toBe(90), LIMIT);
    for (const session of [stage, audience]) {
      expect(session.slots[0]).toMatchObject({ frames: 90, lost: 0, outOfOrder: 0 });
      expect(session.slots.slice(1).every(slot => slot.packets === 0)).toBe(true);
    }
  });

  it('AU-3 the audience gets a third of the packets with all the frames, byte for byte', async () => {
    const node = await startNode();
    const [stage, audience] = [await join(node, 'stage', true), await join(node, 'audience', false)];
    const packed: HeardPacket[] = [];
    audience.onPacket(packet => packed.push(packet));
    const ana = await join(node, 'ana', true);
    await ana.speak({ ...speech, frames: speech.frames.slice(0, 150) }).done;
    await vi.waitFor(() => expect(audience.slots[0]?.frames).toBe(150), LIMIT);
    expect(stage.slots[0]).toMatchObject({ packets: 150, lost: 0 });
    expect(audience.slots[0]?.lost).toBe(0);
    expect(packed.length).toBeLessThan(75);
    const sound = Buffer.concat(packed.map(packet => packet.payload)).toString('hex');
    for (const frame of speech.frames.slice(0, 150)) {
      expect(sound).toContain(Buffer.from(frame.subarray(1)).toString('hex'));
    }
  });

  it('AU-3 going from the audience to the stage and back changes the clock, without a gap and without SDP', async () => {
    const node = await startNode();
    const mover = await join(node, 'mover', false);
    const sizes: number[] = [];
    mover.onPacket(packet => sizes.push((packet.payload[0] ?? 0) & 3));
    const ana = await join(node, 'ana', true);
    const talk = ana.speak(speech, { loop: true });
    for (const onStage of [true, false, true, false]) {
      const before = sizes.length;
      await vi.waitFor(() => expect(sizes.length).toBeGreaterThan(before + 5), LIMIT);
      node.permit(ROOM, 'mover', { onStage, maySpeak: false });
      const moved = sizes.length;
      await vi.waitFor(() => expect(sizes.slice(moved + 2).includes(onStage ? 0 : 3)).toBe(true), LIMIT);
    }
    talk.stop();
    await talk.done;
    expect(mover.slots[0]).toMatchObject({ lost: 0, outOfOrder: 0 });
  });

  it('AU-4 who may not speak is not heard, from the next packet on, whatever the client sends', async () => {
    const node = await startNode();
    const [listener, ana] = [await join(node, 'listener', true), await join(node, 'ana', true)];
    const say = (): void => {
      for (let index = 0; index < 5; index += 1)
        ana.send({ frame: speech.frames[index] ?? SILENCE, level: 20 });
    };
    const dropped = (): number => node.stats().dropped.not_permitted;
    say();
    await vi.waitFor(() => expect(heard(listener, 'ana')).toBe(5), LIMIT);
    for (const permission of [
      { onStage: true, maySpeak: false },
      { onStage: false, maySpeak: false },
    ]) {
      node.permit(ROOM, 'ana', permission);
      const before = dropped();
      expect(node.snapshot(ROOM).slots).toEqual([null, null, null, null]);
      say();
      await vi.waitFor(() => expect(dropped()).toBe(before + 5), LIMIT);
      expect(heard(listener, 'ana')).toBe(5);
    }
    node.permit(ROOM, 'ana', { onStage: true, maySpeak: true });
    say();
    await vi.waitFor(() => expect(heard(listener, 'ana')).toBe(10), LIMIT);
  });

  it('AU-4 who was never on the stage is not heard, and who was kicked neither', async () => {
    const node = await startNode();
    const closed = record(node, 'closed');
    const [listener, guest, troll] = [
      await join(node, 'listener', false),
      await join(node, 'guest', false),
      await join(node, 'troll', true),
    ];
    guest.speak(speech);
    await vi.waitFor(() => expect(node.stats().dropped.not_permitted).toBeGreaterThan(5), LIMIT);
    node.closeParticipant(ROOM, 'troll', 'kicked');
    expect(closed).toMatchObject([{ participantId: 'troll', reason: 'kicked' }]);
    expect(await troll.ended).toBe('closed');
    expect(listener.slots.every(slot => slot.packets === 0)).toBe(true);
  });

  it('AU-4 the uplink is bounded in rate and size', async () => {
    const node = await startNode();
    const [listener, ana] = [await join(node, 'listener', true), await join(node, 'ana', true)];
    for (let index = 0; index < 600; index += 1) ana.send({ frame: speech.frames[10] ?? SILENCE, level: 20 });
    await vi.waitFor(() => expect(node.stats().packetsIn).toBeGreaterThan(400), LIMIT);
    await vi.waitFor(() => expect(node.stats().dropped.rate).toBeGreaterThan(100), LIMIT);
    expect(heard(listener, 'ana')).toBeLessThan(400);
  });

  it('AU-4 a flood closes the session', async () => {
    const node = await startNode();
    const closed = record(node, 'closed');
    const ana = await join(node, 'ana', true);
    const flood = setInterval(() => {
      for (let index = 0; index < 300; index += 1) ana.send({ frame: SILENCE, level: 20 });
    }, 1);
    await vi.waitFor(() => expect(closed).toMatchObject([{ reason: 'flooding' }]), LIMIT);
    clearInterval(flood);
  });

  it('AU-4 malformed RTP and RTCP are dropped and counted, and never reach a listener', async () => {
    const node = await startNode();
    const listener = await join(node, 'listener', true);
    let source = 0;
    const ana = await join(node, 'ana', true, {
      onOffer: offer => {
        source = Number(/a=ssrc:(\d+)/.exec(offer)?.[1]);
      },
    });
    let sequence = 0;
    for (const bytes of fc.sample(fc.uint8Array({ minLength: 1, maxLength: 300 }), 60)) {
      sequence += 1;
      const rtp = Buffer.from([0x80, 111, 0, sequence, 0, 0, 0, 1, 0, 0, 0, 0]);
      const rtcp = Buffer.from([0x81, 200, 0x00, 0x06, 0, 0, 0, 0]);
      rtp.writeUInt32BE(source, 8);
      rtcp.writeUInt32BE(source, 4);
      // Code 3 of no frames, then whatever: no Opus.
      ana.sendRaw(Buffer.concat([rtp, Buffer.from([0x4b, 0]), bytes]));
      ana.sendRaw(Buffer.concat([rtcp, bytes]));
      ana.sendRaw(Buffer.from(bytes));
    }
    await vi.waitFor(() => expect(node.stats().dropped.malformed).toBeGreaterThan(50), LIMIT);
    expect(listener.slots.every(slot => slot.packets === 0)).toBe(true);
    ana.speak(speech);
    await vi.waitFor(() => expect(heard(listener, 'ana')).toBeGreaterThan(20), LIMIT);
    expect(node.stats().sessions).toBe(2);
  });

  it('AU-4 random datagrams and STUN at the port end nothing', async () => {
    const node = await startNode();
    const [listener, ana] = [await join(node, 'listener', false), await join(node, 'ana', true)];
    const socket = createSocket('udp4');
    const stun = (body: Uint8Array): Buffer =>
      Buffer.concat([Buffer.from([0, 1, 0, body.length & 0xfc, 0x21, 0x12, 0xa4, 0x42]), body]);
    const datagrams = fc.sample(fc.uint8Array({ maxLength: 1200 }), 400);
    for (const [index, bytes] of datagrams.entries()) {
      const first = [0, 1, 20, 22, 63, 128, 129, 200, 255][index % 9] ?? 0;
      socket.send(Buffer.concat([Buffer.from([first]), bytes]), node.port, '127.0.0.1');
      socket.send(stun(bytes), node.port, '127.0.0.1');
      if (index % 50 === 0) await wait(1);
    }
    ana.speak(speech);
    await vi.waitFor(() => expect(heard(listener, 'ana')).toBeGreaterThan(10), LIMIT);
    socket.close();
  });

  it('AU-4 a malformed offer is refused with its field, and a session that is there stays', async () => {
    const node = await startNode();
    const ana = await join(node, 'ana', true);
    const bad = node.join({
      roomId: ROOM,
      participantId: 'ana',
      offer: 'v=0',
      onStage: true,
      maySpeak: true,
    });
    await expect(bad).rejects.toMatchObject({ code: 'bad_offer', field: 'm' });
    expect(node.stats()).toMatchObject({ sessions: 1, badOffers: 1 });
    ana.send({ frame: SILENCE, level: 20 });
    await vi.waitFor(() => expect(node.stats().packetsIn).toBeGreaterThan(0), LIMIT);
  });

  it('AU-10 speaking comes from the node, at most five times a second, only changes', async () => {
    const node = await startNode();
    const speaking = record(node, 'speaking');
    const ana = await join(node, 'ana', true);
    const began = performance.now();
    await ana.speak({ ...speech, frames: speech.frames.slice(0, 150) }).done;
    await vi.waitFor(() => expect(speaking.at(-1)?.speakers).toEqual([]), LIMIT);
    const seconds = (performance.now() - began) / 1000;
    expect(speaking.length).toBeGreaterThan(1);
    expect(speaking.length).toBeLessThanOrEqual(seconds * 5 + 1);
    expect(speaking[0]?.speakers[0]).toMatchObject({ participantId: 'ana' });
    for (const [index, event] of speaking.entries()) expect(event).not.toEqual(speaking[index - 1]);
  });

  it('AU-5 a voice of another node is heard here', async () => {
    const [near, far] = [await startNode(), await startNode()];
    const listener = await join(far, 'listener', false);
    const ana = await join(near, 'ana', true);
    const voice = far.addProducer(ROOM, 'ana');
    near.tap(ROOM, (_, packet) => voice.push(packet));
    ana.speak(speech);
    await vi.waitFor(() => expect(heard(listener, 'ana')).toBeGreaterThan(10), LIMIT);
  });
});
