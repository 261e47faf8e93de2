import type { Profile, Relation, ServerFrame } from '@sotto/protocol';
import { sql } from 'kysely';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { type AccountsBench, accountsBench, type TestPerson } from '../accounts/testing.ts';
import { createGraph, type Graph } from './index.ts';

let bench: AccountsBench;
let graph: Graph;
let room: Profile['room'] = null;
const blocks: [string, string][] = [];
let onBlock: () => Promise<void> = async () => {};

beforeAll(async () => {
  bench = await accountsBench((platform, accounts) => {
    graph = createGraph(platform, accounts, {
      roomOf: async () => room,
      onBlock: async (_work, blocker, blocked) => {
        blocks.push([blocker, blocked]);
        await onBlock();
      },
    });
    return graph.routes;
  });
});
afterAll(() => bench.close());

let count = 0;
/** Somebody new, so that no test knows of another's people. */
const somebody = (): Promise<TestPerson> => {
  count += 1;
  return bench.person(`p${count}x`);
};
const two = async (): Promise<[TestPerson, TestPerson]> => [await somebody(), await somebody()];
async function many(number: number): Promise<TestPerson[]> {
  const people: TestPerson[] = [];
  while (people.length < number) people.push(await somebody());
  return people;
}

const by = (person: TestPerson) => ({ token: person.token });
const about = (person: { id: string }) => ({ params: { account: person.id } });
const follow = (a: TestPerson, b: { id: string }) =>
  bench.call('PUT /v1/people/:account/follow', about(b), by(a));
const unfollow = (a: TestPerson, b: { id: string }) =>
  bench.call('DELETE /v1/people/:account/follow', about(b), by(a));
const block = (a: TestPerson, b: { id: string }) =>
  bench.call('PUT /v1/people/:account/block', about(b), by(a));
const unblock = (a: TestPerson, b: { id: string }) =>
  bench.call('DELETE /v1/people/:account/block', about(b), by(a));
const profile = (a: TestPerson, handle: string) =>
  bench.call('GET /v1/people/:handle', { params: { handle } }, by(a));
const search = async (a: TestPerson, query?: string, limit?: number) =>
  (
    await bench.call(
      'GET /v1/people',
      { query: { ...(query !== undefined && { query }), ...(limit && { limit }) } },
      by(a),
    )
  ).body.people;
const handles = (people: readonly { handle: string }[]) => people.map(person => person.handle);
const none: Relation = { following: false, followsYou: false, blocked: false };

/** Frames that went to the person since the last call. */
function framesOf(person: TestPerson): ServerFrame[] {
  return bench.platform.heard.flatMap(message =>
    message.kind === 'frame' && 'accounts' in message.to && message.to.accounts.includes(person.id)
      ? [message.frame]
      : [],
  );
}

describe('PE-4: following', () => {
  test('PE-4 following shows on both sides, and both hear of it', async () => {
    const [ada, grace] = await two();
    bench.platform.heard.length = 0;
    expect((await follow(ada, grace)).body).toEqual({ ...none, following: true });
    expect(framesOf(ada)).toEqual([
      { type: 'relation', account: grace.id, relation: { ...none, following: true } },
    ]);
    expect(framesOf(grace)).toEqual([
      { type: 'relation', account: ada.id, relation: { ...none, followsYou: true } },
    ]);
    expect((await profile(grace, ada.handle)).body).toMatchObject({
      followers: 0,
      following: 1,
      relation: { ...none, followsYou: true },
      self: false,
    });
    expect((await profile(ada, grace.handle)).body).toMatchObject({ followers: 1, following: 0 });
    bench.platform.heard.length = 0;
    expect((await follow(ada, grace)).body).toEqual({ ...none, following: true });
    expect(bench.platform.heard).toEqual([]);
    expect((await unfollow(ada, grace)).body).toEqual(none);
    expect(framesOf(grace)).toEqual([{ type: 'relation', account: ada.id, relation: none }]);
    bench.platform.heard.length = 0;
    expect((await unfollow(ada, grace)).body).toEqual(none);
    expect(bench.platform.heard).toEqual([]);
  });

  test('PE-4 nobody follows or blocks themselves, somebody absent, or somebody without a profile', async () => {
    const ada = await somebody();
    const unfinished = await bench.signIn('unfinished@people.test');
    for (const call of [follow, unfollow, block, unblock]) {
      expect((await call(ada, ada)).error.code).toBe('not_yourself');
      expect((await call(ada, { id: uuidv7() })).error.code).toBe('not_found');
      expect((await call(ada, unfinished)).error.code).toBe('not_found');
      expect((await call(ada, { id: 'not-an-id' })).error.code).toBe('invalid_input');
    }
  });

  test('PE-4 other domains ask who follows whom', async () => {
    const [a, b] = await two();
    const [c, d] = await two();
    await follow(a, b);
    await follow(c, b);
    await follow(c, d);
    expect(await graph.follows(a.id, [b.id, c.id, d.id])).toEqual(new Set([b.id]));
    expect(await graph.follows(a.id, [])).toEqual(new Set());
    expect(await graph.followedByAny([a.id, b.id, d.id], [a.id, c.id])).toEqual(new Set([b.id, d.id]));
    expect(await graph.followedByAny([a.id, d.id], [b.id])).toEqual(new Set());
    expect(await graph.followedByAny([a.id], [])).toEqual(new Set());
  });
});

