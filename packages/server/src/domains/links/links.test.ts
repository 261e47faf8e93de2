import { readdir } from 'node:fs/promises';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { sql } from 'kysely';
import sharp from 'sharp';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { migrateToLatest, openDatabase } from '../../platform/db/index.ts';
import { createMetrics } from '../../platform/metrics/index.ts';
import { createOutbound, type Outbound } from '../../platform/outbound/index.ts';
import { testDatabase } from '../../platform/postgres/testing.ts';
import { type TestPlatform, testPlatform } from '../../platform/testing.ts';
import { createLinks, type Links } from './index.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

let port: number;
let pages: Record<string, RequestListener>;
let seen: string[];
let links: Links;
/** Another node on the same database. */
let other: Links;
let outbound: Outbound;
let stack: AsyncDisposableStack;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  pages = {};
  seen = [];
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://site.test');
    seen.push(pathname);
    const page = pages[pathname];
    if (page) page(request, response);
    else response.writeHead(404, { 'content-type': 'text/html' }).end('<title>none</title>');
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  stack.defer(() => {
    server.closeAllConnections();
    server.close();
  });
  ({ port } = server.address() as AddressInfo);
  outbound = createOutbound({
    resolve: async () => ['127.0.0.1'],
    allow: [`site.test:${port}`, `pictures.test:${port}`],
    timeout: 3000,
  });
  stack.defer(() => outbound.close());
  links = node(outbound);
  other = node(outbound);
});
afterEach(() => stack.disposeAsync());

/** A node on the one database and folder. */
const node = (outbound: Outbound, imageBytesMax = 1024 ** 3, metrics = createMetrics()): Links =>
  createLinks({ ...platform, metrics }, outbound, { imageBytesMax });
const at = (path: string, host = 'site.test') => `http://${host}:${port}${path}`;
const html =
  (body: string): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(body);
const bytes =
  (type: string, body: Buffer): RequestListener =>
  (_request, response) =>
    response.writeHead(200, { 'content-type': type }).end(body);
const picture = (width: number, height: number) =>
  sharp({ create: { width, height, channels: 3, background: { r: 200, g: 40, b: 40 } } });

