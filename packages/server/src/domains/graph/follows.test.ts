import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { about, by, type GraphBench, graphBench, handles, none } from './test/bench.ts';

let bench: GraphBench;
beforeAll(async () => {
  bench = await graphBench();
});
afterAll(() => bench.close());

describe('PE-4: following', () => {
  test('PE-4 following shows on both sides, and both hear of it', async () => {
    const [ada, grace] = await bench.two();
    bench.platform.heard.length = 0;
    expect((await bench.follow(ada, grace)).body).toEqual({ ...none, following: true });
    expect(bench.framesOf(ada)).toEqual([
      { type: 'relation', account: grace.id, relation: { ...none, following: true } },
    ]);
    expect(bench.framesOf(grace)).toEqual([
      { type: 'relation', account: ada.id, relation: { ...none, followsYou: true } },
    ]);
    expect((await bench.profile(grace, ada.handle)).body).toMatchObject({
      followers: 0,
      following: 1,
      relation: { ...none, followsYou: true },
      self: false,
    });
    expect((await bench.profile(ada, grace.handle)).body).toMatchObject({ followers: 1, following: 0 });
    bench.platform.heard.length = 0;
    expect((await bench.follow(ada, grace)).body).toEqual({ ...none, following: true });
    expect(bench.platform.heard).toEqual([]);
    expect((await bench.unfollow(ada, grace)).body).toEqual(none);
    expect(bench.framesOf(grace)).toEqual([{ type: 'relation', account: ada.id, relation: none }]);
    bench.platform.heard.length = 0;
    expect((await bench.unfollow(ada, grace)).body).toEqual(none);
    expect(bench.platform.heard).toEqual([]);
  });

  test('PE-4 nobody follows or blocks themselves, somebody absent, or somebody without a profile', async () => {
    const ada = await bench.somebody();
    const unfinished = await bench.signIn('unfinished@people.test');
    for (const call of [bench.follow, bench.unfollow, bench.block, bench.unblock]) {
      expect((await call(ada, ada)).error.code).toBe('not_yourself');
      expect((await call(ada, { id: uuidv7() })).error.code).toBe('not_found');
      expect((await call(ada, unfinished)).error.code).toBe('not_found');
      expect((await call(ada, { id: 'not-an-id' })).error.code).toBe('invalid_input');
    }
  });

  test('PE-4 other domains ask who follows whom', async () => {
    const [a, b] = await bench.two();
    const [c, d] = await bench.two();
    await bench.follow(a, b);
    await bench.follow(c, b);
    await bench.follow(c, d);
    expect(await bench.graph.follows(a.id, [b.id, c.id, d.id])).toEqual(new Set([b.id]));
    expect(await bench.graph.follows(a.id, [])).toEqual(new Set());
    expect(await bench.graph.followedByAny([a.id, b.id, d.id], [a.id, c.id])).toEqual(new Set([b.id, d.id]));
    expect(await bench.graph.followedByAny([a.id, d.id], [b.id])).toEqual(new Set());
    expect(await bench.graph.followedByAny([a.id], [])).toEqual(new Set());
  });
});

describe('PE-4: profiles', () => {
  test('PE-4 one’s own profile', async () => {
    const ada = await bench.somebody();
    const { body } = await bench.profile(ada, ada.handle.toUpperCase());
    expect(body).toMatchObject({ self: true, relation: none, followers: 0, bio: '' });
    expect(body.person).toMatchObject({ id: ada.id, newcomer: true, picture: null });
  });

  test('PE-4 pages of followers: newest first, each once, while others come and go', async () => {
    const [star, viewer] = await bench.two();
    const fans = await bench.many(7);
    for (const fan of fans) await bench.follow(fan, star);
    const page = (after?: string | null) =>
      bench.call(
        'GET /v1/people/:account/followers',
        { ...about(star), query: { limit: 3, ...(after && { after }) } },
        by(viewer),
      );
    const first = await page();
    expect(handles(first.body.people)).toEqual(handles(fans).reverse().slice(0, 3));
    // Someone new on top, and the last of the page gone: the next page neither repeats nor skips.
    await bench.follow(viewer, star);
    const last = fans[4];
    if (last) await bench.unfollow(last, star);
    const second = await page(first.body.next);
    const third = await page(second.body.next);
    expect(handles([...second.body.people, ...third.body.people])).toEqual(handles(fans).reverse().slice(3));
    expect(third.body.next).toBeNull();
    const following = await bench.call(
      'GET /v1/people/:account/following',
      about(fans[0] ?? star),
      by(viewer),
    );
    expect(following.body).toMatchObject({
      people: [{ handle: star.handle, relation: { ...none, following: true } }],
      next: null,
    });
  });

  test('PE-4 followers of the very same instant, finer than a millisecond, come each once', async () => {
    const [star, viewer] = await bench.two();
    const fans = await bench.many(5);
    const { db } = bench.platform;
    await db
      .insertInto('follows')
      .values(
        fans.map(fan => ({
          follower_id: fan.id,
          followee_id: star.id,
          created_at: sql<Date>`timestamptz '2026-01-02 03:04:05.678901Z'`,
        })),
      )
      .execute();
    const pages = async (after: string | null): Promise<string[]> => {
      const query = { limit: 2, ...(after !== null && { after }) };
      const { body } = await bench.call(
        'GET /v1/people/:account/followers',
        { ...about(star), query },
        by(viewer),
      );
      return [...handles(body.people), ...(body.next === null ? [] : await pages(body.next))];
    };
    const seen = await pages(null);
    expect(seen).toHaveLength(5);
    expect(new Set(seen)).toEqual(new Set(handles(fans)));
  });

  test.each(['x', '', 'MTIz', Buffer.from('1.2').toString('base64url'), 'é', "' or 1=1"])(
    'PE-4 %j is no cursor',
    async after => {
      const ada = await bench.somebody();
      const { error } = await bench.call(
        'GET /v1/people/:account/followers',
        { ...about(ada), query: { after } },
        by(ada),
      );
      expect(error).toMatchObject({ code: 'invalid_input', details: { issues: [{ path: 'query.after' }] } });
    },
  );
});
