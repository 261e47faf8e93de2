import { setTimeout as delay } from 'node:timers/promises';
import { type RunningApp, startApp } from './app.ts';
import { type Config, loadConfig } from './config/config.ts';
import { helpText } from './config/help.ts';
import { createLog, type Log } from './platform/log/index.ts';
import { StartError } from './platform/start-error.ts';

/** A stop takes no longer, whatever hangs. PostgreSQL then ends by its own leash. */
const stopLimitMs = 4_800;
/** A terminal, npm and the launcher each pass on one Ctrl-C; a second one comes later than this. */
const sameSignalMs = 700;

let stopping = false;

async function main(): Promise<void> {
  const config = await orExit(
    async () => loadConfig(process.env),
    createLog({ level: 'info', format: 'pretty' }),
  );
  const log = createLog(config.log);
  const starting = start(config, log);
  endOnSignals(starting, log);
  const app = await starting;
  if (app !== undefined) process.stdout.write(`${app.lines.join('\n')}\n`);
}

async function start(config: Config, log: Log): Promise<RunningApp | undefined> {
  return orExit(() => startApp(config, { log }), log);
}

/** What the operator can put right is said in its own words; anything else is ours to find, with its stack. */
async function orExit<T>(work: () => Promise<T>, log: Log): Promise<T> {
  try {
    return await work();
  } catch (error) {
    if (stopping) process.exit(0);
    if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

function endOnSignals(starting: Promise<RunningApp | undefined>, log: Log): void {
  let since = 0;
  const end = (reason: string, code: number) => {
    if (stopping) {
      if (performance.now() - since > sameSignalMs) process.exit(130);
      return;
    }
    stopping = true;
    since = performance.now();
    void stopWithin(starting, reason, log).then(inTime => process.exit(inTime ? code : 1));
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal, 0));
  // The launcher holds a channel to us: when it is gone, however it went, nobody is left to stop us.
  process.on('disconnect', () => end('the launcher ended', 0));
  process.on('uncaughtException', (err, origin) => {
    log.fatal({ err, origin }, 'unexpected error; stopping');
    // One error often brings the next; only signals may cut a stop short.
    if (!stopping) end(origin, 1);
  });
}

async function stopWithin(
  starting: Promise<RunningApp | undefined>,
  reason: string,
  log: Log,
): Promise<boolean> {
  log.info({ reason }, 'stopping');
  const stop = async () => {
    const app = await starting;
    await app?.stop();
    return 'stopped' as const;
  };
  try {
    const end = await Promise.race([stop(), delay(stopLimitMs, 'late' as const)]);
    if (end === 'late') log.error({ limitMs: stopLimitMs }, 'the stop hangs; leaving the rest');
    else log.info('stopped');
    return end === 'stopped';
  } catch (err) {
    log.error({ err }, 'the stop failed');
    return false;
  }
}

if (process.argv.includes('--help')) process.stdout.write(helpText());
else await main();
