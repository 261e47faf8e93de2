import { chmodSync, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateToLatest, openDatabase } from '../db/index.ts';
import { createLog } from '../log/index.ts';
import { asSuperuser } from './database.ts';
import { type Postgres, startPostgres } from './supervisor.ts';
import { clusterVariable, type TestCluster } from './testing.ts';

/**
 * Vitest's global set-up: one PostgreSQL for the whole run, started when the first test asks for a database and ended
 * with the run, whatever happens to it. Its settings are production's; only the folder is temporary.
 */
export default async function setup(): Promise<() => Promise<void>> {
  const folder = mkdtempSync(join(tmpdir(), 'sotto-test-'));
  chmodSync(folder, 0o711);
  let postgres: Postgres | undefined;
  const start = once(async (): Promise<TestCluster> => {
    postgres = await startPostgres({ dataDir: folder, log: createLog({ level: 'warn', format: 'pretty' }) });
    return prepareTemplate(postgres);
  });
  const path = join(folder, 'ask');
  const server = createServer(socket => {
    socket.on('error', () => undefined);
    start().then(
      cluster => socket.end(JSON.stringify(cluster)),
      error => socket.end(JSON.stringify({ error: String(error) })),
    );
  });
  await new Promise<void>(resolve => server.listen(path, resolve));
  process.env[clusterVariable] = path;
  return async () => {
    server.close();
    await postgres?.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function prepareTemplate({ connection }: Postgres): Promise<TestCluster> {
  const { db, close } = openDatabase({ connection });
  await migrateToLatest(db);
  await close();
  const socketFolder = connection.host;
  const template = connection.database;
  // A template that nobody can connect to can always be copied.
  await asSuperuser(socketFolder, client =>
    client.query(`alter database ${template} allow_connections false`),
  );
  return { socketFolder, template };
}

function once<T>(work: () => Promise<T>): () => Promise<T> {
  let result: Promise<T> | undefined;
  return () => {
    result ??= work();
    return result;
  };
}
