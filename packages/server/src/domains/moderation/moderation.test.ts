import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Blobs, folderBlobs } from '../../platform/blobs/index.ts';
import { uuidv7 } from '../../platform/ids.ts';
import { createStage, type Person, type Stage } from '../backchannel/fixture.ts';
import { createModeration, type Moderation } from './index.ts';

let stage: Stage;
let moderation: Moderation;
let admin: Person;
let folder: string;
let blobs: Blobs;
let count = 0;
beforeAll(async () => {
  stage = await createStage();
  const { accounts, graph, backchannel } = stage;
  folder = await mkdtemp(join(tmpdir(), 'sotto-reports-'));
  blobs = folderBlobs(folder);
  moderation = createModeration(
    { ...stage.platform, blobs },
    {
      accounts,
      graph,
      backchannel,
      files: { present: async () => new Map() },
    },
  );
  admin = await stage.person('admin');
  await stage.platform.db.updateTable('accounts').set({ admin: true }).where('id', '=', admin.id).execute();
});
afterAll(async () => {
  await stage.close();
  await rm(folder, { recursive: true, force: true });
});

const refusal = (code: string) => expect.objectContaining({ name: 'Refusal', code });
const person = () => stage.person(`report${++count}`);
const pair = async () => {
  const [a, b] = [await person(), await person()];
  return { a, b, id: (await a.open(b)).id };
};
const report = (
  one: Person,
  conversation: string,
  seq?: number,
  more: { block?: boolean; note?: string } = {},
) =>
  moderation.routes['POST /v1/reports'](
    {
      body: {
        conversation,
        ...(seq !== undefined && { seq }),
        reason: 'harassment',
        note: '',
        block: false,
        ...more,
      },
    },
    one.caller,
  );
const queue = (query: { state?: 'open' | 'closed'; after?: string; limit?: number } = {}) =>
  moderation.routes['GET /v1/admin/reports']({ query: { state: 'open', limit: 100, ...query } });
const get = (id: string) => moderation.routes['GET /v1/admin/reports/:report']({ params: { report: id } });
type Outcome = 'dismissed' | 'hidden' | 'silenced' | 'suspended';
const decide = (
  id: string,
  outcome: Outcome,
  more: { hours?: number; hide?: boolean; remark?: string; answer?: string } = {},
  by = admin,
) =>
  moderation.routes['POST /v1/admin/reports/:report/decision'](
    { params: { report: id }, body: { outcome, hide: false, remark: '', answer: '', ...more } },
    by.caller,
  );
const own = async (one: Person) => (await moderation.routes['GET /v1/me/reports']({}, one.caller)).reports;
const frames = (one: Person, type: string) => stage.framesTo(one.id).filter(frame => frame.type === type);

