import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { createStage, messageOf, type Person, type Stage } from '../../domains/backchannel/fixture.ts';
import type { Channel } from '../../platform/bus/index.ts';
import { connect, type Node, online, resumeFrame, startNode, ticketOf } from './fixture.ts';

let stage: Stage;
let node: Node;
let ann: Person;
let bo: Person;
let conversation: string;
beforeAll(async () => {
  stage = await createStage();
  node = await startNode(stage);
  ann = await stage.person('ann');
  bo = await stage.person('bob');
  conversation = (await ann.open(bo)).id;
  await ann.send(conversation, 'first');
});
afterAll(async () => {
  await node.close();
  await stage.close();
});

const room: Channel = 'room:018f0000-0000-7000-8000-000000000001';
const gone = (id: string) => ({ type: 'hallwayGone' as const, room: id });
const roomId = room.slice('room:'.length);
const opened = async (person: Person, at = node) => connect(at.url, await ticketOf(stage, person));

describe('events', () => {
  it('RT-1 a message reaches every socket of both, on every node, as one entry', async () => {
    const second = await startNode(stage);
    const clients = [
      await online(stage, node, ann),
      await online(stage, second, ann),
      await online(stage, second, bo),
    ];
    const stranger = await online(stage, node, await stage.person('stranger'));
    const { id, seq } = await bo.send(conversation, 'hello');
    for (const client of clients) {
      const { entry } = await client.heard('entry', frame => frame.entry.seq === seq);
      expect(messageOf(entry)).toMatchObject({ id, text: 'hello', sender: bo.id });
    }
    const asked = stranger.heard('heads');
    await asked;
    expect(stranger.frames.some(frame => frame.type === 'entry')).toBe(false);
    for (const client of [...clients, stranger]) client.ws.close();
    await second.close();
  });

  it('RT-1 read marks go up and come to the other devices', async () => {
    const [phone, laptop] = [await online(stage, node, ann), await online(stage, node, ann)];
    const { seq } = await bo.send(conversation, 'read me');
    phone.send({ type: 'read', conversation, seq });
    expect(await laptop.heard('read', frame => frame.readSeq === seq)).toEqual({
      type: 'read',
      conversation,
      readSeq: seq,
      unread: 0,
    });
    for (const client of [phone, laptop]) client.ws.close();
  });

  it('typing reaches the other, not oneself, and not more than every 2 s', async () => {
    const [a, b] = [await online(stage, node, ann), await online(stage, node, bo)];
    for (let i = 0; i < 5; i++) a.send({ type: 'typing', conversation });
    await b.heard('typing');
    // Answered after the typing frames: what they caused is here by then.
    const { seq } = await bo.send(conversation, 'marker');
    a.send({ type: 'read', conversation, seq });
    await a.heard('read', frame => frame.readSeq === seq);
    expect(b.frames.filter(frame => frame.type === 'typing')).toEqual([
      { type: 'typing', conversation, account: ann.id },
    ]);
    expect(a.frames.some(frame => frame.type === 'typing')).toBe(false);
    for (const client of [a, b]) client.ws.close();
  });

  it('what a client may not do on a socket is passed over in silence', async () => {
    const stranger = await online(stage, node, await stage.person('nosy'));
    const b = await online(stage, node, bo);
    stranger.send({ type: 'typing', conversation });
    stranger.send({ type: 'read', conversation, seq: 1 });
    const { seq } = await ann.send(conversation, 'marker');
    await b.heard('entry', frame => frame.entry.seq === seq);
    expect(b.frames.some(frame => frame.type === 'typing')).toBe(false);
    expect(stranger.ws.readyState).toBe(stranger.ws.OPEN);
    for (const client of [stranger, b]) client.ws.close();
  });
});

