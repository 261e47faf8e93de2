import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { keptSecret } from './secrets.ts';
import { type TestPlatform, testPlatform } from './testing.ts';

let platform: TestPlatform;
beforeAll(async () => {
  platform = await testPlatform();
});
afterAll(() => platform.close());

it('BC-22 a secret is made once, also by nodes that ask at the same instant, and stays', async () => {
  const asked = await Promise.all(
    Array.from({ length: 8 }, () => keptSecret(platform.db, 'links', () => randomBytes(32))),
  );
  const [first] = asked;
  expect(first).toHaveLength(32);
  for (const each of asked) expect(each).toEqual(first);
  expect(await keptSecret(platform.db, 'links', () => randomBytes(32))).toEqual(first);
  expect(await keptSecret(platform.db, 'other', () => randomBytes(32))).not.toEqual(first);
});
