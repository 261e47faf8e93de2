import { type CallKey, type CallSpec, calls } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { type GraphBench, graphBench } from './test/bench.ts';

let bench: GraphBench;
let unfinished: { token: string };
beforeAll(async () => {
  bench = await graphBench();
  unfinished = await bench.signIn('unfinished@people.test');
});
afterAll(() => bench.close());

const mine = (Object.entries(calls) as [CallKey, CallSpec][]).filter(([, { tag }]) =>
  ['Accounts', 'People'].includes(tag),
);
const params = { account: uuidv7(), session: uuidv7(), handle: 'nobody.here' };

describe('every call of accounts and people says who may', () => {
  test.each(mine)('PE-1 %s', async (key, { access }) => {
    const input = { params };
    const nobody = await bench.call(key, input);
    const stale = await bench.call(key, input, { token: 'x'.repeat(43) });
    const halfway = await bench.call(key, input, unfinished);
    if (access === 'public') {
      for (const { status } of [nobody, stale, halfway]) expect(status).not.toBe(401);
      return;
    }
    expect([nobody.status, nobody.error.code]).toEqual([401, 'not_signed_in']);
    expect([stale.status, stale.error.code]).toEqual([401, 'not_signed_in']);
    if (access === 'session') expect(halfway.error?.code).not.toBe('profile_incomplete');
    else expect([halfway.status, halfway.error.code]).toEqual([403, 'profile_incomplete']);
    if (key.endsWith('/sign-out')) unfinished = await bench.signIn('unfinished@people.test');
  });
});
