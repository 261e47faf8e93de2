import type { ColumnType, Generated } from 'kysely';

/** Tables of migrations 005 and 010 for links. */
export interface LinkTables {
  link_previews: {
    /** SHA-256 of the URL without its fragment. */
    url_hash: Buffer;
    /** As the contract shows it, without `url`; null: nothing to show. */
    preview: ColumnType<
      { title: string; description: string; site: string; image: LinkImage | null } | null,
      string | null,
      string | null
    >;
    fresh_until: Date;
    /** Until then somebody is asking the page. */
    fetching_until: Date | null;
  };
  /** Pictures that are kept (migration 010). */
  link_images: {
    /** Of the file below `previews/`. */
    name: string;
    bytes: number;
    /** When it was last asked for, to the day. */
    shown_at: Date;
  };
  /** Messages whose links are to be looked at; written with the message itself. */
  link_jobs: {
    conversation_id: string;
    seq: number;
    due_at: Date;
    tries: Generated<number>;
  };
}

interface LinkImage {
  path: string;
  width: number;
  height: number;
  blur: string | null;
}
