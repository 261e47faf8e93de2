import { setTimeout as delay } from 'node:timers/promises';
import { type RunningApp, startApp } from './app.ts';
import { loadConfig } from './config/config.ts';
import { helpText } from './config/help.ts';
import { createLog, type Log } from './platform/log/index.ts';
import { StartError } from './platform/start-error.ts';

/** A stop takes no longer, whatever hangs. PostgreSQL then ends by its own leash. */
const stopLimitMs = 4_700;
/** A terminal, npm and the launcher each pass on one Ctrl-C; a second one comes later than this. */
const sameSignalMs = 1_500;

if (process.argv.includes('--help')) process.stdout.write(helpText());
else await main();

async function main(): Promise<void> {
  let log = createLog({ level: 'info', format: 'pretty' });
  try {
    const config = loadConfig(withRole(process.env, process.argv));
    log = createLog(config.log);
    const running: { app?: RunningApp } = {};
    endOnSignals(running, log);
    const app = await startApp(config, { log });
    running.app = app;
    process.stdout.write(`${app.lines.join('\n')}\n`);
  } catch (error) {
    // What the operator can put right is said in its own words; anything else is ours to find, with its stack.
    if (error instanceof StartError) process.stderr.write(`${error.message}\n`);
    else log.fatal({ err: error }, 'could not start');
    process.exit(1);
  }
}

/** `--role app` says what `ROLE=app` does. */
function withRole(env: NodeJS.ProcessEnv, argv: string[]): NodeJS.ProcessEnv {
  const at = argv.findIndex(word => word === '--role' || word.startsWith('--role='));
  const word = argv[at];
  if (word === undefined) return env;
  return { ...env, ROLE: word.slice('--role='.length) || argv[at + 1] || 'missing' };
}

function endOnSignals(running: { app?: RunningApp }, log: Log): void {
  let since: number | undefined;
  const end = (reason: string, code: number) => {
    if (since === undefined) {
      since = performance.now();
      log.info({ reason }, 'stopping');
      // A start that is not through has acknowledged nothing yet: it is safe to leave it where it is.
      if (running.app === undefined) process.exit(code);
      void stopWithin(running.app, log).then(stopped => process.exit(stopped ? code : 1));
    } else if (performance.now() - since > sameSignalMs) process.exit(130);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => end(signal, 0));
  // The launcher holds a channel to us: when it is gone, however it went, nobody is left to stop us.
  process.on('disconnect', () => end('the launcher ended', 0));
  process.on('uncaughtException', (err, origin) => {
    log.fatal({ err, origin }, 'unexpected error; stopping');
    // One error often brings the next; only signals may cut a stop short.
    if (since === undefined) end(origin, 1);
  });
}

/** Whether all of it ended by itself. */
async function stopWithin(app: RunningApp, log: Log): Promise<boolean> {
  const stop = async () => {
    await app.stop();
    return true;
  };
  try {
    const stopped = await Promise.race([stop(), delay(stopLimitMs, false)]);
    if (stopped) log.info('stopped');
    else log.error({ limitMs: stopLimitMs }, 'the stop hangs; leaving the rest');
    return stopped;
  } catch (err) {
    log.error({ err }, 'the stop failed');
    return false;
  }
}
