/** The server as `main.ts` starts it, but that no rate limit is met: for loads that no person makes. */
import { createLog, loadConfig, startApp } from '@sotto/server';

const config = loadConfig(process.env);
const app = await startApp(config, { log: createLog(config.log), limitFactor: 1_000_000 });
process.stdout.write(`${app.lines.join('\n')}\n`);

const end = () => void app.stop().finally(() => process.exit());
process.on('SIGTERM', end);
// Whoever started us is gone.
process.stdin.on('end', end).resume();
