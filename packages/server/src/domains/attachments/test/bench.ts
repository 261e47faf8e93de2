import { readdir, stat } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import type { Attachment, AttachmentKind } from '@sotto/protocol';
import { type Call, createCaller, uploadFile, uploadSource } from '@sotto/sdk';
import type { AllRoutes } from '../../../edge/http/caller.ts';
import { createHttp } from '../../../edge/http/server.ts';
import { registerFiles } from '../../../edge/pages/files.ts';
import type { Blobs } from '../../../platform/blobs/index.ts';
import { createMetrics } from '../../../platform/metrics/index.ts';
import type { TestPlatform } from '../../../platform/testing.ts';
import { accountsBench, type TestPerson } from '../../accounts/test/bench.ts';
import { type Attachments, createAttachments } from '../index.ts';

/** Time that only retries use: they need none here. */
const clock = {
  now: () => Date.now(),
  after: (ms: number, run: () => void) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

export interface AttachmentsBench {
  platform: TestPlatform;
  attachments: Attachments;
  url: string;
  person(handle: string): Promise<TestPerson & { call: Call }>;
  /** Uploads all of it, as the SDK does. */
  upload(
    call: Call,
    kind: AttachmentKind,
    bytes: Uint8Array,
    more?: { poster?: string; waveform?: number[] },
  ): Promise<Attachment>;
  /** As if it had been sent: whom `readers` names may read it. */
  send(attachment: string, readers: string[]): Promise<void>;
  /** What a link leads to. */
  get(link: string | null, headers?: Record<string, string>, method?: string): Promise<Response>;
  /** Paths of all files on disk, and their bytes. */
  files(): Promise<{ path: string; bytes: number }[]>;
  /** Whom the port lets read, by conversation. */
  readers: Map<string, string[]>;
  close(): Promise<void>;
}

/** The domain behind the real edge, on a real socket, database and folder. */
export async function attachmentsBench(
  options: { dailyBytes?: number; blobs?: Blobs } = {},
): Promise<AttachmentsBench> {
  const people = await accountsBench();
  const platform = options.blobs ? { ...people.platform, blobs: options.blobs } : people.platform;
  const readers = new Map<string, string[]>();
  const attachments = await createAttachments(
    platform,
    { dailyBytes: options.dailyBytes ?? 2 ** 40 },
    {
      maySee: async (account, conversation) => readers.get(conversation)?.includes(account) ?? false,
    },
  );
  const app = await createHttp({
    routes: { ...people.accounts.routes, ...attachments.routes } as unknown as AllRoutes,
    authenticate: people.accounts.authenticate,
    log: platform.log,
    metrics: createMetrics(),
    trustProxy: false,
    publicUrl: () => 'http://localhost',
    limitFactor: 1000,
    checkReplies: true,
  });
  registerFiles(app, { openFile: attachments.openFile, now: platform.now });
  await app.listen({ host: '127.0.0.1', port: 0 });
  const url = `http://127.0.0.1:${(app.server.address() as AddressInfo).port}`;
  return {
    platform,
    attachments,
    url,
    readers,
    person: async handle => {
      const person = await people.person(handle);
      return { ...person, call: createCaller({ baseUrl: url, token: person.token }) };
    },
    upload: (call, kind, bytes, more = {}) =>
      uploadFile({
        call,
        clock,
        random: () => 0,
        kind,
        file: uploadSource(Uint8Array.from(bytes)),
        ...more,
      }),
    send: async (attachment, names) => {
      const conversation = crypto.randomUUID();
      readers.set(conversation, names);
      await platform.db
        .updateTable('attachments')
        .set({ conversation_id: conversation, seq: 1 })
        .where('id', '=', attachment)
        .execute();
    },
    get: (link, headers = {}, method = 'GET') => fetch(`${url}${link}`, { headers, method }),
    files: () => filesOf(platform.folder),
    close: async () => {
      await app.close();
      await people.close();
    },
  };
}

async function filesOf(folder: string) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter(entry => entry.isFile()).map(entry => join(entry.parentPath, entry.name));
  return Promise.all(
    files.map(async path => ({ path: path.slice(folder.length + 1), bytes: (await stat(path)).size })),
  );
}

/** The error of a call that is refused. */
export const refusal = (
  work: Promise<unknown>,
): Promise<{ code: string; details: Record<string, unknown> }> =>
  work.then(
    () => {
      throw new Error('it was not refused');
    },
    error => ({ code: error.code, details: error.details }),
  );
