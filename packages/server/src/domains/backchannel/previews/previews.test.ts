import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LogEntry } from '@sotto/protocol';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { uuidv7 } from '../../../platform/ids.ts';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { createOutbound } from '../../../platform/outbound/index.ts';
import type { Repeated } from '../../../platform/repeat.ts';
import { createLinks } from '../../links/index.ts';
import { createStage, messageOf, type Person, type Stage } from '../fixture.ts';

let stage: Stage;
let ada: Person;
let bob: Person;
let conversation: string;
let host: string;
const asked: string[] = [];
const running: Repeated[] = [];
const server = createServer((request, response) => {
  asked.push(request.url ?? '');
  response
    .writeHead(200, { 'content-type': 'text/html' })
    .end(request.url?.startsWith('/none') ? 'nothing' : `<title>Page ${request.url}</title>`);
});

beforeAll(async () => {
  stage = await createStage();
  [ada, bob] = [await stage.person('ada'), await stage.person('bob')];
  conversation = (await ada.open(bob)).id;
  await ada.send(conversation, 'hello');
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  host = `site.test:${(server.address() as AddressInfo).port}`;
});
afterEach(async () => {
  for (const each of running.splice(0)) await each.stop();
  asked.length = 0;
});
afterAll(async () => {
  server.close();
  await stage.close();
});

/** A node that looks at links. */
function start(): void {
  const outbound = createOutbound({ resolve: async () => ['127.0.0.1'], allow: [host] });
  const links = createLinks({ ...stage.platform, metrics: createMetrics() }, outbound, {
    imageBytesMax: 1024 ** 3,
  });
  running.push(stage.backchannel.startPreviews(links));
}
const link = (path: string) => `http://${host}${path}`;
const logOf = async (person: Person): Promise<LogEntry[]> => (await person.log(conversation)).entries;
const previewsOf = async (seq: number) => {
  const entry = (await logOf(bob)).find(each => each.seq === seq);
  return entry ? messageOf(entry).previews.map(each => each.title) : [];
};
const jobs = () => stage.platform.db.selectFrom('link_jobs').selectAll().execute();

describe('BC-23: previews of messages', () => {
  test('BC-23 a message is out before its links are looked at; the preview follows as an entry of the log', async () => {
    const { seq } = await ada.send(conversation, `look: ${link('/a')}, and mail@example.org`);
    expect(asked).toEqual([]);
    expect(await previewsOf(seq)).toEqual([]);
    start();
    await vi.waitFor(async () => expect(await previewsOf(seq)).toEqual(['Page /a']));
    const last = (await logOf(ada)).at(-1);
    expect(last).toEqual({
      kind: 'preview',
      seq: seq + 1,
      at: expect.any(String),
      of: seq,
      previews: [{ url: link('/a'), title: 'Page /a', description: '', site: 'site.test', image: null }],
    });
    for (const person of [ada, bob])
      expect(stage.framesTo(person.id)).toContainEqual({
        type: 'entry',
        conversation,
        entry: last,
        people: [],
      });
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
  });

  test('BC-23 one who sends many links keeps nobody else waiting', async () => {
    const many = Array.from({ length: 12 }, (_, index) => link(`/many/${index}`));
    for (const url of many) await ada.send(conversation, url);
    await bob.send(conversation, link('/bobs'));
    start();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
    expect(asked.indexOf('/bobs')).toBeLessThan(3);
    expect(asked.filter(path => path.startsWith('/many'))).toHaveLength(12);
  });

  test('BC-23 the first three links, each once; what says nothing is left out', async () => {
    const words = ['/1', '/1', '/none', '/2', '/3'].map(link).join(' ');
    const { seq } = await ada.send(conversation, words);
    start();
    await vi.waitFor(async () => expect(await previewsOf(seq)).toEqual(['Page /1', 'Page /2']));
    expect(asked.sort()).toEqual(['/1', '/2', '/none']);
  });

  test('BC-23 where there is nothing to show, nothing is written', async () => {
    const { seq } = await ada.send(conversation, `${link('/none')} and e.g. this.`);
    start();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
    expect((await logOf(bob)).at(-1)?.seq).toBe(seq);
  });

  test('BC-23 what was sent while no node looked is looked at by the next one, once, however many there are', async () => {
    const { seq } = await ada.send(conversation, link('/durable'));
    start();
    start();
    start();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
    expect(await previewsOf(seq)).toEqual(['Page /durable']);
    expect((await logOf(bob)).filter(each => each.kind === 'preview' && each.of === seq)).toHaveLength(1);
  });

  test('BC-23 a job whose node died is taken again after a while, and given up after three', async () => {
    const { seq } = await ada.send(conversation, link('/died'));
    running.push(
      stage.backchannel.startPreviews({
        preview: async () => {
          throw new Error('the node is gone');
        },
      }),
    );
    for (const tries of [1, 2, 3]) {
      await vi.waitFor(async () => expect(await jobs()).toMatchObject([{ seq, tries }]));
      stage.clock.now = new Date(stage.clock.now.getTime() + 121_000);
    }
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
    expect(await previewsOf(seq)).toEqual([]);
  });

  test('BC-23 nothing is fetched for a request; once it is accepted, it is (BC-11)', async () => {
    const [eve, dan] = [await stage.person('eve'), await stage.person('dan')];
    const { id } = await eve.find(dan);
    await eve.send(id, `who are you? ${link('/request')}`);
    expect(await jobs()).toMatchObject([{ conversation_id: id, seq: 1 }]);
    start();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
    expect(asked).toEqual([]);

    await stage.backchannel.routes['POST /v1/requests/:conversation/accept'](
      { params: { conversation: id } },
      dan.caller,
    );
    await vi.waitFor(async () =>
      expect((await dan.log(id)).entries.at(-1)).toMatchObject({ kind: 'preview', of: 1 }),
    );
    expect(asked).toEqual(['/request']);
  });

  test('BC-23 what a block keeps from someone comes in no preview either, and hidden ones are gone (BC-6)', async () => {
    const carl = await stage.person('carl');
    for (const person of [bob, carl]) await person.follow(ada);
    const { routes } = stage.backchannel;
    const { id } = await routes['POST /v1/groups'](
      { body: { clientId: uuidv7(), title: '', people: [bob.id, carl.id] } },
      ada.caller,
    );
    await carl.block(ada);
    const { seq } = await ada.send(id, link('/secret'));
    const seen = async (person: Person) => JSON.stringify((await person.log(id)).entries);
    start();
    await vi.waitFor(async () => expect((await bob.get(id)).head).toBe(seq + 1));
    expect(await seen(bob)).toContain('/secret');
    expect((await carl.log(id)).entries.slice(-2)).toMatchObject([
      { seq, kind: 'withheld' },
      { seq: seq + 1, kind: 'withheld' },
    ]);
    expect(JSON.stringify(stage.framesTo(carl.id))).not.toContain('/secret');
    await stage.platform.transact(work => stage.backchannel.hide(work, id, seq));
    expect(await seen(bob)).not.toContain('/secret');
    await carl.unblock(ada);
  });

  test('BC-23 a message that was taken out of view meanwhile gets none', async () => {
    const { seq } = await ada.send(conversation, link('/hidden'));
    await stage.platform.db
      .updateTable('log_entries')
      .set({ hidden_at: new Date() })
      .where('conversation_id', '=', conversation)
      .where('seq', '=', seq)
      .execute();
    start();
    await vi.waitFor(async () => expect(await jobs()).toEqual([]));
    expect(asked).toEqual([]);
  });
});