describe('PE-5: blocking', () => {
  test('PE-5 a block ends following both ways, and the blocked one is not told', async () => {
    const [ada, eve] = await two();
    await follow(ada, eve);
    await follow(eve, ada);
    bench.platform.heard.length = 0;
    blocks.length = 0;
    expect((await block(ada, eve)).body).toEqual({ ...none, blocked: true });
    expect(framesOf(ada)).toEqual([
      { type: 'relation', account: eve.id, relation: { ...none, blocked: true } },
    ]);
    expect(framesOf(eve)).toEqual([]);
    expect(blocks).toEqual([[ada.id, eve.id]]);
    expect(await graph.follows(ada.id, [eve.id])).toEqual(new Set());
    expect(await graph.follows(eve.id, [ada.id])).toEqual(new Set());
    for (const [one, other] of [
      [ada, eve],
      [eve, ada],
    ] as const) {
      expect(await graph.blockedEitherWay(one.id, other.id)).toBe(true);
      expect(await graph.blockedWith(one.id)).toEqual(new Set([other.id]));
    }
    bench.platform.heard.length = 0;
    expect((await block(ada, eve)).body).toEqual({ ...none, blocked: true });
    expect([bench.platform.heard, blocks.length]).toEqual([[], 1]);
  });

  test('PE-5 to the blocked one the other is as absent as someone who never was', async () => {
    const [ada, eve] = await two();
    const stranger = await somebody();
    await follow(stranger, ada);
    await block(ada, eve);
    const absent = uuidv7();
    const same = (a: { status: number; error: unknown }, b: typeof a) => {
      expect(a.status).toBe(404);
      expect({ ...(a.error as object), requestId: '' }).toEqual({ ...(b.error as object), requestId: '' });
    };
    same(await profile(eve, ada.handle), await profile(eve, 'nobody.of.this.name'));
    for (const call of [follow, unfollow, block, unblock])
      same(await call(eve, ada), await call(eve, { id: absent }));
    for (const key of ['GET /v1/people/:account/followers', 'GET /v1/people/:account/following'] as const)
      same(await bench.call(key, about(ada), by(eve)), await bench.call(key, about({ id: absent }), by(eve)));
    await expect(graph.visiblePerson(eve.id, ada.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(handles(await search(eve, ada.handle))).toEqual([]);
    expect(handles(await search(eve))).not.toContain(ada.handle);
    const following = await bench.call('GET /v1/people/:account/following', about(stranger), by(eve));
    expect(following.body.people).toEqual([]);
    expect((await profile(stranger, ada.handle)).status).toBe(200);
  });

  test('PE-5 to the blocker the other has a profile, and is in no list but that of the blocked', async () => {
    const [ada, eve] = await two();
    const star = await somebody();
    await follow(eve, star);
    await block(ada, eve);
    room = { id: uuidv7(), title: 'Evening', onStage: true };
    const { body } = await profile(ada, eve.handle);
    const others = await profile(star, eve.handle);
    room = null;
    expect(body).toMatchObject({ relation: { ...none, blocked: true }, room: null });
    expect(others.body.room?.title).toBe('Evening');
    expect(await graph.visiblePerson(ada.id, eve.id)).toMatchObject({ id: eve.id });
    expect(handles(await search(ada, eve.handle))).toEqual([]);
    const followers = await bench.call('GET /v1/people/:account/followers', about(star), by(ada));
    expect(followers.body.people).toEqual([]);
    expect((await follow(ada, eve)).error.code).toBe('not_found');
    expect(handles((await bench.call('GET /v1/me/blocks', {}, by(ada))).body.people)).toEqual([eve.handle]);
    expect((await bench.call('GET /v1/me/blocks', {}, by(eve))).body.people).toEqual([]);
  });

  test('PE-5 ending a block shows each to the other again, and following stays ended', async () => {
    const [ada, eve] = await two();
    await follow(eve, ada);
    await block(ada, eve);
    bench.platform.heard.length = 0;
    expect((await unblock(ada, eve)).body).toEqual(none);
    expect(framesOf(ada)).toEqual([{ type: 'relation', account: eve.id, relation: none }]);
    expect(framesOf(eve)).toEqual([]);
    expect((await profile(eve, ada.handle)).body.relation).toEqual(none);
    expect((await unblock(ada, eve)).body).toEqual(none);
  });

  test('PE-5 where both have blocked, each ends their own', async () => {
    const [ada, eve] = await two();
    await block(ada, eve);
    // Eve cannot see Ada any more: her block has come first.
    const { db } = bench.platform;
    await db.insertInto('blocks').values({ blocker_id: eve.id, blocked_id: ada.id }).execute();
    expect(handles((await bench.call('GET /v1/me/blocks', {}, by(ada))).body.people)).toEqual([eve.handle]);
    expect((await unblock(ada, eve)).status).toBe(200);
    expect(await graph.blockedEitherWay(ada.id, eve.id)).toBe(true);
    expect((await profile(ada, eve.handle)).status).toBe(404);
    expect((await unblock(eve, ada)).status).toBe(200);
    expect((await profile(ada, eve.handle)).status).toBe(200);
  });

  test('PE-5 a block that rooms or messages cannot carry out does not happen at all', async () => {
    const [ada, eve] = await two();
    await follow(eve, ada);
    onBlock = async () => {
      throw new Error('the room is on fire');
    };
    bench.platform.heard.length = 0;
    expect((await block(ada, eve)).status).toBe(500);
    onBlock = async () => {};
    expect(await graph.blockedEitherWay(ada.id, eve.id)).toBe(false);
    expect(await graph.follows(eve.id, [ada.id])).toEqual(new Set([ada.id]));
    expect(bench.platform.heard).toEqual([]);
  });

  test('PE-5 following and blocking at once never leaves both', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [ada, eve] = await two();
      await Promise.all([follow(eve, ada), block(ada, eve), follow(ada, eve), follow(eve, ada)]);
      expect(await graph.blockedEitherWay(ada.id, eve.id)).toBe(true);
      expect(await graph.follows(eve.id, [ada.id])).toEqual(new Set());
      expect(await graph.follows(ada.id, [eve.id])).toEqual(new Set());
    }
  });

  test('PE-5 of blocks both ways at once, one comes first, and nothing locks up', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [ada, eve] = await two();
      const answers = await Promise.all([block(ada, eve), block(eve, ada)]);
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 404]);
    }
  });
});

