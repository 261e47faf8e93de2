import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { plainMessage } from '../../domains/backchannel/entries.ts';
import { createStage, messageOf, type Person, type Stage } from '../../domains/backchannel/fixture.ts';
import type { Bus, Channel } from '../../platform/bus/index.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { type Client, connect, type Node, online, resumeFrame, startNode, ticketOf } from './fixture.ts';

/** The kernel takes some megabytes before anything waits in the process; and the machine may be busy. */
const patience = { timeout: 15_000, interval: 5 };

let stage: Stage;
let node: Node;
let ann: Person;
let bo: Person;
beforeAll(async () => {
  stage = await createStage();
  node = await startNode(stage);
  ann = await stage.person('ann');
  bo = await stage.person('bob');
});
afterAll(async () => {
  await node.close();
  await stage.close();
});

const opened = async (person: Person, at = node) => connect(at.url, await ticketOf(stage, person));

describe('frames of a client', () => {
  const bad: [string, string | Buffer, RegExp][] = [
    ['not JSON', 'hello', /^not JSON$/],
    ['not an object', '[1]', /^frame: /],
    ['an unknown type', '{"type":"shout"}', /^type: /],
    ['a field too many', JSON.stringify({ ...resumeFrame, admin: true }), /^frame: .*admin/],
    [
      'a wrong field',
      JSON.stringify({ ...resumeFrame, have: [{ conversation: 'x', seq: 1 }] }),
      /^have\.0\.conversation: /,
    ],
    ['a negative seq', JSON.stringify({ type: 'read', conversation: uuidv7(), seq: -1 }), /^seq: /],
    ['binary', Buffer.from(JSON.stringify(resumeFrame)), /^binary$/],
    ['text beyond ASCII in the reason', '{"type":"resume","é":1,"🎈":2}', /^[\x20-\x7e]+$/],
  ];
  it.each(bad)('RT-8 %s closes the socket and says what was wrong', async (_, data, reason) => {
    const client = await opened(ann);
    await client.heard('hello');
    client.ws.send(data);
    const closed = await client.closed;
    expect(closed.code).toBe(4400);
    expect(closed.reason).toMatch(reason);
  });

  it('RT-8 more than 64 KiB in a frame closes the socket', async () => {
    const client = await online(stage, node, ann);
    client.ws.send(`"${'x'.repeat(64 * 1024)}"`);
    expect((await client.closed).code).toBe(1009);
  });

  it('too many frames close the socket', async () => {
    const client = await online(stage, node, ann);
    for (let i = 0; i < 100; i++) client.send({ type: 'hallway', watch: i % 2 === 0 });
    expect(await client.closed).toEqual({ code: 1008, reason: 'too many frames' });
  });
});

it('resuming over and over closes the socket sooner', async () => {
  const strict = await startNode(stage, { limits: { framesPerSecond: 0 } });
  const client = await online(stage, strict, ann);
  for (let n = 2; n < 6; n++) {
    client.send(resumeFrame);
    await Promise.race([
      vi.waitFor(() => expect(client.frames.filter(f => f.type === 'resumed')).toHaveLength(n), patience),
      client.closed,
    ]);
  }
  expect(await client.closed).toEqual({ code: 1008, reason: 'too many frames' });
  await strict.close();
});

describe('the heartbeat', () => {
  it('RT-5 RT-8 heads come with every beat, and who answers stays', async () => {
    const quick = await startNode(stage, { limits: { heartbeatMs: 60 } });
    const client = await online(stage, quick, ann);
    await vi.waitFor(
      () => expect(client.frames.filter(frame => frame.type === 'heads').length).toBeGreaterThan(4),
      patience,
    );
    expect(client.ws.readyState).toBe(client.ws.OPEN);
    await quick.close();
  });

  it('RT-8 who does not answer is closed with 4410', async () => {
    const quick = await startNode(stage, { limits: { heartbeatMs: 60 } });
    const client = connect(quick.url, await ticketOf(stage, ann));
    client.ws.pong = () => undefined;
    (client.ws as unknown as { _autoPong: boolean })._autoPong = false;
    await client.heard('hello');
    client.send(resumeFrame);
    expect(await client.closed).toEqual({ code: 4410, reason: 'no answer to the heartbeat' });
    await quick.close();
  });

  it('RT-5 a beat comes also while the database does not answer', async () => {
    const quick = await startNode(stage, {
      limits: { heartbeatMs: 60 },
      ports: {
        heads: async () => {
          throw new Error('no database');
        },
      },
    });
    const client = await online(stage, quick, ann);
    await vi.waitFor(
      () => expect(client.frames.filter(frame => frame.type === 'heads').length).toBeGreaterThan(2),
      patience,
    );
    await quick.close();
  });
});

