/**
 * The server of the benchmark, in a process of its own: the real app on the real embedded PostgreSQL, with rate limits
 * that do not matter. Talks to its parent by messages.
 */
import { randomUUID } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createLog, loadConfig, openDatabase, startApp, startPostgres } from '@sotto/server';
import { descendantsCpu } from './cpu.ts';
import type { Answer, Ask } from './remote.ts';

const say = (answer: Answer): void => void process.send?.(answer);
const dataDir = process.argv[2] ?? '';
const log = createLog({ level: 'warn', format: 'json' });
const postgres = await startPostgres({ dataDir, log });
const app = await startApp(
  loadConfig(
    { PORT: '0', HOST: '127.0.0.1', AUDIO_PORT: '0', AUDIO_HOST: '127.0.0.1', SOTTO_DATA: dataDir },
    false,
  ),
  {
    log,
    connection: postgres.connection,
    limitFactor: 1_000_000,
    mailer: {
      printed: false,
      send: async ({ to, text }) =>
        say({ kind: 'code', address: to, code: (/\b(\d{3}) ?(\d{3})\b/.exec(text) ?? []).slice(1).join('') }),
    },
  },
);
say({ kind: 'listening', port: app.httpPort });

// The parent is gone, whatever happened to it.
process.on(
  'disconnect',
  () =>
    void app
      .stop()
      .then(() => postgres.stop())
      .then(() => process.exit()),
);
process.on('message', (ask: Ask) => {
  if (ask.kind === 'measure') {
    const { user, system } = process.cpuUsage();
    const databaseMicroseconds = descendantsCpu(process.pid);
    globalThis.gc?.();
    const { rss, heapUsed, external } = process.memoryUsage();
    const peak = peakMemory();
    say({
      kind: 'measured',
      rss,
      peak,
      live: heapUsed + external,
      cpuMicroseconds: user + system,
      databaseMicroseconds,
    });
  } else if (ask.kind === 'bare') {
    void bareInserts(ask.conversation, ask.sender, ask.seconds).then(perSecond =>
      say({ kind: 'bare', perSecond }),
    );
  } else {
    process.disconnect?.();
  }
});

/** The most that was resident, in bytes. What `getrusage` tells of a child begins with what its parent had. */
function peakMemory(): number {
  const file = '/proc/self/status';
  const [, kilobytes] = /^VmHWM:\s+(\d+) kB/m.exec(existsSync(file) ? readFileSync(file, 'utf8') : '') ?? [];
  return (kilobytes === undefined ? process.resourceUsage().maxRSS : Number(kilobytes)) * 1024;
}

/** The same rows into the same table, one commit each, on as many connections as the app has: nothing else is done. */
async function bareInserts(conversation: string, sender: string, seconds: number): Promise<number> {
  const { db, close } = openDatabase({ connection: postgres.connection });
  const end = performance.now() + seconds * 1000;
  // Far from what the app wrote.
  let seq = 1_000_000_000;
  let count = 0;
  const loop = async (): Promise<void> => {
    while (performance.now() < end) {
      const text = `message ${seq}`;
      const row = { conversation_id: conversation, seq: seq++, kind: 'message' as const, sender_id: sender };
      await db
        .insertInto('log_entries')
        .values({ ...row, client_id: randomUUID(), text })
        .execute();
      count += 1;
    }
  };
  await Promise.all(Array.from({ length: 16 }, loop));
  await close();
  return count / seconds;
}
