import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createStage, messageOf, type Person, type Stage } from './fixture.ts';

let stage: Stage;
let ann: Person;
let count = 0;
beforeAll(async () => {
  stage = await createStage();
  ann = await stage.person('ann');
});
afterAll(() => stage.close());

const pair = async () => {
  const [a, b] = [await stage.person(`reader${++count}`), await stage.person(`reader${++count}`)];
  return { a, b, id: (await a.open(b)).id };
};
const several = async (one: Person, id: string, n: number) => {
  for (let i = 0; i < n; i++) await one.send(id, `${i}`);
};

describe('the log', () => {
  it('gives what comes after, what comes before, or the newest, oldest first', async () => {
    const { a, b, id } = await pair();
    await several(a, id, 10);
    const seqs = async (query: object) => (await b.log(id, query)).entries.map(entry => entry.seq);
    expect(await seqs({ limit: 3 })).toEqual([8, 9, 10]);
    expect(await seqs({ after: 0, limit: 3 })).toEqual([1, 2, 3]);
    expect(await seqs({ after: 8 })).toEqual([9, 10]);
    expect(await seqs({ after: 10 })).toEqual([]);
    expect(await seqs({ before: 4, limit: 2 })).toEqual([2, 3]);
    expect(await seqs({ before: 1 })).toEqual([]);
    expect(await seqs({ before: 99, limit: 1 })).toEqual([10]);
    expect((await b.log(id)).head).toBe(10);
  });
});

describe('read marks', () => {
  it('BC-8 only messages of others count as unread', async () => {
    const { a, b, id } = await pair();
    await several(a, id, 3);
    expect((await a.get(id)).unread).toBe(0);
    expect((await b.get(id)).unread).toBe(3);
    await b.send(id, 'not read yours yet');
    expect(await b.get(id)).toMatchObject({ unread: 3, readSeq: 0 });
    expect(await a.get(id)).toMatchObject({ unread: 1, readSeq: 3 });
  });

  it('BC-8 a mark only moves forward, and not past the head', async () => {
    const { a, b, id } = await pair();
    await several(a, id, 5);
    expect(await b.read(id, 3)).toEqual({ readSeq: 3, unread: 2 });
    expect(await b.read(id, 2)).toEqual({ readSeq: 3, unread: 2 });
    expect(await b.read(id, 1000)).toEqual({ readSeq: 5, unread: 0 });
    await a.send(id, 'more');
    expect(await b.get(id)).toMatchObject({ readSeq: 5, unread: 1 });
  });

  it('BC-8 marks set at the same time end at the furthest', async () => {
    const { a, b, id } = await pair();
    await several(a, id, 20);
    await Promise.all([7, 20, 3, 12, 19, 1].map(seq => b.read(id, seq)));
    expect((await b.get(id)).readSeq).toBe(20);
  });

  it('BC-8 all devices of the reader hear of a mark that moved, the other by a receipt, and nobody of one that did not', async () => {
    const { a, b, id } = await pair();
    await several(a, id, 4);
    const before = stage.published.length;
    await b.read(id, 2);
    await b.read(id, 2);
    await b.read(id, 1);
    expect(stage.published.slice(before)).toEqual([
      {
        kind: 'frame',
        to: { accounts: [b.id] },
        frame: { type: 'read', conversation: id, readSeq: 2, unread: 2 },
      },
      {
        kind: 'frame',
        to: { accounts: [a.id] },
        frame: { type: 'receipt', conversation: id, account: b.id, seq: 2 },
      },
    ]);
  });

  it('BC-8 sending marks one’s own as read, unless something of the other is unread before it', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'one');
    await a.send(id, 'two');
    expect((await a.get(id)).readSeq).toBe(2);
    await b.send(id, 'three');
    await a.send(id, 'four');
    expect(await a.get(id)).toMatchObject({ readSeq: 2, unread: 1 });
    await a.read(id, 4);
    await a.send(id, 'five');
    expect(await a.get(id)).toMatchObject({ readSeq: 5, unread: 0 });
    expect(await b.get(id)).toMatchObject({ readSeq: 0, unread: 4 });
  });

  it('BC-8 both writing at the same time leave unread counts that are right', async () => {
    const { a, b, id } = await pair();
    await Promise.all(Array.from({ length: 60 }, (_, n) => (n % 2 ? a : b).send(id, `${n}`)));
    const { entries } = await a.log(id, { after: 0, limit: 200 });
    for (const one of [a, b]) {
      const { readSeq, unread } = await one.get(id);
      const others = entries.filter(entry => entry.seq > readSeq && messageOf(entry).sender !== one.id);
      expect(unread).toBe(others.length);
      expect(entries.every(entry => entry.seq > readSeq || messageOf(entry).sender === one.id)).toBe(true);
    }
  });
});

describe('the inbox', () => {
  it('is ordered by the last entry, in pages without gaps or repeats, and counts the unread of all pages', async () => {
    const others = await Promise.all(Array.from({ length: 7 }, (_, n) => stage.person(`inbox${n}.x`)));
    const ids: string[] = [];
    for (const [n, other] of others.entries()) {
      const { id } = await other.open(ann);
      // The first four within one millisecond: the id decides then.
      if (n >= 4) stage.clock.now = new Date(stage.clock.now.getTime() + 1);
      await other.send(id, `from ${n}`);
      ids.push(id);
    }
    const expected = [...ids.slice(4).reverse(), ...ids.slice(0, 4).sort().reverse()];
    const seen: string[] = [];
    let after: string | undefined;
    do {
      const page = await ann.list({ limit: 3, ...(after !== undefined && { after }) });
      expect(page.unread).toBe(7);
      seen.push(...page.conversations.map(conversation => conversation.id));
      after = page.next ?? undefined;
    } while (after !== undefined);
    expect(seen).toEqual(expected);
    await ann.read(expected[5] ?? '', 1);
    expect((await ann.list()).unread).toBe(6);
    await ann.send(expected[6] ?? '', 'an answer comes first');
    expect((await ann.list({ limit: 1 })).conversations[0]?.id).not.toBe(undefined);
    stage.clock.now = new Date(stage.clock.now.getTime() + 1);
    await ann.send(expected[6] ?? '', 'later');
    expect((await ann.list({ limit: 1 })).conversations[0]?.id).toBe(expected[6]);
  });

  it('refuses a cursor that it did not give, by the name of the field', async () => {
    for (const after of ['x', 'bm90IGpzb24', '', Buffer.from('[1,"x"]').toString('base64url')])
      await expect(ann.list({ after })).rejects.toMatchObject({
        code: 'invalid_input',
        details: { issues: [{ path: 'query.after' }] },
      });
  });
});