describe('sessions', () => {
  const secondSession = async (): Promise<Person> => {
    const { id } = await stage.platform.db
      .insertInto('sessions')
      .values({
        account_id: ann.id,
        token_hash: Buffer.from(uuidv7()),
        client: 'test',
        last_seen_at: stage.platform.now(),
      })
      .returning('id')
      .executeTakeFirstOrThrow();
    const viewer = { ...ann.viewer, session: id };
    return { ...ann, viewer, caller: { ...ann.caller, viewer } };
  };

  it('RT-9 a session that ends closes its sockets at once, and no other’s', async () => {
    const other = await secondSession();
    const [kept, ended] = [await online(stage, node, ann), await online(stage, node, other)];
    await stage.accounts.routes['DELETE /v1/me/sessions/:session'](
      { params: { session: other.viewer.session } },
      ann.caller,
    );
    expect(await ended.closed).toEqual({ code: 4401, reason: 'the session is over' });
    expect(kept.ws.readyState).toBe(kept.ws.OPEN);
    kept.ws.close();
  });

  it('RT-9 a session that ended without a word is found by the check', async () => {
    const checking = await startNode(stage, { limits: { sessionCheckMs: 40 } });
    const other = await secondSession();
    const [kept, ended] = [await online(stage, checking, ann), await online(stage, checking, other)];
    await stage.platform.db.deleteFrom('sessions').where('id', '=', other.viewer.session).execute();
    expect((await ended.closed).code).toBe(4401);
    expect(kept.ws.readyState).toBe(kept.ws.OPEN);
    await checking.close();
  });

  it('RT-9 a channel that was left without a word is left by the check, and the others are kept', async () => {
    const [left, kept]: Channel[] = [`stage:${uuidv7()}`, `room:${uuidv7()}`];
    if (!left || !kept) throw new Error('two channels');
    let channels: Channel[] = [left, kept];
    const checking = await startNode(stage, {
      limits: { sessionCheckMs: 40 },
      ports: { channelsOf: async () => channels },
    });
    const client = await online(stage, checking, ann);
    const say = (channel: Channel, conversation: string) =>
      stage.platform.bus.publish({
        kind: 'frame',
        to: { channel },
        frame: { type: 'conversationGone', conversation },
      });
    const [before, after, end] = [uuidv7(), uuidv7(), uuidv7()];
    say(left, before);
    await client.heard('conversationGone', frame => frame.conversation === before);
    channels = [kept];
    await vi.waitFor(() => {
      client.frames.length = 0;
      say(left, after);
      const mark = uuidv7();
      say(kept, mark);
      return client
        .heard('conversationGone', frame => frame.conversation === mark)
        .then(() =>
          expect(client.frames).not.toContainEqual(expect.objectContaining({ conversation: after })),
        );
    });
    say(kept, end);
    await client.heard('conversationGone', frame => frame.conversation === end);
    await checking.close();
  });

  it('RT-5, RT-9 a bus that lost something: rights are looked at, and clients say again what they have', async () => {
    const lost = new Set<() => void>();
    const bus: Bus = {
      ...stage.platform.bus,
      onLoss: listener => {
        lost.add(listener);
        return () => lost.delete(listener);
      },
    };
    const checking = await startNode(stage, { bus });
    const other = await secondSession();
    const [kept, ended] = [await online(stage, checking, ann), await online(stage, checking, other)];
    await stage.platform.db.deleteFrom('sessions').where('id', '=', other.viewer.session).execute();
    for (const tell of lost) tell();
    expect((await ended.closed).code).toBe(4401);
    await kept.heard('missed');
    kept.send(resumeFrame);
    await vi.waitFor(() => expect(kept.frames.filter(({ type }) => type === 'resumed')).toHaveLength(2));
    await checking.close();
    expect(lost.size).toBe(0);
  });
});

