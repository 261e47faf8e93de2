import { randomBytes } from 'node:crypto';
import type { Attachment } from '@sotto/protocol';
import { Counter } from 'prom-client';
import type { OpenFile } from '../../edge/pages/files.ts';
import type { Executor } from '../../platform/db/index.ts';
import type { Platform } from '../../platform/platform.ts';
import { keptSecret } from '../../platform/secrets.ts';
import type { AttachmentPorts, Context } from './context.ts';
import { openFile } from './files.ts';
import { createLinks, type SignedPath } from './links.ts';
import { attachmentRoutes } from './routes.ts';
import { readAttachments } from './store.ts';
import { sweep } from './sweep.ts';

/** Images, videos and voice notes that come with messages (BC-20 to BC-22). */
export interface Attachments {
  routes: ReturnType<typeof attachmentRoutes>;
  /** These attachments with links of now; absent ones are left out. Who may see them is the caller's to know. */
  present(ids: readonly string[], executor?: Executor): Promise<Map<string, Attachment>>;
  /** The file behind a path that `present` gave; null if it is none of ours, or has expired. */
  openFile(path: SignedPath): OpenFile | null;
  /** Deletes what was begun or finished a day ago and never sent. To be called every few minutes, on any node. */
  sweep(): Promise<void>;
}

/** @param options.dailyBytes what one person may upload in 24 hours */
export async function createAttachments(
  platform: Platform,
  options: { dailyBytes: number },
  ports: AttachmentPorts,
): Promise<Attachments> {
  const key = await keptSecret(platform.db, 'file-links', () => randomBytes(32));
  const finished = new Counter({
    name: 'sotto_uploads_finished_total',
    help: 'Uploads that were checked, and what came of it.',
    labelNames: ['kind', 'outcome'],
    registers: [platform.metrics],
  });
  const context: Context = {
    ...platform,
    ...options,
    ports,
    links: createLinks(key, platform.now),
    finishing: new Map(),
    finished,
  };
  return {
    routes: attachmentRoutes(context),
    present: async (ids, executor = platform.db) => {
      const rows = await readAttachments(executor, ids);
      return new Map(rows.map(row => [row.id, context.links.present(row)]));
    },
    openFile: path => openFile(context, path),
    sweep: () => sweep(context),
  };
}
