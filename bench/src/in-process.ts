import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, loadConfig, startApp, startPostgres } from '@sotto/server';
import { createMailbox } from '@sotto/testkit';

/**
 * The real app on the real embedded PostgreSQL, in this process, with rate limits that do not matter; all of it ends with the
 * stack.
 */
export async function startInProcess(stack: AsyncDisposableStack) {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  // As root, PostgreSQL runs as somebody else, who must get through.
  await chmod(folder, 0o711);
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const log = createLog({ level: 'warn', format: 'json' });
  const { connection, stop } = await startPostgres({ dataDir: folder, log });
  stack.defer(stop);
  const mailbox = createMailbox();
  const app = await startApp(
    loadConfig(
      { PORT: '0', HOST: '127.0.0.1', AUDIO_PORT: '0', AUDIO_HOST: '127.0.0.1', SOTTO_DATA: folder },
      false,
    ),
    { log, connection, limitFactor: 1_000_000, mailer: mailbox.mailer },
  );
  stack.defer(() => app.stop());
  return { port: app.httpPort, connection, mailbox };
}
