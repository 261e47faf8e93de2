import { createHash, randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createLog, openDatabase, type Postgres, startPostgres } from '@sotto/server';
import { startNats, type TestNats } from '@sotto/server/testing/nats';
import { databaseUrl } from '../database.ts';
import { type ServerProcess, serverProcess } from '../process.ts';
import { type NatsRelay, natsRelay } from '../wire/nats.ts';

/** Two app processes, a PostgreSQL and a NATS, each of which may be killed and comes back. */
export interface Cluster {
  /** Where each app listens now. */
  port(node: number): number;
  /** Called when an app is gone, and when it is there again, on another port: as what a proxy in front would notice. */
  onChange(listener: () => void): void;
  /** The apps that are there. */
  up(): number[];
  /** `kill -9`, and a new start on the same folder after a while. */
  killApp(node: number, downMs: number): Promise<void>;
  freezeApp(node: number, frozenMs: number): Promise<void>;
  /** PostgreSQL is stopped at once, as by a crash of the machine, and started again. */
  stopDatabase(downMs: number): Promise<void>;
  /** `kill -9` of the postmaster: its supervisor brings it back, and it recovers. */
  crashDatabase(): Promise<void>;
  killNats(downMs: number): Promise<void>;
  freezeNats(frozenMs: number): Promise<void>;
  /** The way from NATS to the apps. */
  readonly bus: NatsRelay;
  /** The newest code sent to an address, by the app that was asked. */
  code(node: number, address: string): Promise<string>;
  /** A further session of an account, without the way by mail. Returns its token. */
  session(account: string): Promise<string>;
  stop(): Promise<void>;
}

export const APPS = 2;

const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));
const quiet = createLog({ level: 'silent', format: 'json' });

export async function startCluster(): Promise<Cluster> {
  await using starting = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sotto-history-'));
  // PostgreSQL does not run as root, and its user must get to its folder.
  await chmod(folder, 0o755);
  starting.defer(() => rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));
  await mkdir(join(folder, 'database'), { mode: 0o755 });
  const openPostgres = () => startPostgres({ dataDir: join(folder, 'database'), log: quiet });
  let postgres: Postgres = await openPostgres();
  starting.defer(() => postgres.stop());
  const nats: TestNats = await startNats();
  starting.defer(() => nats.stop('SIGKILL'));
  const bus = await natsRelay(nats.port);
  starting.defer(() => bus.close());
  const env = {
    DATABASE_URL: databaseUrl(postgres.connection),
    NATS_URL: bus.url,
    ROLE: 'app',
    LOG_LEVEL: 'fatal',
  };
  const start = (node: number) => serverProcess(join(folder, `app-${node}`), env, 'none');
  const apps: ServerProcess[] = [];
  for (let node = 0; node < APPS; node += 1) {
    apps.push(await start(node));
    starting.defer(async () => void (await apps[node]?.stop()));
  }
  const listeners = new Set<() => void>();
  const down = new Set<number>();
  const tell = () => {
    for (const listener of listeners) listener();
  };
  const app = (node: number): ServerProcess => {
    const found = apps[node];
    if (!found) throw new Error(`cluster: there is no app ${node}`);
    return found;
  };
  const { connection } = postgres;
  const running = starting.move();
  return {
    port: node => app(node).port,
    onChange: listener => void listeners.add(listener),
    up: () => [...apps.keys()].filter(node => !down.has(node)),
    async killApp(node, downMs) {
      down.add(node);
      await app(node).kill();
      tell();
      await pause(downMs);
      // While the database is away an app does not start; whoever runs it tries again.
      for (let tries = 0; ; tries += 1) {
        try {
          apps[node] = await start(node);
          break;
        } catch (error) {
          if (tries === 20) throw error;
          await pause(300);
        }
      }
      down.delete(node);
      tell();
    },
    async freezeApp(node, frozenMs) {
      const frozen = app(node);
      frozen.freeze();
      await pause(frozenMs);
      frozen.thaw();
    },
    async stopDatabase(downMs) {
      await postgres.stop(0);
      await pause(downMs);
      postgres = await openPostgres();
    },
    async crashDatabase() {
      const pid = Number(
        (await readFile(join(postgres.folder, 'cluster', 'postmaster.pid'), 'utf8')).split('\n')[0],
      );
      process.kill(pid, 'SIGKILL');
    },
    async killNats(downMs) {
      await nats.stop('SIGKILL');
      await pause(downMs);
      await nats.start();
    },
    async freezeNats(frozenMs) {
      nats.freeze();
      await pause(frozenMs);
      nats.thaw();
    },
    bus,
    code: (node, address) => app(node).code(address),
    session: account => insertSession(connection, account),
    stop: () => running.disposeAsync(),
  };
}

async function insertSession(connection: Postgres['connection'], account: string): Promise<string> {
  const token = randomBytes(32).toString('base64url');
  const { db, close } = openDatabase({ connection });
  try {
    await db
      .insertInto('sessions')
      .values({
        account_id: account,
        token_hash: createHash('sha256').update(token).digest(),
        client: 'history',
        last_seen_at: new Date(),
      })
      .execute();
  } finally {
    await close();
  }
  return token;
}