describe('reports', () => {
  it('BC-7 keeps the message and ten before and after it as they were, also once they are out of view', async () => {
    const { a, b, id } = await pair();
    for (let n = 1; n <= 30; n += 1) await a.send(id, `line ${n}`);
    const made = await report(b, id, 15, { note: 'Look at this' });
    expect(made).toMatchObject({ about: { id: a.id }, reason: 'harassment', outcome: null, answer: '' });
    expect(frames(admin, 'reportsOpen').at(-1)).toMatchObject({ open: 1 });
    const listed = (await queue()).reports.find(each => each.id === made.id);
    expect(listed).toMatchObject({
      by: { id: b.id },
      note: 'Look at this',
      seq: 15,
      excerpt: 'line 15',
      kind: 'direct',
      earlier: 0,
    });
    await decide(made.id, 'hidden');
    const { evidence } = await get(made.id);
    expect(evidence.entries.map(entry => entry.kind === 'message' && entry.message.text)).toEqual(
      Array.from({ length: 21 }, (_, n) => `line ${n + 5}`),
    );
    expect(new Set(evidence.people.map(each => each.id))).toEqual(new Set([a.id, b.id]));
    const entry = (await b.log(id, { after: 14, limit: 1 })).entries[0];
    expect(entry).toMatchObject({ message: { hidden: true, text: '' } });
    expect((await a.log(id)).entries.at(-1)).toMatchObject({ kind: 'hidden', by: null, of: 15 });
    expect(frames(a, 'entry').at(-1)).toMatchObject({ entry: { kind: 'hidden', of: 15 } });
  });

  it('BC-7 only what one sees can be reported, and not oneself', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    const stranger = await person();
    await expect(report(stranger, id, 1)).rejects.toEqual(refusal('not_found'));
    await expect(report(b, id, 2)).rejects.toEqual(refusal('not_found'));
    await expect(report(a, id, 1)).rejects.toEqual(refusal('not_yourself'));
    await expect(report(a, uuidv7(), 1)).rejects.toEqual(refusal('not_found'));
  });

  it('BC-7 the same again is the same report, until it is decided', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    const first = await report(b, id, 1);
    expect((await report(b, id, 1)).id).toBe(first.id);
    await decide(first.id, 'dismissed');
    const second = await report(b, id, 1);
    expect(second.id).not.toBe(first.id);
    expect((await get(second.id)).report.earlier).toBe(1);
    await decide(second.id, 'dismissed');
  });

  it('BC-7 BC-13 a request can be reported and its sender blocked; it is counted, and the sender learns nothing', async () => {
    const [a, b] = [await person(), await person()];
    const { id } = await a.find(b);
    await a.send(id, 'a rude first line');
    const before = { conversation: await a.get(id), frames: stage.framesTo(a.id).length };
    const made = await report(b, id, undefined, { block: true });
    expect((await get(made.id)).report).toMatchObject({
      seq: 1,
      excerpt: 'a rude first line',
      about: { id: a.id },
    });
    expect(await a.get(id)).toEqual(before.conversation);
    expect(stage.framesTo(a.id)).toHaveLength(before.frames);
    await expect(b.get(id)).rejects.toEqual(refusal('not_found'));
    const { accounts } = await stage.backchannel.routes['GET /v1/admin/requests']({ query: { days: 1 } });
    expect(accounts.find(each => each.person.id === a.id)).toMatchObject({ sent: 1, reported: 1 });
    await decide(made.id, 'dismissed');
  });

  it('BC-7 BC-13 PE-5 one who has blocked the reporter is reported and blocked like everyone', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'a rude line');
    await a.block(b);
    const before = stage.framesTo(a.id).filter(frame => frame.type === 'relation').length;
    const made = await report(b, id, 1, { block: true });
    expect(made).toMatchObject({ about: { id: a.id } });
    expect(stage.framesTo(a.id).filter(frame => frame.type === 'relation')).toHaveLength(before);
    // Theirs ends, the reporter's stays.
    await a.unblock(b);
    await expect(a.send(id, 'again')).rejects.toEqual(refusal('cannot_message'));
    await decide(made.id, 'dismissed');
  });

  it('BC-7 what a rule held back can be reported too', async () => {
    const [a, b] = [await person(), await person()];
    await stage.backchannel.routes['PATCH /v1/me/backchannel']({ body: { heldWords: ['rude'] } }, b.caller);
    const { id } = await a.find(b);
    await a.send(id, 'rude');
    const made = await report(b, id);
    expect((await get(made.id)).report).toMatchObject({ excerpt: 'rude' });
    await decide(made.id, 'dismissed');
  });

  it('BC-7 an invitation keeps the group’s name and picture as they were, in sight or held back', async () => {
    const [a, b, wary] = [await person(), await person(), await person()];
    const { routes } = stage.backchannel;
    await routes['PATCH /v1/me/backchannel']({ body: { heldWords: ['rude'] } }, wary.caller);
    const { id } = await routes['POST /v1/groups'](
      { body: { clientId: uuidv7(), title: 'A rude name', people: [b.id, wary.id] } },
      a.caller,
    );
    const picture = 'ab'.repeat(16);
    for (const size of [96, 384]) await blobs.put(`pictures/${picture}-${size}.webp`, Buffer.from(`${size}`));
    const wear = (worn: string | null) =>
      stage.platform.db.updateTable('conversations').set({ picture: worn }).where('id', '=', id).execute();
    await wear(picture);
    const made = await report(b, id);
    const held = await report(wary, id);
    // The same again keeps nothing more.
    expect((await report(b, id)).id).toBe(made.id);
    await wear(null);
    for (const size of [96, 384]) await blobs.delete(`pictures/${picture}-${size}.webp`);
    await routes['PATCH /v1/groups/:conversation'](
      { params: { conversation: id }, body: { title: 'Kittens' } },
      a.caller,
    );
    for (const each of [made, held]) {
      const { report: shown, evidence } = await get(each.id);
      expect(shown).toMatchObject({ about: { id: a.id }, kind: 'group', seq: null, excerpt: 'A rude name' });
      expect(evidence.group?.title).toBe('A rude name');
      const kept = evidence.group?.picture?.large ?? '';
      expect(kept).not.toContain(picture);
      expect(String(await blobs.get(kept.replace('/files/', '')))).toBe('384');
      await decide(each.id, 'dismissed');
    }
  });

  it('BC-7 BC-13 a report that also blocks is made with the block, or neither is', async () => {
    const { a, b, id } = await pair();
    const { seq } = await a.send(id, 'hello');
    const { accounts, graph, backchannel } = stage;
    const failing = createModeration(
      { ...stage.platform, blobs },
      {
        accounts,
        graph: {
          blockUnseen: async (work, viewer, account) => {
            await graph.blockUnseen(work, viewer, account);
            throw new Error('the database went');
          },
        },
        backchannel,
        files: { present: async () => new Map() },
      },
    );
    const body = { conversation: id, seq, reason: 'spam', note: '', block: true } as const;
    await expect(failing.routes['POST /v1/reports']({ body }, b.caller)).rejects.toThrow('the database went');
    expect(await own(b)).toEqual([]);
    await a.send(id, 'no block either');
  });

  it('BC-7 the reporter hears the outcome with an answer, and never what admins noted', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    const made = await report(b, id, 1);
    const decided = await decide(made.id, 'dismissed', {
      remark: 'Nothing in it',
      answer: 'We looked, thank you.',
    });
    expect(decided).toMatchObject({ decidedBy: { id: admin.id }, remark: 'Nothing in it' });
    const told = frames(b, 'report').at(-1);
    expect(told).toMatchObject({
      report: { id: made.id, outcome: 'dismissed', answer: 'We looked, thank you.' },
    });
    expect(JSON.stringify(told)).not.toContain('Nothing in it');
    expect((await own(b))[0]).toMatchObject({ id: made.id, outcome: 'dismissed' });
    // Who was reported is told nothing at all.
    expect(await own(a)).toEqual([]);
    expect(stage.framesTo(a.id).some(frame => JSON.stringify(frame).includes(made.id))).toBe(false);
  });

  it('BC-7 one decision for each report, also of two admins at the same instant', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    const made = await report(b, id, 1);
    const results = await Promise.allSettled([
      decide(made.id, 'hidden'),
      decide(made.id, 'dismissed'),
      decide(made.id, 'silenced'),
    ]);
    expect(results.filter(result => result.status === 'fulfilled')).toHaveLength(1);
    for (const result of results)
      if (result.status === 'rejected') expect(result.reason).toEqual(refusal('report_decided'));
    await expect(decide(uuidv7(), 'dismissed')).rejects.toEqual(refusal('not_found'));
  });

  it('PE-9 silenced: nothing is written until it is over, and it says until when', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    const made = await report(b, id, 1);
    await decide(made.id, 'silenced', { hours: 2, hide: true });
    const until = new Date(stage.clock.now.getTime() + 2 * 3_600_000).toISOString();
    await expect(a.send(id, 'more')).rejects.toMatchObject({ code: 'silenced', details: { until } });
    expect(await get(made.id)).toMatchObject({ standing: { silencedUntil: until, suspendedUntil: null } });
    expect((await b.log(id)).entries[0]).toMatchObject({ message: { hidden: true } });
    expect((await queue({ state: 'closed' })).reports.find(each => each.id === made.id)).toMatchObject({
      outcome: 'silenced',
      hidden: true,
    });
    const now = stage.clock.now;
    stage.clock.now = new Date(now.getTime() + 2 * 3_600_000 + 1);
    await a.send(id, 'again');
    stage.clock.now = now;
  });

  it('PE-9 RT-9 suspended: all sessions end at once, on every node', async () => {
    const { a, b, id } = await pair();
    await a.send(id, 'hello');
    const made = await report(b, id, 1);
    await decide(made.id, 'suspended', { hours: 24 });
    expect(await get(made.id)).toMatchObject({ report: { outcome: 'suspended', hidden: false } });
    expect(stage.published).toContainEqual({ kind: 'sessionsEnded', sessions: [a.viewer.session] });
    expect(await stage.accounts.sessionAlive([a.viewer.session])).toEqual(new Set());
  });

  it('a decision needs what it is about: a message to hide, and not oneself', async () => {
    const { a, b, id } = await pair();
    await a.open(b);
    const empty = await report(b, id);
    await expect(decide(empty.id, 'hidden')).rejects.toEqual(refusal('nothing_to_hide'));
    await expect(decide(empty.id, 'silenced', { hide: true })).rejects.toEqual(refusal('nothing_to_hide'));
    await decide(empty.id, 'dismissed');
    const mine = await admin.open(b);
    await admin.send(mine.id, 'hello');
    const made = await report(b, mine.id, 1);
    await expect(decide(made.id, 'dismissed')).rejects.toEqual(refusal('not_yourself'));
    const other = await person();
    await decide(made.id, 'dismissed', {}, other);
  });

  it('the queue goes oldest first while open and latest first once closed, in pages', async () => {
    const made: string[] = [];
    const now = stage.clock.now;
    for (let n = 0; n < 3; n += 1) {
      const { a, b, id } = await pair();
      stage.clock.now = new Date(now.getTime() + n * 1000);
      await a.send(id, 'hello');
      made.push((await report(b, id, 1)).id);
    }
    const all = async (state: 'open' | 'closed') => {
      const ids: string[] = [];
      let after: string | undefined;
      do {
        const page = await queue({ state, limit: 2, ...(after !== undefined && { after }) });
        ids.push(...page.reports.map(each => each.id));
        after = page.next ?? undefined;
      } while (after !== undefined);
      return ids;
    };
    expect((await all('open')).slice(-3)).toEqual(made);
    expect((await queue()).open).toBe((await all('open')).length);
    for (const [n, id] of made.entries()) {
      stage.clock.now = new Date(now.getTime() + 10_000 + n * 1000);
      await decide(id, 'dismissed');
    }
    expect((await all('closed')).slice(0, 3)).toEqual(made.toReversed());
    await expect(queue({ after: 'x' })).rejects.toEqual(refusal('invalid_input'));
    stage.clock.now = now;
  });
});
