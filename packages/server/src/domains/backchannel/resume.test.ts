import type { Conversation, LogEntry } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { createStage, messageOf, nothing, type Person, type Stage, statementsOf } from './fixture.ts';
import { planResume } from './policy.ts';

let stage: Stage;
let count = 0;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const person = () => stage.person(`resume${++count}`);
const several = async (one: Person, id: string, n: number) => {
  await Promise.all(Array.from({ length: n }, (_, i) => one.send(id, `${i}`)));
};
const resume = (
  one: Person,
  have: { conversation: string; seq: number; readSeq?: number; version?: number }[],
) => stage.backchannel.resume(one.viewer, have);

describe('resume', () => {
  it('RT-6 carries the entries a client lacks, and nothing of what it has', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const [ab, ac] = [(await a.open(b)).id, (await a.open(c)).id];
    await several(b, ab, 5);
    await several(c, ac, 2);
    const answer = await resume(a, [
      { conversation: ab, seq: 3, readSeq: 0 },
      { conversation: ac, seq: 2, readSeq: 0 },
    ]);
    expect(answer).toEqual({
      ...nothing,
      entries: [{ conversation: ab, entries: (await a.log(ab, { after: 3 })).entries }],
    });
  });

  it('RT-6 gives conversations that the client did not name, as they are now', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const [ab, ac] = [(await a.open(b)).id, (await a.open(c)).id];
    await b.send(ab, 'known');
    await c.send(ac, 'new');
    const answer = await resume(a, [{ conversation: ab, seq: 1, readSeq: 0 }]);
    expect(answer.conversations).toEqual([await a.get(ac)]);
    expect(answer.entries).toEqual([]);
  });

  it('RT-6 reads whole only what the client does not have as it is', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await several(b, id, 3);
    const whole = async (readSeq: number) =>
      (await statementsOf(() => resume(a, [{ conversation: id, seq: 3, readSeq }]))).filter(text =>
        text.includes('as blocked_inside'),
      ).length;
    // What was not named is looked for either way.
    expect(await whole(0)).toBe(1);
    await a.read(id, 2);
    expect(await whole(0)).toBe(2);
  });

  it('RT-6 gives conversations whose read mark moved on another device', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await several(b, id, 3);
    await a.read(id, 2);
    expect((await resume(a, [{ conversation: id, seq: 3, readSeq: 0 }])).conversations).toEqual([
      await a.get(id),
    ]);
    expect((await resume(a, [{ conversation: id, seq: 3, readSeq: 2 }])).conversations).toEqual([]);
    expect((await resume(a, [{ conversation: id, seq: 3 }])).conversations).toEqual([]);
  });

  it('RT-6 tells of a block that came or went while the client was away', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await b.send(id, 'hello');
    const { version } = await a.get(id);
    await b.block(a);
    const before = { conversation: id, seq: 1, readSeq: 0, version };
    const answer = await resume(a, [before]);
    expect(answer.conversations).toMatchObject([{ id, canWrite: false }]);
    const told = { ...before, version: answer.conversations[0]?.version ?? 0 };
    expect((await resume(a, [told])).conversations).toEqual([]);
    await b.unblock(a);
    expect((await resume(a, [told])).conversations).toMatchObject([{ id, canWrite: true }]);
  });

  it('RT-6 says limited past 100 entries of one conversation', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await several(b, id, 101);
    expect(await resume(a, [{ conversation: id, seq: 0 }])).toMatchObject({ entries: [], limited: [id] });
    const answer = await resume(a, [{ conversation: id, seq: 1 }]);
    expect(answer.limited).toEqual([]);
    expect(answer.entries[0]?.entries).toHaveLength(100);
  });

  it('RT-6 says limited past 500 entries in all, and where the client has more than there is', () => {
    const gap = (n: number, seq: number, head: number) => ({ conversation: `${n}`, seq, head });
    const gaps = [1, 2, 3, 4, 5, 6].map(n => gap(n, 0, 90));
    const plan = planResume([...gaps, gap(7, 10, 60), gap(8, 5, 5), gap(9, 9, 4)]);
    expect(plan.catchUp.map(each => each.conversation)).toEqual(['1', '2', '3', '4', '5', '7']);
    expect(plan.limited).toEqual(['6', '9']);
  });

  it('RT-7 keeps an answer below what would count as too slow: long messages are reloaded', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await Promise.all(Array.from({ length: 60 }, () => b.send(id, '語'.repeat(4000))));
    const answer = await resume(a, [{ conversation: id, seq: 0 }]);
    expect(answer.limited).toEqual([id]);
    expect(JSON.stringify(answer).length).toBeLessThan(100_000);
  });

  it('RT-6 ignores what is not there, and names an entry once', async () => {
    const a = await person();
    const gone = [uuidv7(), uuidv7()];
    const have = gone.map((conversation, seq) => ({ conversation, seq }));
    expect(await resume(a, have)).toEqual({ ...nothing, gone });
  });

  it('RT-12 an entry that is committed late, with an older time, is still found', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const [ab, ac] = [(await a.open(b)).id, (await a.open(c)).id];
    await b.send(ab, 'one');
    await c.send(ac, 'one');
    const have = [
      { conversation: ab, seq: 1, readSeq: 0 },
      { conversation: ac, seq: 1, readSeq: 0 },
    ];
    // B's node has a clock that is an hour behind.
    await c.send(ac, 'two');
    const now = stage.clock.now;
    stage.clock.now = new Date(now.getTime() - 3_600_000);
    await b.send(ab, 'late');
    stage.clock.now = now;
    const texts = (await resume(a, have)).entries.flatMap(each => each.entries.map(e => messageOf(e).text));
    expect(texts.sort()).toEqual(['late', 'two']);
  });

  it('RT-6 what a client had, and what resume carries, make what it would load afresh', async () => {
    const me = await person();
    const others = [await person(), await person(), await person()];
    const ids: string[] = [];
    for (const other of others) ids.push((await other.open(me)).id);
    const had = new Map<string, { log: LogEntry[]; conversation: Conversation }>();
    for (const [n, other] of others.entries()) {
      const id = ids[n] ?? '';
      if (n < 2) {
        await several(other, id, 3);
        had.set(id, { log: (await me.log(id)).entries, conversation: await me.get(id) });
      }
    }
    await several(others[0] as Person, ids[0] ?? '', 4);
    await me.read(ids[0] ?? '', 5);
    await me.send(ids[1] ?? '', 'mine, from elsewhere');
    await several(others[2] as Person, ids[2] ?? '', 2);

    const answer = await resume(
      me,
      [...had].map(([conversation, { log, conversation: c }]) => ({
        conversation,
        seq: log.at(-1)?.seq ?? 0,
        readSeq: c.readSeq,
      })),
    );
    const logs = new Map([...had].map(([id, { log }]) => [id, [...log]]));
    for (const { conversation, entries } of answer.entries) logs.get(conversation)?.push(...entries);
    for (const [id, log] of logs) expect(log).toEqual((await me.log(id)).entries);
    const inbox = new Map([...had].map(([id, { conversation }]) => [id, conversation]));
    for (const { conversation, entries } of answer.entries) {
      const known = inbox.get(conversation);
      const last = entries.at(-1);
      if (!known || !last) continue;
      const others = entries.filter(e => messageOf(e).sender !== me.id).length;
      inbox.set(conversation, { ...known, head: last.seq, last, at: last.at, unread: known.unread + others });
    }
    for (const conversation of answer.conversations) inbox.set(conversation.id, conversation);
    const fresh = (await me.list()).conversations;
    expect(new Set(inbox.values())).toEqual(new Set(fresh));
  });
});