describe('BC-23: link previews', () => {
  test('BC-23 a page becomes a card, its picture one of our own', async () => {
    const original = await picture(1600, 900)
      .jpeg()
      .withExif({ IFD0: { Copyright: 'secret place' } })
      .toBuffer();
    pages['/a'] = html(
      `<title>x</title><meta property="og:title" content="A title"><meta name="description" content="About it">
       <meta property="og:image" content="${at('/p.jpg', 'pictures.test')}">`,
    );
    pages['/p.jpg'] = bytes('image/jpeg', original);
    const url = at('/a?b=1#part');
    const found = await links.preview(url);
    expect(found).toEqual({
      url,
      title: 'A title',
      description: 'About it',
      site: 'site.test',
      image: {
        path: expect.stringMatching(/^\/previews\/[0-9a-f]{40}\.webp$/),
        width: 720,
        height: 405,
        blur: expect.any(String),
      },
    });
    const name = found?.image?.path.replace('/previews/', '') ?? '';
    const kept = await links.readImage(name);
    expect(await sharp(kept ?? Buffer.alloc(0)).metadata()).toMatchObject({ format: 'webp', width: 720 });
    expect(kept?.includes('secret place')).toBe(false);
    const blur = await sharp(Buffer.from(found?.image?.blur ?? '', 'base64')).metadata();
    expect([blur.format, blur.width]).toEqual(['webp', 16]);
    // Another node names it alike, so it is kept once.
    expect(await other.readImage(name)).toEqual(kept);
    expect(await readdir(join(platform.folder, 'previews'))).toContain(name);
  });

  test('BC-23 a page is asked once a day, whoever asks and whatever part of it', async () => {
    pages['/once'] = html('<title>Once</title>');
    const all = await Promise.all([
      links.preview(at('/once')),
      links.preview(at('/once#b')),
      other.preview(at('/once')),
      other.preview(at('/once#c')),
    ]);
    expect(all.map(each => each?.title)).toEqual(['Once', 'Once', 'Once', 'Once']);
    expect(all[1]?.url).toBe(at('/once#b'));
    platform.pass(23 * 3_600_000);
    await links.preview(at('/once'));
    expect(seen).toEqual(['/once']);
    platform.pass(2 * 3_600_000);
    await links.preview(at('/once'));
    expect(seen).toEqual(['/once', '/once']);
  });

  test('BC-23 what failed is not asked again for an hour', async () => {
    expect(await links.preview(at('/gone'))).toBeNull();
    pages['/gone'] = html('<title>Back</title>');
    platform.pass(59 * 60_000);
    expect(await links.preview(at('/gone'))).toBeNull();
    platform.pass(2 * 60_000);
    expect((await links.preview(at('/gone')))?.title).toBe('Back');
    expect(seen).toEqual(['/gone', '/gone']);
  });

  test('BC-23 a node that died while it asked does not keep others from it', async () => {
    const stuck = createOutbound({ resolve: () => new Promise(() => undefined), timeout: 60_000 });
    stack.defer(() => stuck.close());
    pages['/later'] = html('<title>Later</title>');
    const allowed = node({
      ...stuck,
      get: () => new Promise(() => undefined),
    });
    void allowed.preview(at('/later'));
    await expect
      .poll(() =>
        platform.db.selectFrom('link_previews').where('fetching_until', 'is not', null).selectAll().execute(),
      )
      .toHaveLength(1);
    platform.pass(61_000);
    expect((await links.preview(at('/later')))?.title).toBe('Later');
  });

  test('BC-23 nothing is shown of what says nothing, is no page, or is inside', async () => {
    pages['/empty'] = html('<p>hello');
    pages['/zip'] = bytes('application/zip', Buffer.from('PK'));
    pages['/error'] = (_request, response) =>
      response.writeHead(500, { 'content-type': 'text/html' }).end('<title>Oops</title>');
    pages['/inside'] = (_request, response) =>
      response.writeHead(302, { location: 'http://169.254.169.254/' }).end();
    for (const path of ['/empty', '/zip', '/error', '/inside'])
      expect([path, await links.preview(at(path))]).toEqual([path, null]);
    for (const url of ['http://127.0.0.1/', 'https://localhost/', 'ftp://site.test/', 'no url'])
      expect([url, await links.preview(url)]).toEqual([url, null]);
  });

  test('BC-23 a link to a picture is shown as that picture', async () => {
    pages['/just.png'] = bytes('image/png', await picture(300, 200).png().toBuffer());
    expect(await links.preview(at('/just.png'))).toMatchObject({
      title: '',
      site: 'site.test',
      image: { width: 300, height: 200 },
    });
  });

  test.each([
    ['is SVG', async () => ['image/svg+xml', Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>')]],
    ['is HTML that says it is a picture', async () => ['image/png', Buffer.from('<html>'.repeat(50))]],
    ['is cut short', async () => ['image/png', (await picture(500, 500).png().toBuffer()).subarray(0, 300)]],
    ['is a counter of one pixel', async () => ['image/gif', await picture(1, 1).gif().toBuffer()]],
    ['is larger than a megabyte', async () => ['image/jpeg', Buffer.alloc(1024 ** 2 + 1, 0xff)]],
  ] as [string, () => Promise<[string, Buffer]>][])(
    'BC-23 a card has no picture where it %s',
    async (what, make) => {
      const [type, body] = await make();
      const path = `/bad-${what.length}`;
      pages[path] = html(`<title>Card</title><meta property="og:image" content="${path}.image">`);
      pages[`${path}.image`] = bytes(type, body);
      expect(await links.preview(at(path))).toMatchObject({ title: 'Card', image: null });
    },
  );

  test('BC-23 a picture that lies inside is not asked for', async () => {
    pages['/lure'] = html(
      '<title>Lure</title><meta property="og:image" content="http://127.0.0.1:22/x.png"><meta name="twitter:image" content="http://169.254.169.254/y">',
    );
    expect(await links.preview(at('/lure'))).toMatchObject({ title: 'Lure', image: null });
    expect(seen).toEqual(['/lure']);
  });

  test('BC-23 hosts that the operator holds back are not asked, by whatever way one comes to them', async () => {
    await platform.db
      .insertInto('operator_rules')
      .values([{ kind: 'host', value: 'pictures.test' }])
      .execute();
    pages['/direct'] = html('<title>Held</title>');
    pages['/by'] = (_request, response) =>
      response.writeHead(302, { location: at('/direct', 'pictures.test') }).end();
    pages['/with'] = html(
      `<title>Fine</title><meta property="og:image" content="${at('/p.png', 'pictures.test')}">`,
    );
    pages['/p.png'] = bytes('image/png', await picture(200, 200).png().toBuffer());
    expect(await links.preview(at('/direct', 'pictures.test'))).toBeNull();
    expect(await links.preview(at('/by'))).toBeNull();
    expect(await links.preview(at('/with'))).toMatchObject({ title: 'Fine', image: null });
    expect(seen).toEqual(['/by', '/with']);
  });

  describe('BC-23 pictures are kept within bounds', () => {
    const folder = () => readdir(join(platform.folder, 'previews'));
    const rows = () => platform.db.selectFrom('link_images').select(['name', 'bytes', 'shown_at']).execute();
    const figures = async (metrics: ReturnType<typeof createMetrics>) =>
      /^sotto_link_images (\d+)\n[\s\S]*^sotto_link_image_bytes (\d+)\n/m
        .exec(await metrics.metrics())
        ?.slice(1);
    const nameOf = async (one: Links, path: string): Promise<string> =>
      (await one.preview(at(path)))?.image?.path.replace('/previews/', '') ?? '';
    /** Pages with pictures that weigh some 5 KB each. */
    function publish(...paths: string[]): void {
      for (const path of paths)
        pages[path] = async (_request, response) => {
          const noise = { type: 'gaussian', mean: 128, sigma: 60 } as const;
          const image = sharp({ create: { width: 96, height: 96, channels: 3, background: 'black', noise } });
          response.writeHead(200, { 'content-type': 'image/png' }).end(await image.png().toBuffer());
        };
    }
    beforeEach(async () => {
      await links.sweep();
      const nothing = node(outbound, 0);
      await nothing.sweep();
      expect([await rows(), await folder().catch(() => [])]).toEqual([[], []]);
    });

    test('BC-23 the same page named twice, on whatever node, is kept once, today and tomorrow', async () => {
      const still = await picture(400, 300).png().toBuffer();
      pages['/twice'] = bytes('image/png', still);
      const name = await nameOf(links, '/twice');
      expect(await nameOf(other, '/twice')).toBe(name);
      platform.pass(25 * 3_600_000);
      expect(await nameOf(other, '/twice')).toBe(name);
      expect(seen).toHaveLength(2);
      expect(await folder()).toEqual([name]);
      expect(await rows()).toMatchObject([{ name, bytes: (await links.readImage(name))?.byteLength }]);
    });

    test('BC-23 beyond the bound those go that were not shown for the longest; named again, they come again', async () => {
      publish('/one', '/two', '/three');
      const [one, two] = [await nameOf(links, '/one'), await nameOf(links, '/two')];
      const [first] = await rows();
      const metrics = createMetrics();
      const small = node(outbound, Math.round((first?.bytes ?? 0) * 2.5), metrics);
      platform.pass(25 * 3_600_000);
      // Somebody looks at the older one.
      expect(await small.readImage(one)).not.toBeNull();
      await expect
        .poll(async () => (await rows()).toSorted((a, b) => +a.shown_at - +b.shown_at).at(-1)?.name)
        .toBe(one);
      platform.pass(1000);
      const three = await nameOf(small, '/three');
      expect((await folder()).toSorted()).toEqual([one, three].toSorted());
      expect(await small.readImage(two)).toBeNull();
      const total = (await rows()).reduce((sum, row) => sum + row.bytes, 0);
      expect(await figures(metrics)).toEqual(['2', String(total)]);
      // Fewer are wanted now: each node sees to it.
      await Promise.all([small.sweep(), node(outbound, 0).sweep(), node(outbound, 0).sweep()]);
      await node(outbound, 0).sweep();
      expect([await rows(), await folder()]).toEqual([[], []]);
      // The page is asked again, though it would be good for a day.
      expect((await nameOf(links, '/three')).length).toBe(45);
      expect(await folder()).toHaveLength(1);
    });

    test('BC-23 a picture is kept though another cannot be deleted; that one stays counted, and goes later', async () => {
      publish('/one', '/two');
      const one = await nameOf(links, '/one');
      const [first] = await rows();
      platform.pass(1000);
      let isDown = true;
      const { blobs } = platform;
      const remove = (key: string) =>
        isDown ? Promise.reject(new Error('the store is down')) : blobs.delete(key);
      const small = createLinks(
        { ...platform, metrics: createMetrics(), blobs: { ...blobs, delete: remove } },
        outbound,
        { imageBytesMax: Math.round((first?.bytes ?? 0) * 1.5) },
      );
      const two = await nameOf(small, '/two');
      expect(await small.readImage(two)).not.toBeNull();
      expect((await rows()).map(({ name }) => name).toSorted()).toEqual([one, two].toSorted());
      isDown = false;
      await small.sweep();
      expect([(await rows()).map(({ name }) => name), await folder()]).toEqual([[two], [two]]);
    });

    test('BC-23 pictures from before they were counted are, for what they may weigh', async () => {
      const database = await testDatabase();
      const { db, close } = openDatabase({ connection: database.connection });
      try {
        await sql`drop schema public cascade`.execute(db);
        await sql`create schema public`.execute(db);
        await migrateToLatest(db, { upTo: '009-steady-plans' });
        const { rows: made } = await sql<{ id: string; of: string }>`
          with a as (insert into accounts (handle, name) values ('ada', 'Ada') returning id),
          c as (insert into conversations (kind, title) values ('group', 'Old') returning id)
          select c.id, a.id as of from a, c`.execute(db);
        const name = `${'a'.repeat(40)}.webp`;
        const shown = [{ image: { path: `/previews/${name}` } }, { image: null }];
        for (const seq of [1, 2])
          await sql`
            insert into log_entries (conversation_id, seq, kind, sender_id, client_id, text, previews)
            values (${made[0]?.id}, ${seq}, 'message', ${made[0]?.of}, uuidv7(), 'x', ${JSON.stringify(shown)}::jsonb)`.execute(
            db,
          );
        await migrateToLatest(db);
        expect(await db.selectFrom('link_images').select(['name', 'bytes']).execute()).toEqual([
          { name, bytes: 100_000 },
        ]);
      } finally {
        await close();
        await database.drop();
      }
    });

    test('BC-23 a picture from before they were counted is counted when it is asked for', async () => {
      publish('/before');
      const name = await nameOf(links, '/before');
      const kept = await links.readImage(name);
      await platform.db
        .updateTable('link_images')
        .set({ bytes: 100_000, shown_at: new Date('2026-01-01') })
        .execute();
      await links.readImage(name);
      await expect.poll(async () => (await rows())[0]?.bytes).toBe(kept?.byteLength);
    });
  });

  test('BC-23 what is no longer good is forgotten', async () => {
    pages['/old'] = html('<title>Old</title>');
    await links.preview(at('/old'));
    platform.pass(25 * 3_600_000);
    await links.sweep();
    expect(await platform.db.selectFrom('link_previews').selectAll().execute()).toEqual([]);
  });

  test.each([
    '',
    '..',
    '../secrets',
    `${'a'.repeat(40)}.webp/..`,
    `${'A'.repeat(40)}.webp`,
    `${'a'.repeat(40)}.webp\n`,
  ])('BC-23 %j names no picture', async name => {
    expect(await links.readImage(name)).toBeNull();
  });
});