describe('resume', () => {
  it('RT-6 brings what was missed on a node that has never seen the client', async () => {
    const client = await online(stage, node, ann);
    client.ws.close();
    await client.closed;
    const { seq } = await bo.send(conversation, 'while you were away');
    const elsewhere = await startNode(stage);
    const again = await opened(ann, elsewhere);
    again.send({ ...resumeFrame, have: [{ conversation, seq: seq - 1 }] });
    const { entries, limited, room: inRoom } = await again.heard('resumed');
    expect(entries).toEqual([{ conversation, entries: [expect.objectContaining({ seq })] }]);
    expect([limited, inRoom]).toEqual([[], null]);
    again.ws.close();
    await elsewhere.close();
  });

  it('RT-6 what happens while the answer is read comes after it: no gap, in order', async () => {
    const reading = Promise.withResolvers<void>();
    const goOn = Promise.withResolvers<void>();
    const slow = await startNode(stage, {
      ports: {
        resume: async (viewer, have) => {
          const answer = await stage.backchannel.resume(viewer, have);
          reading.resolve();
          await goOn.promise;
          return answer;
        },
      },
    });
    const { seq: before } = await bo.send(conversation, 'before');
    const client = await opened(ann, slow);
    client.send({ ...resumeFrame, have: [{ conversation, seq: before - 1 }] });
    await reading.promise;
    for (let i = 1; i <= 3; i++) await bo.send(conversation, `meanwhile ${i}`);
    goOn.resolve();
    await client.heard('entry', frame => frame.entry.seq === before + 3);
    expect(client.frames.map(frame => frame.type).slice(0, 5)).toEqual([
      'hello',
      'resumed',
      'entry',
      'entry',
      'entry',
    ]);
    const seqs = client.frames.flatMap(frame => {
      if (frame.type === 'resumed')
        return frame.entries.flatMap(each => each.entries.map(entry => entry.seq));
      return frame.type === 'entry' ? [frame.entry.seq] : [];
    });
    expect(seqs).toEqual([before, before + 1, before + 2, before + 3]);
    client.ws.close();
    await slow.close();
  });

  it('RT-6 under a stream of messages, any moment of resuming leaves no gap', async () => {
    const stream = startStream();
    const clients = [];
    let have = (await ann.log(conversation)).head;
    for (let i = 0; i < 8; i++) {
      const client = await opened(ann);
      client.send({ ...resumeFrame, have: [{ conversation, seq: have }] });
      clients.push({ client, have });
      await client.heard('resumed');
      have = (await ann.log(conversation)).head;
    }
    await stream.stop();
    const { head } = await ann.log(conversation);
    for (const { client, have: had } of clients) {
      await client.heard('entry', frame => frame.entry.seq === head);
      const seqs = client.frames.flatMap(frame => {
        if (frame.type === 'resumed')
          return frame.entries.flatMap(each => each.entries.map(entry => entry.seq));
        return frame.type === 'entry' ? [frame.entry.seq] : [];
      });
      const missing = Array.from({ length: head - had }, (_, i) => had + i + 1).filter(
        seq => !seqs.includes(seq),
      );
      expect(missing).toEqual([]);
      client.ws.close();
    }
  });

  it('RT-5 the heads follow at once, so that a read mark moved elsewhere is found too', async () => {
    const client = await online(stage, node, ann);
    const { heads } = await client.heard('heads');
    const { head, readSeq } = await ann.get(conversation);
    expect(heads).toEqual([{ conversation, head, readSeq }]);
    client.ws.close();
  });

  it('RT-6 a client that does not begin with resume is told so', async () => {
    const mute = await startNode(stage, { limits: { resumeMs: 60 } });
    const silent = await opened(ann, mute);
    expect(await silent.closed).toEqual({ code: 4400, reason: 'resume: awaited as the first frame' });
    const hasty = await opened(ann);
    await hasty.heard('hello');
    hasty.send({ type: 'read', conversation, seq: 1 });
    expect(await hasty.closed).toEqual({ code: 4400, reason: 'resume: awaited as the first frame' });
    await mute.close();
  });

  it('a fault while resuming closes the socket instead of leaving the client in the dark', async () => {
    const broken = await startNode(stage, {
      ports: {
        resume: async () => {
          throw new Error('no database');
        },
      },
    });
    const client = await opened(ann, broken);
    client.send(resumeFrame);
    expect((await client.closed).code).toBe(1011);
    await broken.close();
  });
});

