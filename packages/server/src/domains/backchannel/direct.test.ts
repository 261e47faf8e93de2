import { calls } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { createStage, nothing, personOf, type Stage } from './fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

let count = 0;
const person = () => stage.person(`direct${++count}`);
const refusal = (code: string) => expect.objectContaining({ name: 'Refusal', code });

describe('direct conversations', () => {
  it('BC-1 two people have one, whoever starts it', async () => {
    const [a, b] = [await person(), await person()];
    const fromA = await a.open(b);
    const fromB = await b.open(a);
    expect(fromB.id).toBe(fromA.id);
    expect((await a.open(b)).id).toBe(fromA.id);
    expect(fromA).toMatchObject({ with: { id: b.id } });
    expect(fromB).toMatchObject({ with: { id: a.id } });
    expect(fromA).toMatchObject({
      kind: 'direct',
      head: 0,
      readSeq: 0,
      unread: 0,
      last: null,
      canWrite: true,
    });
  });

  it('BC-1 there is one even if both start it at the same instant, on two nodes', async () => {
    const other = stage.node();
    try {
      for (let round = 0; round < 10; round++) {
        const [a, b] = [await person(), await person()];
        const bThere = personOf(b.viewer, other.backchannel, stage.graph);
        const opened = await Promise.all([a.open(b), bThere.open(a), a.open(b), bThere.open(a), b.open(a)]);
        expect(new Set(opened.map(conversation => conversation.id)).size).toBe(1);
      }
      const { rows } = await countRows();
      expect(rows).toEqual({ conversations: rows.directs, directs: rows.directs, members: 2 * rows.directs });
    } finally {
      await other.close();
    }
  });

  it('BC-1 it shows to nobody until something is written; then it appears for both', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    expect((await a.list()).conversations).toEqual([]);
    expect((await b.list()).conversations).toEqual([]);
    const { seq } = await a.send(id, 'first');
    expect(seq).toBe(1);
    expect((await a.list()).conversations).toEqual([await a.get(id)]);
    expect((await b.list()).conversations).toEqual([await b.get(id)]);
    expect(await b.get(id)).toMatchObject({ head: 1, readSeq: 0, unread: 1, with: { id: a.id } });
    for (const one of [a, b]) {
      const frames = stage.framesTo(one.id).filter(frame => frame.type === 'conversation');
      expect(frames).toHaveLength(1);
      expect(frames[0]?.conversation).toMatchObject({
        id,
        head: 1,
        with: { id: one === a ? b.id : a.id },
        last: { message: { text: 'first' } },
      });
    }
  });

  it('BC-1 nobody talks to themselves, nor to who is not there', async () => {
    const a = await person();
    await expect(a.open(a)).rejects.toEqual(refusal('not_yourself'));
    await expect(a.open({ id: uuidv7() })).rejects.toEqual(refusal('not_found'));
  });

  it('BC-6 there is no call that deletes or changes a message', () => {
    const changing = Object.keys(calls).filter(
      key => /^(DELETE|PATCH|PUT) /.test(key) && /messages|log|entries/.test(key),
    );
    // A reaction is a thing of its own beside the message (BC-8).
    expect(changing.every(key => key.includes('/reactions/'))).toBe(true);
  });

  it('a conversation of others is not found, as an absent one', async () => {
    const [a, b, stranger] = [await person(), await person(), await person()];
    const { id } = await a.open(b);
    await a.send(id, 'between us');
    for (const conversation of [id, uuidv7()]) {
      const not = refusal('not_found');
      await expect(stranger.get(conversation)).rejects.toEqual(not);
      await expect(stranger.log(conversation)).rejects.toEqual(not);
      await expect(stranger.send(conversation, 'hello')).rejects.toEqual(not);
      await expect(stranger.read(conversation, 1)).rejects.toEqual(not);
      await expect(stage.backchannel.typing(stranger.viewer, conversation)).rejects.toEqual(not);
      expect(await stage.backchannel.resume(stranger.viewer, [{ conversation, seq: 0 }])).toEqual({
        ...nothing,
        gone: [conversation],
      });
    }
    expect((await a.log(id)).head).toBe(1);
  });
});

describe('blocks', () => {
  it('PE-5 after a block neither can write, either way round, and both still read', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await a.send(id, 'before');
    await b.block(a);
    for (const one of [a, b]) {
      await expect(one.send(id, 'after')).rejects.toEqual(refusal('cannot_message'));
      expect(await one.get(id)).toMatchObject({ canWrite: false, head: 1 });
      expect((await one.list()).conversations[0]).toMatchObject({ canWrite: false });
      expect((await one.log(id)).entries).toHaveLength(1);
      expect(stage.framesTo(one.id).at(one === b ? -2 : -1)).toMatchObject({
        type: 'conversation',
        conversation: { id, canWrite: false },
      });
    }
    await expect(a.open(b)).rejects.toEqual(refusal('not_found'));
  });

  it('PE-5 the blocked one sees a conversation in which they cannot write, and nothing more', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await a.send(id, 'before');
    const before = await a.get(id);
    await b.block(a);
    expect(await a.get(id)).toEqual({
      ...before,
      canWrite: false,
      whyNot: 'blocked',
      readers: [],
      version: before.version + 1,
    });
  });

  it('PE-5 when the block ends, both write again and are told', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await a.send(id, 'before');
    await b.block(a);
    await b.unblock(a);
    for (const one of [a, b])
      expect(
        stage
          .framesTo(one.id)
          .filter(frame => frame.type === 'conversation')
          .at(-1),
      ).toMatchObject({ conversation: { id, canWrite: true } });
    await a.send(id, 'again');
    await b.send(id, 'yes');
  });

  it('PE-5 who blocked back keeps it closed when the other unblocks', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    await a.send(id, 'before');
    await a.block(b);
    await stage.platform.db.insertInto('blocks').values({ blocker_id: b.id, blocked_id: a.id }).execute();
    await a.unblock(b);
    expect(await a.get(id)).toMatchObject({ canWrite: false });
    await expect(a.send(id, 'hello?')).rejects.toEqual(refusal('cannot_message'));
  });

  it('typing goes to the other alone, not before the first entry, and not across a block', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.open(b);
    const typed = (one: { id: string }) =>
      stage.framesTo(one.id).filter(frame => frame.type === 'typing' && frame.conversation === id);
    await stage.backchannel.typing(a.viewer, id);
    expect(typed(b)).toEqual([]);
    await a.send(id, 'first');
    await stage.backchannel.typing(a.viewer, id);
    expect(typed(b)).toEqual([{ type: 'typing', conversation: id, account: a.id }]);
    expect(typed(a)).toEqual([]);
    await b.block(a);
    await stage.backchannel.typing(a.viewer, id);
    await stage.backchannel.typing(b.viewer, id);
    expect(typed(b)).toHaveLength(1);
    expect(typed(a)).toEqual([]);
  });
});

async function countRows() {
  const { db } = stage.platform;
  const count = async (table: 'conversations' | 'direct_conversations' | 'members') =>
    Number(
      (
        await db
          .selectFrom(table)
          .select(eb => eb.fn.countAll<number>().as('n'))
          .executeTakeFirstOrThrow()
      ).n,
    );
  return {
    rows: {
      conversations: await count('conversations'),
      directs: await count('direct_conversations'),
      members: await count('members'),
    },
  };
}
