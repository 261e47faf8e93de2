import { type Migration, Migrator } from 'kysely/migration';
import type { Database } from './database.ts';
import * as m001 from './migrations/001-foundation.ts';
import * as m002 from './migrations/002-append-message.ts';
import * as m003 from './migrations/003-backchannel.ts';
import * as m004 from './migrations/004-attachments.ts';
import * as m005 from './migrations/005-links-and-push.ts';
import * as m006 from './migrations/006-newcomers.ts';
import * as m007 from './migrations/007-search-owed.ts';
import * as m008 from './migrations/008-lean-sending.ts';
import * as m009 from './migrations/009-steady-plans.ts';
import * as m010 from './migrations/010-kept-in-bounds.ts';

/** Numbered, self-contained, only forward. */
const migrations: Record<string, Migration> = {
  '001-foundation': m001,
  '002-append-message': m002,
  '003-backchannel': m003,
  '004-attachments': m004,
  '005-links-and-push': m005,
  '006-newcomers': m006,
  '007-search-owed': m007,
  '008-lean-sending': m008,
  '009-steady-plans': m009,
  '010-kept-in-bounds': m010,
};

/**
 * Brings the database to the newest schema; several nodes may call it at once (kysely takes a lock).
 * @param options.upTo no further than this migration
 */
export async function migrateToLatest(
  db: Database,
  options: { upTo?: string } = {},
): Promise<readonly string[]> {
  const migrator = new Migrator({
    db,
    provider: { getMigrations: async () => migrations },
  });
  const { error, results } = await (options.upTo === undefined
    ? migrator.migrateToLatest()
    : migrator.migrateTo(options.upTo));
  if (error) throw error;
  return (results ?? []).map(result => result.migrationName);
}
