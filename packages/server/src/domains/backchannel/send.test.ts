import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { createStage, messageOf, type Person, personOf, type Stage } from './fixture.ts';

let stage: Stage;
let ann: Person;
let count = 0;
beforeAll(async () => {
  stage = await createStage();
  ann = await stage.person('ann');
});
afterAll(() => stage.close());

const refusal = (code: string) => expect.objectContaining({ name: 'Refusal', code });
const fresh = async () => {
  const other = await stage.person(`send${++count}`);
  return { other, id: (await ann.open(other)).id };
};
const range = (length: number) => Array.from({ length }, (_, index) => index + 1);

describe('sending', () => {
  it('RT-2 a repeat with the same clientId and text gives the first answer, and writes nothing', async () => {
    const { other, id } = await fresh();
    const clientId = uuidv7();
    const first = await ann.send(id, 'once', clientId);
    stage.clock.now = new Date(stage.clock.now.getTime() + 60_000);
    const published = stage.published.length;
    expect(await ann.send(id, 'once', clientId)).toEqual(first);
    expect(await ann.send(id, 'once', clientId.toUpperCase())).toEqual(first);
    expect(stage.published.length).toBe(published);
    expect((await other.log(id)).entries).toHaveLength(1);
  });

  it('RT-2 the same clientId with another text is refused', async () => {
    const { id } = await fresh();
    const clientId = uuidv7();
    await ann.send(id, 'this', clientId);
    await expect(ann.send(id, 'that', clientId)).rejects.toEqual(refusal('client_id_reused'));
    expect((await ann.log(id)).head).toBe(1);
  });

  it('RT-2 a clientId belongs to one sender and one conversation', async () => {
    const { other, id } = await fresh();
    const clientId = uuidv7();
    const second = await fresh();
    await ann.send(id, 'one', clientId);
    expect((await other.send(id, 'two', clientId)).seq).toBe(2);
    expect((await ann.send(second.id, 'three', clientId)).seq).toBe(1);
  });

  it('RT-2 repeats at the same time, on two nodes, write one entry and get the same answer', async () => {
    const { id } = await fresh();
    const node = stage.node();
    try {
      const there = personOf(ann.viewer, node.backchannel, stage.graph);
      for (const round of range(10)) {
        const clientId = uuidv7();
        const answers = await Promise.all(
          range(8).map(n => (n % 2 ? ann : there).send(id, `round ${round}`, clientId)),
        );
        expect(new Set(answers.map(answer => JSON.stringify(answer))).size).toBe(1);
        expect(answers[0]?.seq).toBe(round);
      }
      expect((await ann.log(id)).entries.map(entry => messageOf(entry).text)).toEqual(
        range(10).map(round => `round ${round}`),
      );
    } finally {
      await node.close();
    }
  });

  it('RT-2 of two different texts at the same time under one clientId, one is refused', async () => {
    const { id } = await fresh();
    const clientId = uuidv7();
    const results = await Promise.allSettled([ann.send(id, 'x', clientId), ann.send(id, 'y', clientId)]);
    expect(results.map(result => result.status).sort()).toEqual(['fulfilled', 'rejected']);
    expect((await ann.log(id)).head).toBe(1);
  });

  it('RT-2 a repeat is answered even after a block: it was written', async () => {
    const { other, id } = await fresh();
    const clientId = uuidv7();
    const first = await ann.send(id, 'before', clientId);
    await other.block(ann);
    expect(await ann.send(id, 'before', clientId)).toEqual(first);
  });

  it('RT-3 two hundred sends of both, at the same time and on two nodes, make one gapless log', async () => {
    const { id, other } = await fresh();
    const node = stage.node();
    try {
      const senders = [
        ann,
        other,
        personOf(ann.viewer, node.backchannel, stage.graph),
        personOf(other.viewer, node.backchannel, stage.graph),
      ];
      const sent = await Promise.all(
        range(200).map(n => (senders[n % 4] as Person).send(id, `message ${n}`).then(a => ({ ...a, n }))),
      );
      expect(sent.map(answer => answer.seq).sort((a, b) => a - b)).toEqual(range(200));
      const { entries, head } = await other.log(id, { after: 0, limit: 200 });
      expect(head).toBe(200);
      expect(entries.map(entry => entry.seq)).toEqual(range(200));
      const byId = new Map(sent.map(answer => [answer.id, answer]));
      for (const entry of entries) {
        expect(byId.get(messageOf(entry).id)).toMatchObject({ seq: entry.seq, at: entry.at });
        expect(messageOf(entry).text).toBe(`message ${byId.get(messageOf(entry).id)?.n}`);
      }
    } finally {
      await node.close();
    }
  });

  it('RT-3 batches over many conversations on two nodes never wait for each other in a circle', async () => {
    const node = stage.node();
    try {
      const there = personOf(ann.viewer, node.backchannel, stage.graph);
      const ids = (await Promise.all(range(6).map(() => fresh()))).map(each => each.id);
      const sends = range(20).flatMap(n => {
        const order = n % 2 ? ids : ids.toReversed();
        return order.flatMap(id => [ann.send(id, `${n} here`), there.send(id, `${n} there`)]);
      });
      await Promise.all(sends);
      for (const id of ids) {
        const { entries } = await ann.log(id, { after: 0, limit: 200 });
        expect(entries.map(entry => entry.seq)).toEqual(range(40));
      }
    } finally {
      await node.close();
    }
  });

  it('RT-4 the event comes after the commit, to both members and nobody else', async () => {
    const { id, other } = await fresh();
    await ann.send(id, 'first');
    const before = stage.published.length;
    const seen: Promise<unknown>[] = [];
    const stop = stage.platform.bus.subscribe(message => {
      if (message.kind === 'frame' && message.frame.type === 'entry') seen.push(other.log(id));
    });
    const { seq } = await ann.send(id, 'second');
    stop();
    expect(await Promise.all(seen)).toEqual([expect.objectContaining({ head: seq })]);
    expect(stage.published.slice(before)).toEqual([
      {
        kind: 'frame',
        to: { accounts: [ann.id, other.id] },
        frame: {
          type: 'entry',
          conversation: id,
          entry: (await ann.log(id)).entries.at(-1),
          people: [],
        },
      },
      {
        kind: 'frame',
        to: { accounts: [ann.id] },
        frame: { type: 'read', conversation: id, readSeq: seq, unread: 0 },
      },
      // Who writes has read: the other may see it (BC-8).
      {
        kind: 'frame',
        to: { accounts: [other.id] },
        frame: { type: 'receipt', conversation: id, account: ann.id, seq },
      },
    ]);
  });

  it('RT-4 a send that cannot be committed leaves neither a gap nor an event, nor does it take others with it', async () => {
    const { id } = await fresh();
    const second = await fresh();
    const published = stage.published.length;
    await poison(true);
    try {
      const results = await Promise.allSettled([
        ann.send(id, 'good 1'),
        ann.send(id, 'poison'),
        ann.send(id, 'good 2'),
        ann.send(second.id, 'good 3'),
      ]);
      expect(results.map(result => result.status)).toEqual([
        'fulfilled',
        'rejected',
        'fulfilled',
        'fulfilled',
      ]);
    } finally {
      await poison(false);
    }
    expect((await ann.log(id)).entries.map(entry => [entry.seq, messageOf(entry).text])).toEqual([
      [1, 'good 1'],
      [2, 'good 2'],
    ]);
    const entries = stage.published
      .slice(published)
      .filter(message => message.kind === 'frame' && message.frame.type === 'entry');
    expect(entries).toHaveLength(3);
  });

  it('RT-4 a message whose transaction PostgreSQL ends for the sake of others is written again, alone or among others', async () => {
    const { id } = await fresh();
    const published = stage.published.length;
    // A sequence counts on when a transaction is undone.
    await sql`create sequence knots`.execute(stage.platform.db);
    await sql`create function tie() returns trigger language plpgsql as $$ begin
      if nextval('knots') % 3 <> 0 then raise exception 'a circle' using errcode = '40P01'; end if;
      return new; end $$`.execute(stage.platform.db);
    await sql`create trigger tie before insert on log_entries for each row when (new.text like 'knot%')
      execute function tie()`.execute(stage.platform.db);
    try {
      expect(await ann.send(id, 'knot')).toMatchObject({ seq: 1 });
      const sent = await Promise.all([ann.send(id, 'one'), ann.send(id, 'knot again'), ann.send(id, 'two')]);
      expect(sent.map(({ seq }) => seq)).toEqual([2, 3, 4]);
    } finally {
      await sql`drop trigger tie on log_entries`.execute(stage.platform.db);
    }
    const told = stage.published
      .slice(published)
      .filter(message => message.kind === 'frame' && message.frame.type === 'entry');
    expect(told).toHaveLength(4);
  });

  it('BC-5 text comes back as it was written, in every script', async () => {
    const text = '  ünï ©ode — 日本語 \u{1f44b}\u{1f3fd}\n\n"quotes" \\ $1 %s {x} \'; drop table --';
    const { id, other } = await fresh();
    await ann.send(id, text);
    expect((await other.log(id)).entries.map(messageOf)[0]?.text).toBe(text);
  });

  it('the batch of a conversation keeps the order in which one sender sent', async () => {
    const { id } = await fresh();
    const answers = await Promise.all(range(100).map(n => ann.send(id, String(n))));
    expect(answers.map(answer => answer.seq)).toEqual(range(100));
  });

  it('another conversation is not held up by one whose row is locked', async () => {
    const held = await fresh();
    const lock = Promise.withResolvers<void>();
    const locked = Promise.withResolvers<void>();
    const holding = stage.platform.transact(async ({ tx }) => {
      await tx
        .selectFrom('conversations')
        .where('id', '=', held.id)
        .select('id')
        .forUpdate()
        .executeTakeFirst();
      locked.resolve();
      await lock.promise;
    });
    await locked.promise;
    const waiting = ann.send(held.id, 'waits');
    // Pairs of several people, so that some go another lane than the one that waits.
    const others = await Promise.all(range(8).map(() => fresh()));
    const raced = await Promise.race([
      Promise.any(others.map(each => ann.send(each.id, 'goes'))).then(() => 'went'),
      waiting.then(() => 'held'),
    ]);
    expect(raced).toBe('went');
    lock.resolve();
    await holding;
    expect((await waiting).seq).toBe(1);
  });
});

/** A rule of the database's own that refuses one text: a stand-in for any statement that fails. */
async function poison(on: boolean): Promise<void> {
  await (on
    ? sql`alter table log_entries add constraint no_poison check (text <> 'poison')`
    : sql`alter table log_entries drop constraint no_poison`
  ).execute(stage.platform.db);
}