describe('PE-4: profiles', () => {
  test('PE-4 one’s own profile', async () => {
    const ada = await somebody();
    const { body } = await profile(ada, ada.handle.toUpperCase());
    expect(body).toMatchObject({ self: true, relation: none, followers: 0, bio: '' });
    expect(body.person).toMatchObject({ id: ada.id, newcomer: true, picture: null });
  });

  test('PE-4 pages of followers: newest first, each once, while others come and go', async () => {
    const [star, viewer] = await two();
    const fans = await many(7);
    for (const fan of fans) await follow(fan, star);
    const page = (after?: string | null) =>
      bench.call(
        'GET /v1/people/:account/followers',
        { ...about(star), query: { limit: 3, ...(after && { after }) } },
        by(viewer),
      );
    const first = await page();
    expect(handles(first.body.people)).toEqual(handles(fans).reverse().slice(0, 3));
    // Someone new on top, and the last of the page gone: the next page neither repeats nor skips.
    await follow(viewer, star);
    const last = fans[4];
    if (last) await unfollow(last, star);
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
    const [star, viewer] = await two();
    const fans = await many(5);
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
      const ada = await somebody();
      const { error } = await bench.call(
        'GET /v1/people/:account/followers',
        { ...about(ada), query: { after } },
        by(ada),
      );
      expect(error).toMatchObject({ code: 'invalid_input', details: { issues: [{ path: 'query.after' }] } });
    },
  );
});

