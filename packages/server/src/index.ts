/** What testkit, tests and benches run a server by. The program itself is `main.ts`. */
export { type AppOptions, type RunningApp, startApp } from './app.ts';
export { type Config, loadConfig } from './config/config.ts';
export { type Bus, type BusMessage, createListeners, type Listeners } from './platform/bus/index.ts';
export { type Connection, openDatabase } from './platform/db/index.ts';
export { createLog, type Log } from './platform/log/index.ts';
export type { Mail, Mailer } from './platform/mail/index.ts';
export { type Postgres, startPostgres } from './platform/postgres/index.ts';
export type { Sms, SmsSender } from './platform/sms/index.ts';
