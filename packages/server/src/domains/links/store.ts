import type { LinkPreview } from '@sotto/protocol';
import { sql } from 'kysely';
import type { Database, Tx } from '../../platform/db/index.ts';

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

/** A picture that is kept, or kept again. */
export const noteImage = (db: Database, image: { name: string; bytes: number; now: Date }) =>
  db
    .insertInto('link_images')
    .values({ name: image.name, bytes: image.bytes, shown_at: image.now })
    .onConflict(conflict => conflict.column('name').doUpdateSet({ bytes: image.bytes, shown_at: image.now }))
    .execute();

/** It was asked for; written only where that was not known since `since`. */
export const noteShown = (db: Database, image: { name: string; bytes: number; now: Date; since: Date }) =>
  db
    .updateTable('link_images')
    .set({ bytes: image.bytes, shown_at: image.now })
    .where('name', '=', image.name)
    .where('shown_at', '<', image.since)
    .execute();

export async function readWeight(db: Database): Promise<{ images: number; bytes: number }> {
  const { rows } = await sql<{ images: number; bytes: number }>`
    select count(*)::int as images, coalesce(sum(bytes), 0)::float8 as bytes from link_images`.execute(db);
  return rows[0] ?? { images: 0, bytes: 0 };
}

/**
 * Takes away what is beyond so many bytes, what was not shown for the longest first. Null where another node is at it: this one
 * need not.
 * @returns names, at most `limit`
 */
export async function deleteImagesBeyond(tx: Tx, bytesMax: number, limit: number): Promise<string[] | null> {
  const lock = await sql<{ mine: boolean }>`
    select pg_try_advisory_xact_lock(hashtextextended('link images', 0)) as mine`.execute(tx);
  if (!lock.rows[0]?.mine) return null;
  // One that is shown in this moment stays: it is no longer as it was looked at.
  const { rows } = await sql<{ name: string }>`
    with old as materialized (
      select name, shown_at from (
        select name, shown_at, sum(bytes) over (order by shown_at desc, name) as up_to from link_images
      ) i where up_to > ${bytesMax} order by shown_at limit ${limit}
    )
    delete from link_images i using old where i.name = old.name and i.shown_at = old.shown_at
    returning i.name`.execute(tx);
  return rows.map(row => row.name);
}

/** Pages whose picture is gone are asked again when somebody names them again. */
export const forgetPagesOf = (tx: Tx, names: readonly string[]) =>
  sql`update link_previews set fresh_until = '-infinity'
    where preview #>> '{image,path}' = any(${names.map(name => `/previews/${name}`)}::text[])`.execute(tx);

/** Hosts that the operator holds back. */
export const readHeldHosts = async (db: Database): Promise<string[]> =>
  (await db.selectFrom('operator_rules').select('value').where('kind', '=', 'host').execute()).map(
    row => row.value,
  );
