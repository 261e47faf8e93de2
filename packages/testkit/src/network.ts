import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Connection, createLog, loadConfig, type RunningApp, startApp } from '@sotto/server';
import { testDatabase } from '@sotto/server/testing';
import { type FaultyBus, faultyBus } from './bus.ts';
import { createMailbox, type Mailbox } from './mailbox.ts';
import { type MakePerson, makePerson, type NetworkPerson } from './people.ts';

export interface NetworkOptions {
  /** App and media nodes on one bus and one database. Default 1. */
  nodes?: number;
  /** Multiplies every rate limit. Default 1,000: tests of other things are not to meet them. */
  limitFactor?: number;
  /** The servers' clock; turn it by `network.clock`. Default: the machine's. */
  now?: () => Date;
  /** Settings beside the network's own, as environment variables. */
  env?: Record<string, string>;
}

/** A line of a server's log, of level warn or above. */
export interface LogLine {
  level: number;
  msg: string;
  [field: string]: unknown;
}

/** A whole network in one process: real servers, sockets, audio, and a database of its own. */
export interface Network {
  readonly nodes: readonly RunningApp[];
  readonly bus: FaultyBus;
  readonly mailbox: Mailbox;
  /** Of the database all nodes share. */
  readonly connection: Connection;
  /** Warnings and worse of all nodes. */
  readonly log: readonly LogLine[];
  /** Where a node listens, without a slash at the end. */
  url(node?: number): string;
  /** Signs someone up through the real flow, profile made. The first one is the admin. */
  person(name: string, options?: MakePerson): Promise<NetworkPerson>;
  /** Ends people and nodes, drops the database, removes the folders. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Starts servers on free ports of loopback. Needs vitest with the test cluster as its global set-up. */
export async function startNetwork(options: NetworkOptions = {}): Promise<Network> {
  await using starting = new AsyncDisposableStack();
  const log: LogLine[] = [];
  const database = await testDatabase();
  starting.defer(() => database.drop());
  const folder = await mkdtemp(join(tmpdir(), 'sotto-network-'));
  starting.defer(() => rm(folder, { recursive: true, force: true }));
  const bus = faultyBus(error => log.push({ level: 50, msg: 'bus listener failed', error }));
  starting.defer(() => bus.close());
  const mailbox = createMailbox();

  const nodes: RunningApp[] = [];
  for (let number = 0; number < (options.nodes ?? 1); number += 1) {
    const app = await startApp(configOf(join(folder, `node-${number}`), options.env), {
      log: createLog(
        { level: 'warn', format: 'json' },
        { write: line => log.push(JSON.parse(line) as LogLine) },
      ),
      bus: bus.node(number),
      connection: database.connection,
      limitFactor: options.limitFactor ?? 1000,
      checkReplies: true,
      mailer: mailbox.mailer,
      smsSender: mailbox.smsSender,
      ...(options.now && { now: options.now }),
    });
    starting.defer(() => app.stop());
    nodes.push(app);
  }

  const url = (node = 0): string => {
    const app = nodes[node];
    if (!app) throw new Error(`network: there is no node ${node}`);
    return `http://127.0.0.1:${app.httpPort}`;
  };
  const people = starting.use(new AsyncDisposableStack());
  const running = starting.move();
  return {
    nodes,
    bus,
    mailbox,
    connection: database.connection,
    log,
    url,
    async person(name, person = {}) {
      const made = await makePerson({ url: person.url ?? url(person.node), mailbox, name, ...person });
      people.defer(() => made.stop());
      return made;
    },
    stop: () => running.disposeAsync(),
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

const configOf = (dataDir: string, env: Record<string, string> = {}) =>
  loadConfig(
    {
      PORT: '0',
      HOST: '127.0.0.1',
      AUDIO_PORT: '0',
      AUDIO_HOST: '127.0.0.1',
      SOTTO_DATA: dataDir,
      LOG_LEVEL: 'warn',
      LOG_FORMAT: 'json',
      ...env,
    },
    false,
  );
