import type { Database } from './db/index.ts';

/**
 * A key that is kept with the data and is the same on every node. Whoever asks first makes it.
 * @param make runs each time the secret is absent; of several that were made at once, one is kept
 */
export async function keptSecret(db: Database, name: string, make: () => Buffer): Promise<Buffer> {
  const read = () => db.selectFrom('secrets').select('value').where('name', '=', name).executeTakeFirst();
  const kept = await read();
  if (kept) return kept.value;
  await db
    .insertInto('secrets')
    .values({ name, value: make() })
    .onConflict(conflict => conflict.column('name').doNothing())
    .execute();
  const made = await read();
  if (!made) throw new Error(`keptSecret: ${name} was deleted`);
  return made.value;
}
