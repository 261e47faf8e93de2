import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { about, by, type GraphBench, graphBench, handles, none } from './test/bench.ts';

let bench: GraphBench;
beforeAll(async () => {
  bench = await graphBench();
});
afterAll(() => bench.close());

describe('PE-5: blocking', () => {
  test('PE-5 a block ends following both ways, and the blocked one is not told', async () => {
    const [ada, eve] = await bench.two();
    await bench.follow(ada, eve);
    await bench.follow(eve, ada);
    bench.platform.heard.length = 0;
    const blocks: [string, string][] = [];
    bench.above.onBlock = async (_work, ...pair) => void blocks.push(pair);
    expect((await bench.block(ada, eve)).body).toEqual({ ...none, blocked: true });
    expect(bench.framesOf(ada)).toEqual([
      { type: 'relation', account: eve.id, relation: { ...none, blocked: true } },
    ]);
    expect(bench.framesOf(eve)).toEqual([]);
    expect(blocks).toEqual([[ada.id, eve.id]]);
    expect(await bench.graph.follows(ada.id, [eve.id])).toEqual(new Set());
    expect(await bench.graph.follows(eve.id, [ada.id])).toEqual(new Set());
    for (const [one, other] of [
      [ada, eve],
      [eve, ada],
    ] as const) {
      expect(await bench.graph.blockedEitherWay(one.id, other.id)).toBe(true);
      expect(await bench.graph.blockedWith(one.id)).toEqual(new Set([other.id]));
      expect(await bench.graph.blockedWithEach([one.id, uuidv7()])).toEqual(
        new Map([[one.id, new Set([other.id])]]),
      );
    }
    expect((await bench.graph.blockedWithEach([ada.id, eve.id])).size).toBe(2);
    bench.platform.heard.length = 0;
    expect((await bench.block(ada, eve)).body).toEqual({ ...none, blocked: true });
    expect([bench.platform.heard, blocks.length]).toEqual([[], 1]);
  });

  test('PE-5 to the blocked one the other is as absent as someone who never was', async () => {
    const [ada, eve] = await bench.two();
    const stranger = await bench.somebody();
    await bench.follow(stranger, ada);
    await bench.block(ada, eve);
    const absent = uuidv7();
    const same = (a: { status: number; error: unknown }, b: typeof a) => {
      expect(a.status).toBe(404);
      expect({ ...(a.error as object), requestId: '' }).toEqual({ ...(b.error as object), requestId: '' });
    };
    same(await bench.profile(eve, ada.handle), await bench.profile(eve, 'nobody.of.this.name'));
    for (const call of [bench.follow, bench.unfollow, bench.block, bench.unblock])
      same(await call(eve, ada), await call(eve, { id: absent }));
    for (const key of ['GET /v1/people/:account/followers', 'GET /v1/people/:account/following'] as const)
      same(await bench.call(key, about(ada), by(eve)), await bench.call(key, about({ id: absent }), by(eve)));
    await expect(bench.graph.visiblePerson(eve.id, ada.id)).rejects.toMatchObject({ code: 'not_found' });
    expect(handles(await bench.search(eve, ada.handle))).toEqual([]);
    expect(handles(await bench.search(eve))).not.toContain(ada.handle);
    const following = await bench.call('GET /v1/people/:account/following', about(stranger), by(eve));
    expect(following.body.people).toEqual([]);
    expect((await bench.profile(stranger, ada.handle)).status).toBe(200);
  });

  test('PE-5 to the blocker the other has a profile, and is in no list but that of the blocked', async () => {
    const [ada, eve] = await bench.two();
    const star = await bench.somebody();
    await bench.follow(eve, star);
    await bench.block(ada, eve);
    bench.above.room = { id: uuidv7(), title: 'Evening', onStage: true };
    const { body } = await bench.profile(ada, eve.handle);
    const others = await bench.profile(star, eve.handle);
    bench.above.room = null;
    expect(body).toMatchObject({ relation: { ...none, blocked: true }, room: null });
    expect(others.body.room?.title).toBe('Evening');
    expect(await bench.graph.visiblePerson(ada.id, eve.id)).toMatchObject({ id: eve.id });
    expect(handles(await bench.search(ada, eve.handle))).toEqual([]);
    const followers = await bench.call('GET /v1/people/:account/followers', about(star), by(ada));
    expect(followers.body.people).toEqual([]);
    expect((await bench.follow(ada, eve)).error.code).toBe('not_found');
    expect(handles((await bench.call('GET /v1/me/blocks', {}, by(ada))).body.people)).toEqual([eve.handle]);
    expect((await bench.call('GET /v1/me/blocks', {}, by(eve))).body.people).toEqual([]);
  });

  test('PE-5 ending a block shows each to the other again, and following stays ended', async () => {
    const [ada, eve] = await bench.two();
    await bench.follow(eve, ada);
    await bench.block(ada, eve);
    bench.platform.heard.length = 0;
    expect((await bench.unblock(ada, eve)).body).toEqual(none);
    expect(bench.framesOf(ada)).toEqual([{ type: 'relation', account: eve.id, relation: none }]);
    expect(bench.framesOf(eve)).toEqual([]);
    expect((await bench.profile(eve, ada.handle)).body.relation).toEqual(none);
    expect((await bench.unblock(ada, eve)).body).toEqual(none);
  });

  test('PE-5 where both have blocked, each ends their own', async () => {
    const [ada, eve] = await bench.two();
    await bench.block(ada, eve);
    // Eve cannot see Ada any more: her block has come first.
    const { db } = bench.platform;
    await db.insertInto('blocks').values({ blocker_id: eve.id, blocked_id: ada.id }).execute();
    expect(handles((await bench.call('GET /v1/me/blocks', {}, by(ada))).body.people)).toEqual([eve.handle]);
    expect((await bench.unblock(ada, eve)).status).toBe(200);
    expect(await bench.graph.blockedEitherWay(ada.id, eve.id)).toBe(true);
    expect((await bench.profile(ada, eve.handle)).status).toBe(404);
    expect((await bench.unblock(eve, ada)).status).toBe(200);
    expect((await bench.profile(ada, eve.handle)).status).toBe(200);
  });

  test('PE-5 a block that rooms or messages cannot carry out does not happen at all', async () => {
    const [ada, eve] = await bench.two();
    await bench.follow(eve, ada);
    bench.above.onBlock = async () => {
      throw new Error('the room is on fire');
    };
    bench.platform.heard.length = 0;
    expect((await bench.block(ada, eve)).status).toBe(500);
    bench.above.onBlock = async () => {};
    expect(await bench.graph.blockedEitherWay(ada.id, eve.id)).toBe(false);
    expect(await bench.graph.follows(eve.id, [ada.id])).toEqual(new Set([ada.id]));
    expect(bench.platform.heard).toEqual([]);
  });

  test('PE-5 following and blocking at once never leaves both', async () => {
    for (let round = 0; round < 8; round += 1) {
      const [ada, eve] = await bench.two();
      await Promise.all([
        bench.follow(eve, ada),
        bench.block(ada, eve),
        bench.follow(ada, eve),
        bench.follow(eve, ada),
      ]);
      expect(await bench.graph.blockedEitherWay(ada.id, eve.id)).toBe(true);
      expect(await bench.graph.follows(eve.id, [ada.id])).toEqual(new Set());
      expect(await bench.graph.follows(ada.id, [eve.id])).toEqual(new Set());
    }
  });

  test('PE-5 of blocks both ways at once, one comes first, and nothing locks up', async () => {
    for (let round = 0; round < 4; round += 1) {
      const [ada, eve] = await bench.two();
      const answers = await Promise.all([bench.block(ada, eve), bench.block(eve, ada)]);
      expect(answers.map(answer => answer.status).sort()).toEqual([200, 404]);
    }
  });
});
