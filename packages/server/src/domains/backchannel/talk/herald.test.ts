import type { LogEntry, ServerFrame } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { uuidv7 } from '../../../platform/ids.ts';
import { createStage, type Person, personOf, type Stage } from '../fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

/** A live room that nobody has entered yet. */
async function openRoom(
  by: Person,
): Promise<{ room: string; talk: string; enter(who: Person): Promise<void> }> {
  const { db, transact } = stage.platform;
  const { id: room } = await db
    .insertInto('rooms')
    .values({ title: 'Quay', topics: [], visibility: 'open', key: uuidv7(), opened_by: by.id })
    .returning('id')
    .executeTakeFirstOrThrow();
  await transact(work => stage.backchannel.onRoomOpened(work, room));
  const { id: talk } = await db
    .selectFrom('conversations')
    .where('room_id', '=', room)
    .where('kind', '=', 'room')
    .select('id')
    .executeTakeFirstOrThrow();
  const nothing = { left: [], stageEntered: [], stageLeft: [], promoted: [], demoted: [], ended: false };
  const enter = (who: Person) =>
    transact(work => stage.backchannel.onRoomChanged(work, { ...nothing, room, entered: [who.id] }));
  return { room, talk, enter };
}

/** A node whose words about a talk wait, once written and before they are told, until `open`. */
function gatedNode() {
  const [reached, opened] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const { accounts } = stage;
  const node = stage.node({
    people: {
      ...accounts,
      async people(...of) {
        reached.resolve();
        await opened.promise;
        return accounts.people(...of);
      },
    },
  });
  return { ...node, reached: reached.promise, open: () => opened.resolve() };
}

const entriesOf = (frame: ServerFrame): LogEntry[] =>
  frame.type === 'entry' ? [frame.entry] : frame.type === 'entries' ? frame.entries : [];

/** The entry as the sockets of somebody in the room get it. */
function heardBy(who: Person, room: string, seq: number): LogEntry | undefined {
  for (const message of stage.published) {
    if (message.kind !== 'frame' || !('channel' in message.to) || message.to.channel !== `room:${room}`)
      continue;
    const { only, except } = message.to;
    const { frame } = message;
    if ((only && !only.includes(who.id)) || except?.includes(who.id)) continue;
    const entry = entriesOf(frame).find(each => each.seq === seq);
    if (entry) return entry;
  }
  return undefined;
}

describe('PE-5 a line of a talk that is written and not told yet', () => {
  it('PE-5 BC-3 is kept from whom its writer has a block with, though they come into the room only now', async () => {
    const [ann, bo, joe, kim] = await Promise.all(
      ['ann', 'bo', 'joe', 'kim'].map(name => stage.person(`late.${name}`)),
    );
    if (!ann || !bo || !joe || !kim) throw new Error('nobody');
    await joe.block(ann);
    await ann.block(kim);
    const { room, talk, enter } = await openRoom(ann);
    await enter(ann);
    await enter(bo);
    const node = gatedNode();
    const { seq } = await personOf(ann.viewer, node.backchannel, stage.graph).send(talk, 'not for joe');
    await node.reached;
    await enter(joe);
    await enter(kim);
    expect(heardBy(bo, room, seq)).toBeUndefined();
    node.open();
    await vi.waitFor(() => expect(heardBy(joe, room, seq)).toBeDefined());
    for (const who of [joe, kim]) {
      expect(heardBy(who, room, seq)).toEqual({ seq, at: expect.any(String), kind: 'withheld' });
      expect((await who.log(talk)).entries).toEqual([heardBy(who, room, seq)]);
    }
    expect(heardBy(bo, room, seq)).toMatchObject({ kind: 'message', message: { text: 'not for joe' } });
    await node.close();
  });

  it('PE-5 is kept from who blocks its writer in that moment', async () => {
    const [ann, joe] = await Promise.all(['ann', 'joe'].map(name => stage.person(`quick.${name}`)));
    if (!ann || !joe) throw new Error('nobody');
    const { room, talk, enter } = await openRoom(ann);
    await enter(ann);
    await enter(joe);
    const node = gatedNode();
    const { seq } = await personOf(ann.viewer, node.backchannel, stage.graph).send(talk, 'too late');
    await node.reached;
    await joe.block(ann);
    node.open();
    await vi.waitFor(() => expect(heardBy(joe, room, seq)).toBeDefined());
    expect(heardBy(joe, room, seq)).toMatchObject({ kind: 'withheld' });
    await node.close();
  });
});

describe('RT-10 what waits to be told', () => {
  it('RT-10 goes together, in no frame more than nodes can tell each other, all of it once and in order', async () => {
    const ann = await stage.person('much.ann');
    const { room, talk, enter } = await openRoom(ann);
    await enter(ann);
    const node = gatedNode();
    const there = personOf(ann.viewer, node.backchannel, stage.graph);
    await there.send(talk, 'first');
    await node.reached;
    const long = 'x'.repeat(4000);
    await Promise.all(Array.from({ length: 50 }, () => there.send(talk, long)));
    await Promise.all(Array.from({ length: 300 }, () => there.send(talk, 'short')));
    node.open();
    const frames = (): LogEntry[][] =>
      stage.published.flatMap(({ kind, ...message }) =>
        kind === 'frame' &&
        'to' in message &&
        'channel' in message.to &&
        message.to.channel === `room:${room}`
          ? [entriesOf(message.frame)]
          : [],
      );
    await vi.waitFor(() => expect(frames().flat()).toHaveLength(351), 10_000);
    expect(frames().flatMap(entries => entries.map(({ seq }) => seq))).toEqual(
      Array.from({ length: 351 }, (_, n) => n + 1),
    );
    // 32 long ones are 128,000; then the other 18 with as many short ones as a frame takes.
    expect(frames().map(entries => entries.length)).toEqual([1, 32, 250, 68]);
    await node.close();
  });
});