describe('a client that does not read', () => {
  const channel: Channel = `room:${uuidv7()}`;
  const room = channel.slice(5);
  /** Audience frames of about 60 KiB, each told from the other by its count. */
  const publishAudience = (count: number): void =>
    stage.platform.bus.publish({
      kind: 'frame',
      to: { channel },
      frame: {
        type: 'roomAudience',
        room,
        audience: {
          count,
          sample: Array.from({ length: 48 }, (_, n) => ({
            id: ann.id,
            handle: `h${n}`,
            name: 'x'.repeat(1200),
            picture: null,
            newcomer: false,
            followedBySpeaker: false,
            handRaised: false,
          })),
        },
      },
    });
  const publishDurable = (n: number, size: number): void =>
    stage.platform.bus.publish({
      kind: 'frame',
      to: { channel },
      frame: {
        type: 'entry',
        conversation: room,
        entry: {
          seq: n,
          at: new Date(0).toISOString(),
          kind: 'message',
          message: plainMessage({
            id: ann.id,
            sender_id: ann.id,
            client_id: ann.id,
            text: 'x'.repeat(size),
            hidden_at: null,
          }),
        },
        people: [],
      },
    });
  const lastCount = (client: Client): number =>
    Math.max(0, ...client.frames.map(frame => (frame.type === 'roomAudience' ? frame.audience.count : 0)));

  it('RT-7 ephemeral frames are coalesced past 64 KiB: the newest comes when it reads again', async () => {
    const inside = await startNode(stage, { ports: { channelsOf: async () => [channel] } });
    const [slow, quick] = [await online(stage, inside, ann), await online(stage, inside, bo)];
    slow.ws.pause();
    let count = 0;
    // What the kernel takes on its own is filled first; then nothing more may pile up.
    await vi.waitFor(() => {
      for (let i = 0; i < 20; i++) publishAudience(++count);
      expect(inside.sockets.stats().framesDropped).toBeGreaterThan(200);
    }, patience);
    await vi.waitFor(() => expect(lastCount(quick)).toBe(count), patience);
    expect(slow.ws.readyState).toBe(slow.ws.OPEN);
    slow.ws.resume();
    await vi.waitFor(() => expect(lastCount(slow)).toBe(count), patience);
    expect(slow.frames.length).toBeLessThan(count);
    await inside.close();
  });

  it('RT-7 past 1 MiB of what must not be lost it is closed with 4408, and memory stays bounded', async () => {
    const inside = await startNode(stage, {
      ports: { channelsOf: async () => [channel] },
      limits: { closeMs: 60_000 },
    });
    const [slow, quick] = [await online(stage, inside, ann), await online(stage, inside, bo)];
    slow.ws.pause();
    let n = 0;
    while (inside.sockets.stats().sockets > 1) {
      publishDurable(++n, 200_000);
      // The other never waits for the slow one.
      await quick.heard('entry', frame => frame.entry.seq === n);
      expect(n, 'the slow one is never closed').toBeLessThan(500);
    }
    slow.ws.resume();
    expect(await slow.closed).toEqual({ code: 4408, reason: 'too much unread' });
    const seqs = slow.frames.flatMap(frame => (frame.type === 'entry' ? [frame.entry.seq] : []));
    expect(seqs).toEqual(Array.from({ length: seqs.length }, (_, i) => i + 1));
    expect(await inside.metrics.metrics()).toContain('sotto_sockets_closed_total{reason="4408"} 1');
    await inside.close();
  });

  it('RT-7 what is not read for 15 s (here 200 ms) closes the socket with 4408', async () => {
    const inside = await startNode(stage, {
      ports: { channelsOf: async () => [channel] },
      limits: { undrainedMs: 200, undrainedBytes: 1024 * 1024 * 1024, closeMs: 60_000 },
    });
    const slow = await online(stage, inside, ann);
    slow.ws.pause();
    await vi.waitFor(() => {
      publishDurable(1, 500_000);
      expect(inside.sockets.stats().sockets).toBe(0);
    }, patience);
    slow.ws.resume();
    expect(await slow.closed).toEqual({ code: 4408, reason: 'not read in time' });
    await inside.close();
  });

  it('RT-7 one that neither reads nor answers the close is hung up on', async () => {
    const inside = await startNode(stage, {
      ports: { channelsOf: async () => [channel] },
      limits: { closeMs: 50 },
    });
    const slow = await online(stage, inside, ann);
    slow.ws.pause();
    await vi.waitFor(() => {
      publishDurable(1, 500_000);
      expect(inside.sockets.stats().sockets).toBe(0);
    }, patience);
    await inside.sockets.close();
    slow.ws.resume();
    expect((await slow.closed).code).toBe(1006);
    await inside.close();
  });

  it('RT-11 a frame for many sockets is encoded once', async () => {
    const inside = await startNode(stage, { ports: { channelsOf: async () => [channel] } });
    const clients = await Promise.all(Array.from({ length: 12 }, () => online(stage, inside, ann)));
    let encoded = 0;
    const frame = {
      type: 'hallwayGone' as const,
      room,
      toJSON() {
        encoded += 1;
        return { type: this.type, room: this.room };
      },
    };
    stage.platform.bus.publish({ kind: 'frame', to: { channel }, frame });
    await Promise.all(clients.map(client => client.heard('hallwayGone')));
    expect(encoded).toBe(1);
    await inside.close();
  });

  it.each([0, 1, 125, 126, 127, 65_535, 65_536, 300_000])(
    'RT-11 a ready-made frame is right with a text of about %i bytes',
    async size => {
      const inside = await startNode(stage, { ports: { channelsOf: async () => [channel] } });
      const client = await online(stage, inside, ann);
      for (const more of [0, 1, 2]) publishDurable(more + 1, size + more);
      const frame = await client.heard('entry', ({ entry }) => entry.seq === 3);
      expect(messageOf(frame.entry).text).toHaveLength(size + 2);
      await inside.close();
    },
  );
});