describe('heads', () => {
  it('RT-5 names the latest conversations with head and read mark, and none that is empty', async () => {
    const [a, b, c] = [await person(), await person(), await person()];
    const [ab] = [(await a.open(b)).id, await a.open(c)];
    await several(b, ab, 3);
    await a.read(ab, 2);
    expect(await stage.backchannel.heads(a.id)).toEqual([{ conversation: ab, head: 3, readSeq: 2 }]);
  });

  it('RT-5 the end of a talk is a last event too: for a while its head is named to who wrote in it', async () => {
    const { db } = stage.platform;
    const [writer, reader] = [await person(), await person()];
    const now = stage.platform.now();
    const { id } = await db
      .insertInto('conversations')
      .values({ kind: 'room', head: 4, last_entry_at: now })
      .returning('id')
      .executeTakeFirstOrThrow();
    const member = { conversation_id: id, state: 'active' as const, read_seq: 4 };
    await db
      .insertInto('members')
      .values([
        { ...member, account_id: writer.id, wrote_at: now },
        { ...member, account_id: reader.id },
      ])
      .execute();
    const named = async () =>
      Promise.all(
        [writer, reader].map(async each => (await stage.backchannel.heads(each.id)).map(one => one.head)),
      );
    expect(await named()).toEqual([[4], [4]]);
    await db.updateTable('conversations').set({ frozen_at: now, head: 5 }).where('id', '=', id).execute();
    expect(await named()).toEqual([[5], []]);
    stage.clock.now = new Date(now.getTime() + 121_000);
    expect(await named()).toEqual([[], []]);
  });
});
