import { performance } from 'node:perf_hooks';
import { REQUEST_AGAIN_DAYS } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../../platform/ids.ts';
import { createStage, type Person, type Stage, statementsOf } from '../fixture.ts';

/*
 * The sender of a request learns nothing before acceptance (BC-11): whatever became of it, everything that the server
 * answers and sends to them is the same, and so is the work that it does for that, statement by statement.
 */

let stage: Stage;
let count = 0;
const start = new Date('2026-11-22T12:00:00.000Z');
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const total = ({ times }: Story): number => Math.round(times.reduce((sum, time) => sum + time, 0));

/** What one step gave: an answer, or the whole error but for its stack. */
const outcome = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    value => ({ value: value ?? null }),
    (error: { name: string; code?: string; details?: unknown; message: string }) => ({
      error: { name: error.name, code: error.code, details: error.details, message: error.message },
    }),
  );

/** Ids and handles in the order in which they first appear: two people's stories become comparable. */
function anonymous(value: unknown): string {
  const names = new Map<string, string>();
  return JSON.stringify(value).replace(/[0-9a-f]{8}-[0-9a-f-]{27}|silence\d+/g, id => {
    if (!names.has(id)) names.set(id, `#${names.size}`);
    return names.get(id) ?? '';
  });
}

type Fate = 'ignored' | 'held' | 'queued' | 'deleted' | 'blocked' | 'blocked, then unblocked' | 'looked for';

interface Story {
  told: string;
  statements: string[][];
  /** Milliseconds of each step. */
  times: number[];
}

/** One sender's whole life with one request, as their client sees it. */
async function story(fate: Fate): Promise<Story> {
  stage.clock.now = start;
  const sender = await stage.person(`silence${++count}`);
  const recipient = await stage.person(`silence${++count}`);
  await stage.platform.db
    .updateTable('accounts')
    .set({ created_at: new Date('2026-01-01') })
    .execute();
  if (fate === 'held') await choose(recipient, { heldWords: ['hello'] });
  if (fate === 'queued') await fill(recipient);

  const { id } = await sender.find(recipient);
  const told: unknown[] = [];
  const statements: string[][] = [];
  const times: number[] = [];
  const step = async (work: () => Promise<unknown>): Promise<void> => {
    const from = performance.now();
    statements.push(await statementsOf(async () => told.push(await outcome(work()))));
    times.push(performance.now() - from);
  };
  const framesBefore = stage.framesTo(sender.id).length;
  const first = uuidv7();
  await step(() => sender.send(id, 'Hello, we met at the tram.', first));

  const { routes } = stage.backchannel;
  if (fate === 'deleted' || fate === 'looked for')
    await routes['POST /v1/requests/:conversation/delete'](
      { params: { conversation: id } },
      recipient.caller,
    );
  if (fate === 'looked for') await recipient.find(sender);
  if (fate.startsWith('blocked')) await recipient.block(sender);
  if (fate === 'blocked, then unblocked') await recipient.unblock(sender);
  if (fate === 'ignored') await recipient.read(id, 1);

  const everything = async (): Promise<void> => {
    await step(() => sender.get(id));
    await step(() => sender.list());
    await step(() => sender.log(id));
    await step(() => sender.read(id, 1));
    await step(() => sender.find(recipient));
    await step(() => stage.backchannel.typing(sender.viewer, id));
    await step(() => stage.backchannel.heads(sender.id));
    await step(() => stage.backchannel.resume(sender.viewer, []));
    await step(() =>
      stage.backchannel.resume(sender.viewer, [{ conversation: id, seq: 0, readSeq: 0, version: 2 }]),
    );
    await step(() =>
      routes['PATCH /v1/conversations/:conversation'](
        { params: { conversation: id }, body: { markedUnread: true } },
        sender.caller,
      ),
    );
    await step(() =>
      routes['PUT /v1/conversations/:conversation/messages/:seq/reactions/:emoji'](
        { params: { conversation: id, seq: 1, emoji: '👋' } },
        sender.caller,
      ),
    );
    await step(() => routes['GET /v1/messages']({ query: { query: 'tram', limit: 20 } }, sender.caller));
    await step(() => stage.backchannel.unread(sender.id));
    await step(() => stage.backchannel.notice(sender.id, id));
  };
  await everything();
  await step(() => sender.send(id, 'Hello, we met at the tram.', first));
  await step(() => sender.send(id, 'Are you there?', uuidv7()));
  await step(() => sender.send(id, 'x'.repeat(600), uuidv7()));
  await everything();

  // The day before it may be sent again, and the day after.
  stage.clock.now = new Date(start.getTime() + REQUEST_AGAIN_DAYS * 86_400_000 - 1000);
  await step(() => sender.send(id, 'Too early', uuidv7()));
  await step(() => sender.get(id));
  stage.clock.now = new Date(start.getTime() + REQUEST_AGAIN_DAYS * 86_400_000 + 1000);
  await step(() => sender.get(id));
  await step(() => sender.send(id, 'Hello again', uuidv7()));
  await everything();
  await step(() => sender.send(id, 'Once more', uuidv7()));
  told.push(stage.framesTo(sender.id).slice(framesBefore));
  stage.clock.now = start;
  return { told: anonymous(told), statements, times };
}

