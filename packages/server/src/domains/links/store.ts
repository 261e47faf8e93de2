import type { LinkPreview } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Database } from '../../platform/db/index.ts';

export type Kept = Omit<LinkPreview, 'url'>;

/** What is known of a page, if it is still good; `preview` null: there is nothing to show. */
export const readKept = (
  db: Database,
  hash: Buffer,
  now: Date,
): Promise<{ preview: Kept | null } | undefined> =>
  db
    .selectFrom('link_previews')
    .select('preview')
    .where('url_hash', '=', hash)
    .where('fresh_until', '>', now)
    .executeTakeFirst();

/** Whether this caller is now the one who asks the page: nobody else is, until `until`. */
export async function claim(db: Database, hash: Buffer, now: Date, until: Date): Promise<boolean> {
  const { rows } = await sql`
    insert into link_previews (url_hash, fresh_until, fetching_until) values (${hash}, '-infinity', ${until})
    on conflict (url_hash) do update set fetching_until = ${until}
    where link_previews.fresh_until <= ${now}
      and (link_previews.fetching_until is null or link_previews.fetching_until <= ${now})
    returning true`.execute(db);
  return rows.length > 0;
}

export const keep = (db: Database, hash: Buffer, preview: Kept | null, until: Date) =>
  db
    .updateTable('link_previews')
    .set({ preview: preview && JSON.stringify(preview), fresh_until: until, fetching_until: null })
    .where('url_hash', '=', hash)
    .execute();

export const deleteOld = (db: Database, before: Date) =>
  db
    .deleteFrom('link_previews')
    .where('fresh_until', '<', before)
    .where(eb => eb.or([eb('fetching_until', 'is', null), eb('fetching_until', '<', before)]))
    .execute();

/** Hosts that the operator holds back. */
export const readHeldHosts = async (db: Database): Promise<string[]> =>
  (await db.selectFrom('operator_rules').select('value').where('kind', '=', 'host').execute()).map(
    row => row.value,
  );
