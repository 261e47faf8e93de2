import type { ErrorDetails } from '@sotto/protocol';
import type { ColumnType, Generated } from 'kysely';

type Kind = 'image' | 'video' | 'voice';

/** Tables of migration 004. */
export interface AttachmentTables {
  /** Keys that all nodes share, each made once by whoever needs it first. */
  secrets: {
    name: string;
    value: Buffer;
    created_at: Generated<Date>;
  };
  uploads: {
    id: string;
    owner_id: string;
    kind: Kind;
    name: string;
    bytes: number;
    stored: Generated<number>;
    state: Generated<'open' | 'done' | 'refused' | 'cancelled'>;
    refusal: ColumnType<ErrorDetails<'attachment_rejected'> | null, string | null, string | null>;
    finishing_until: Date | null;
    created_at: Date;
  };
  upload_chunks: {
    upload_id: string;
    start: number;
    bytes: number;
    /** Blob key. */
    key: string;
  };
  attachments: {
    /** That of its upload. */
    id: string;
    owner_id: string;
    kind: Kind;
    type: string;
    bytes: number;
    width: number | null;
    height: number | null;
    seconds: number | null;
    moving: boolean;
    blur: string | null;
    waveform: ColumnType<number[] | null, string | null, string | null>;
    /** Names below the blob folder `attachments/<id>/`. */
    file_names: string[];
    conversation_id: string | null;
    seq: number | null;
    created_at: Date;
  };
}