const choose = (person: Person, body: { heldWords: string[] }) =>
  stage.backchannel.routes['PATCH /v1/me/backchannel']({ body }, person.caller);

/** Gives somebody a day full of requests. */
async function fill(recipient: Person): Promise<void> {
  for (let n = 0; n < 20; n += 1) {
    const other = await stage.person(`filler${++count}`);
    const { id } = await other.find(recipient);
    await other.send(id, 'Hi');
  }
}

describe('silence', () => {
  it('BC-11 an ignored, held, queued, deleted and blocked request look the same to their sender, byte by byte and statement by statement', async () => {
    const ignored = await story('ignored');
    // What the story is about is in it: a second message is refused, and one after 30 days is not.
    expect(ignored.told.match(/"code":"request_waiting"/g)?.length).toBe(4);
    expect(ignored.told).toContain('"whyNot":"waiting"');
    expect(ignored.told).toContain('Hello again');
    expect(ignored.statements.flat().length).toBeGreaterThan(150);
    expect(ignored.told).not.toContain('"whyNot":"blocked"');
    const took = [`ignored ${total(ignored)}`];
    for (const fate of [
      'held',
      'queued',
      'deleted',
      'blocked',
      'blocked, then unblocked',
      'looked for',
    ] as const) {
      const other = await story(fate);
      expect(other.told, fate).toBe(ignored.told);
      // What a step asks for side by side has no order.
      const sorted = (one: typeof other) => one.statements.map(step => step.toSorted());
      expect(sorted(other), fate).toEqual(sorted(ignored));
      took.push(`${fate} ${total(other)}`);
    }
    // Told, not judged: on a busy machine any limit would fail some day. What is judged is the work.
    console.info(`a request's life of ${ignored.times.length} steps, ms: ${took.join(', ')}`);
  }, 60_000);

  it('BC-11 the recipient is told of neither typing nor reading, and the sender of neither', async () => {
    const sender = await stage.person(`silence${++count}`);
    const recipient = await stage.person(`silence${++count}`);
    const { id } = await sender.find(recipient);
    await sender.send(id, 'Hello');
    const before = stage.framesTo(sender.id).length;
    await recipient.read(id, 1);
    await stage.backchannel.typing(recipient.viewer, id);
    await stage.backchannel.typing(sender.viewer, id);
    expect(stage.framesTo(sender.id).slice(before)).toEqual([]);
    expect(stage.framesTo(recipient.id).map(frame => frame.type)).not.toContain('typing');
    expect(await sender.get(id)).toMatchObject({ readers: [] });
  });
});