describe('channels', () => {
  it('RO-15 the sockets of those inside hear the room; who is named in except does not', async () => {
    const inside = await startNode(stage, {
      ports: { channelsOf: async account => (account === bo.id ? [] : [room]) },
    });
    const [a, b, c] = [
      await online(stage, inside, ann),
      await online(stage, inside, bo),
      await online(stage, inside, await stage.person('cyd')),
    ];
    stage.platform.bus.publish({
      kind: 'frame',
      to: { channel: room, except: [ann.id] },
      frame: gone(roomId),
    });
    await c.heard('hallwayGone');
    stage.platform.bus.publish({ kind: 'listen', account: bo.id, channel: room });
    stage.platform.bus.publish({ kind: 'unlisten', account: ann.id, channel: room });
    stage.platform.bus.publish({ kind: 'frame', to: { channel: room }, frame: gone(conversation) });
    await b.heard('hallwayGone', frame => frame.room === conversation);
    await c.heard('hallwayGone', frame => frame.room === conversation);
    const { seq } = await bo.send(conversation, 'marker');
    await a.heard('entry', frame => frame.entry.seq === seq);
    expect(a.frames.some(frame => frame.type === 'hallwayGone')).toBe(false);
    expect(b.frames.filter(frame => frame.type === 'hallwayGone')).toHaveLength(1);
    for (const client of [a, b, c]) client.ws.close();
    await inside.close();
  });

  it('a room that was left while its channels were being read is not heard', async () => {
    const asked = Promise.withResolvers<void>();
    const answer = Promise.withResolvers<void>();
    const slow = await startNode(stage, {
      ports: {
        channelsOf: async () => {
          asked.resolve();
          await answer.promise;
          return [room];
        },
      },
    });
    const client = await opened(ann, slow);
    client.send(resumeFrame);
    await asked.promise;
    await client.heard('hello');
    stage.platform.bus.publish({ kind: 'unlisten', account: ann.id, channel: room });
    answer.resolve();
    await client.heard('resumed');
    stage.platform.bus.publish({ kind: 'frame', to: { channel: room }, frame: gone(roomId) });
    const { seq } = await bo.send(conversation, 'marker');
    await client.heard('entry', frame => frame.entry.seq === seq);
    expect(client.frames.some(frame => frame.type === 'hallwayGone')).toBe(false);
    client.ws.close();
    await slow.close();
  });

  it('the hallway is heard by who watches it', async () => {
    const client = await opened(ann);
    client.send({ ...resumeFrame, hallway: true });
    await client.heard('resumed');
    const publish = (id: string) =>
      stage.platform.bus.publish({ kind: 'frame', to: { channel: 'hallway' }, frame: gone(id) });
    publish(roomId);
    await client.heard('hallwayGone');
    client.send({ type: 'hallway', watch: false });
    client.send({ type: 'read', conversation, seq: (await ann.log(conversation)).head });
    await client.heard('read', frame => frame.unread === 0);
    publish(conversation);
    const { seq } = await bo.send(conversation, 'marker');
    await client.heard('entry', frame => frame.entry.seq === seq);
    expect(client.frames.filter(frame => frame.type === 'hallwayGone')).toHaveLength(1);
    client.ws.close();
  });

  it('RO-5 the domains hear of a socket once it resumed, with its device, and once of its end', async () => {
    const told: [string, string, string][] = [];
    const present = await startNode(stage, {
      ports: {
        socketOpened: (account, device) => void told.push(['opened', account, device]),
        socketClosed: (account, device) => void told.push(['closed', account, device]),
      },
    });
    const early = await opened(ann, present);
    await early.heard('hello');
    early.ws.close();
    await early.closed;
    const client = await opened(ann, present);
    const inRoom = { ...resumeFrame, device: 'ann-phone', room: { room: roomId, version: 1 } };
    client.send(inRoom);
    await client.heard('resumed');
    client.send({ ...inRoom, have: [{ conversation, seq: 1 }] });
    await vi.waitFor(() => expect(client.frames.filter(f => f.type === 'resumed')).toHaveLength(2), {
      timeout: 10_000,
    });
    client.ws.terminate();
    await vi.waitFor(() => expect(told).toHaveLength(2), { timeout: 10_000 });
    expect(told).toEqual([
      ['opened', ann.id, 'ann-phone'],
      ['closed', ann.id, 'ann-phone'],
    ]);
    await present.close();
  });

  it('RO-5 a node that stops has told the domains of the end of every socket before it says so', async () => {
    const told: string[] = [];
    const stopping = await startNode(stage, {
      ports: {
        socketClosed: async (_, device) => {
          for (let asked = 0; asked < 20; asked++) await sql`select 1`.execute(stage.platform.db);
          told.push(device);
        },
      },
    });
    const devices = ['ann-phone', 'ann-laptop', 'ann-tablet', 'ann-watch'];
    for (const device of devices) {
      const client = await opened(ann, stopping);
      client.send({ ...resumeFrame, device });
      await client.heard('resumed');
    }
    await stopping.sockets.close();
    expect(told.toSorted()).toEqual(devices.toSorted());
    await stopping.close();
  });
});

/** Bo writes one message after the other until stopped. */
function startStream(): { stop(): Promise<void> } {
  let sending = true;
  const stream = (async () => {
    while (sending) await bo.send(conversation, 'stream');
  })();
  return {
    async stop() {
      sending = false;
      await stream;
    },
  };
}