describe('PE-7: search for people', () => {
  test('PE-7 by the beginning of any word of name or handle, without case and accents', async () => {
    const viewer = await somebody();
    await bench.person('asa.one', 'Åsa Ödegaard-Groß');
    await bench.person('asa.two', 'Asap Rocker');
    for (const query of ['asa', 'ÅSA', 'åsa', '@asa.one', 'oDe', 'gross', 'ode as', 'asa.one'])
      expect(handles(await search(viewer, query))).toContain('asa.one');
    expect(handles(await search(viewer, 'asa'))).toEqual(expect.arrayContaining(['asa.one', 'asa.two']));
    expect(handles(await search(viewer, 'degaard'))).toEqual([]);
    expect(handles(await search(viewer, 'asa nobody'))).toEqual([]);
    expect(await search(viewer, 'asa', 1)).toHaveLength(1);
  });

  test('PE-7 signs that mean something to a database mean nothing', async () => {
    const viewer = await somebody();
    for (const query of [
      '%',
      '_',
      '*',
      "'",
      "' | 'a",
      ':*',
      '\\',
      '!',
      '()',
      '& |',
      "a' & !'b",
      '\u0000',
      '%%%a_',
    ])
      expect((await bench.call('GET /v1/people', { query: { query } }, by(viewer))).status).toBe(200);
    expect(await search(viewer, '%')).toEqual([]);
    expect(await search(viewer, "' | 'asa")).toEqual(await search(viewer, 'asa'));
  });

  test('PE-7 those you follow come first, then the exact handle; you are not among them', async () => {
    const viewer = await bench.person('quill.viewer');
    await bench.person('quill');
    const followed = await bench.person('quill.zz');
    await bench.person('quill.aa');
    await follow(viewer, followed);
    const found = await search(viewer, 'quill');
    expect(handles(found)).toEqual(['quill.zz', 'quill', 'quill.aa']);
    expect(found[0]?.relation.following).toBe(true);
  });

  test('PE-7 an address finds nobody, nor does an old name', async () => {
    const viewer = await somebody();
    const person = await bench.person('oldname');
    await bench.call('PATCH /v1/me', { body: { handle: 'fresh.handle', name: 'Fresh' } }, by(person));
    expect(await search(viewer, 'oldname@people.test')).toEqual([]);
    expect(await search(viewer, 'oldname')).toEqual([]);
    expect(handles(await search(viewer, 'fresh'))).toEqual(['fresh.handle']);
  });

  test('PE-7 people to meet: whom those you follow follow, then the newest; none you know', async () => {
    const [me, friend] = await two();
    const another = await somebody();
    const [twice, once] = await two();
    const followed = await somebody();
    for (const each of [friend, another, followed]) await follow(me, each);
    await follow(friend, twice);
    await follow(another, twice);
    await follow(friend, once);
    await follow(friend, followed);
    const newest = await bench.person('newest.of.all');
    const met = handles(await search(me, undefined, 50));
    expect(met.slice(0, 3)).toEqual([twice.handle, once.handle, newest.handle]);
    for (const known of [me, friend, another, followed]) expect(met).not.toContain(known.handle);
  });
});
