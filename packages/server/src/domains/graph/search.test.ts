import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { by, type GraphBench, graphBench, handles } from './test/bench.ts';

let bench: GraphBench;
beforeAll(async () => {
  bench = await graphBench();
});
afterAll(() => bench.close());

describe('PE-7: search for people', () => {
  test('PE-7 by the beginning of any word of name or handle, without case and accents', async () => {
    const viewer = await bench.somebody();
    await bench.person('asa.one', 'Åsa Ödegaard-Groß');
    await bench.person('asa.two', 'Asap Rocker');
    for (const query of ['asa', 'ÅSA', 'åsa', '@asa.one', 'oDe', 'gross', 'ode as', 'asa.one'])
      expect(handles(await bench.search(viewer, query))).toContain('asa.one');
    expect(handles(await bench.search(viewer, 'asa'))).toEqual(
      expect.arrayContaining(['asa.one', 'asa.two']),
    );
    expect(handles(await bench.search(viewer, 'degaard'))).toEqual([]);
    expect(handles(await bench.search(viewer, 'asa nobody'))).toEqual([]);
    expect(await bench.search(viewer, 'asa', 1)).toHaveLength(1);
  });

  test('PE-7 signs that mean something to a database mean nothing', async () => {
    const viewer = await bench.somebody();
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
    expect(await bench.search(viewer, '%')).toEqual([]);
    expect(await bench.search(viewer, "' | 'asa")).toEqual(await bench.search(viewer, 'asa'));
  });

  test('PE-7 those you follow come first, then the exact handle; you are not among them', async () => {
    const viewer = await bench.person('quill.viewer');
    await bench.person('quill');
    const followed = await bench.person('quill.zz');
    await bench.person('quill.aa');
    await bench.follow(viewer, followed);
    const found = await bench.search(viewer, 'quill');
    expect(handles(found)).toEqual(['quill.zz', 'quill', 'quill.aa']);
    expect(found[0]?.relation.following).toBe(true);
  });

  test('PE-7 an address finds nobody, nor does an old name', async () => {
    const viewer = await bench.somebody();
    const person = await bench.person('oldname');
    await bench.call('PATCH /v1/me', { body: { handle: 'fresh.handle', name: 'Fresh' } }, by(person));
    expect(await bench.search(viewer, 'oldname@people.test')).toEqual([]);
    expect(await bench.search(viewer, 'oldname')).toEqual([]);
    expect(handles(await bench.search(viewer, 'fresh'))).toEqual(['fresh.handle']);
  });

  test('PE-7 people to meet: whom those you follow follow, then the newest; none you know', async () => {
    const [me, friend] = await bench.two();
    const another = await bench.somebody();
    const [twice, once] = await bench.two();
    const followed = await bench.somebody();
    for (const each of [friend, another, followed]) await bench.follow(me, each);
    await bench.follow(friend, twice);
    await bench.follow(another, twice);
    await bench.follow(friend, once);
    await bench.follow(friend, followed);
    const newest = await bench.person('newest.of.all');
    const met = handles(await bench.search(me, undefined, 50));
    expect(met.slice(0, 3)).toEqual([twice.handle, once.handle, newest.handle]);
    for (const known of [me, friend, another, followed]) expect(met).not.toContain(known.handle);
  });
});
