import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { MediaError, type MediaNode, startMediaNode } from '@sotto/sfu';
import type { FastifyInstance } from 'fastify';
import type { Config } from './config/config.ts';
import { createAccounts } from './domains/accounts/index.ts';
import { createAttachments } from './domains/attachments/index.ts';
import { createBackchannel } from './domains/backchannel/index.ts';
import { createGraph } from './domains/graph/index.ts';
import { createLinks } from './domains/links/index.ts';
import { createMedia, withoutMedia } from './domains/media/index.ts';
import { createModeration } from './domains/moderation/index.ts';
import { createNotifications } from './domains/notifications/index.ts';
import { createRooms, type Rooms } from './domains/rooms/index.ts';
import type { AllRoutes } from './edge/http/caller.ts';
import { createHttp } from './edge/http/server.ts';
import { registerFiles } from './edge/pages/files.ts';
import { registerHealth } from './edge/pages/health.ts';
import { registerPreviews } from './edge/pages/previews.ts';
import { registerReference } from './edge/pages/reference.ts';
import { registerWeb } from './edge/pages/web.ts';
import { createSockets } from './edge/ws/index.ts';
import { openBlobs } from './platform/blobs/index.ts';
import { type Bus, openBus } from './platform/bus/index.ts';
import { takeDataFolder } from './platform/data-folder/index.ts';
import { type Connection, migrateToLatest, openDatabase } from './platform/db/index.ts';
import { createLog, type Log } from './platform/log/index.ts';
import { createMailer, type Mailer } from './platform/mail/index.ts';
import { createMetrics } from './platform/metrics/index.ts';
import { createOutbound, type Outbound, type OutboundOptions } from './platform/outbound/index.ts';
import type { Platform } from './platform/platform.ts';
import { startPostgres } from './platform/postgres/index.ts';
import { createSmsSender, type SmsSender } from './platform/sms/index.ts';
import { portError, StartError, systemCode } from './platform/start-error.ts';
import { createTransact } from './platform/work.ts';

const { version } = createRequire(import.meta.url)('../package.json') as { version: string };

/** Codes and tickets that are over are swept away this often. */
const SWEEP_MS = 5 * 60_000;

/** What the testkit and benches replace. */
export interface AppOptions {
  log?: Log;
  /** Shared by several apps of one process: that makes them nodes of one network. */
  bus?: Bus;
  /** A migrated database instead of the embedded one. */
  connection?: Connection;
  now?: () => Date;
  /** Multiplies every rate limit of the contract. */
  limitFactor?: number;
  /** Checks each reply against the contract. */
  checkReplies?: boolean;
  /** Takes the sign-in codes instead of what the configuration says. */
  mailer?: Mailer;
  smsSender?: SmsSender;
  /** How addresses that people name are resolved, and which are fine though they are not public. */
  outbound?: OutboundOptions;
}

export interface RunningApp {
  /** Where people open it. */
  url: string;
  httpPort: number;
  /** Null on a node without audio. */
  audioPort: number | null;
  /** What the operator is told, a line each. */
  lines: string[];
  /** Ends it: no new work, sockets told why, audio closed, PostgreSQL stopped. Within 5 s. */
  stop(): Promise<void>;
}

/**
 * The composition root: the only file that knows every domain.
 * @throws StartError where the operator can put it right; whatever had started is stopped again.
 */
export async function startApp(config: Config, options: AppOptions = {}): Promise<RunningApp> {
  await using starting = new AsyncDisposableStack();
  const log = options.log ?? createLog(config.log);

  const lock = await takeDataFolder(config.dataDir);
  starting.defer(() => lock.release());
  const database = await startDatabase(config, options, log);
  starting.defer(database.close);
  // After PostgreSQL: a process started later would inherit the UDP socket and hold the port should we be killed.
  const media = config.role === 'app' ? undefined : await startAudio(config, log);
  starting.defer(() => media?.stop());

  const metrics = createMetrics();
  const files = await openBlobs(config.s3, join(config.dataDir, 'blobs'));
  starting.defer(() => files.close());
  const bus = options.bus ?? (await openBus(config.nats, log, metrics));
  if (!options.bus) starting.defer(() => bus.close());
  const platform: Platform = {
    db: database.db,
    transact: createTransact(database.db, bus),
    bus,
    blobs: files.blobs,
    log,
    metrics,
    now: options.now ?? (() => new Date()),
  };

  const outbound = createOutbound(options.outbound);
  let url = config.http.publicUrl ?? `http://localhost:${config.http.port}`;
  let draining = false;
  const domains = await createDomains(platform, config, options, media, outbound);
  const http = await createHttp({
    routes: domains.routes,
    authenticate: domains.accounts.authenticate,
    log,
    metrics: platform.metrics,
    trustProxy: config.http.trustProxy,
    publicUrl: () => url,
    limitFactor: options.limitFactor ?? 1,
    checkReplies: options.checkReplies ?? false,
  });
  registerHealth(http, {
    checks: {
      database: database.ping,
      bus: () => bus.ping(),
      ...(media && {
        audio: async () => {
          if (media.stats().draining) throw new Error('audio: draining');
        },
      }),
    },
    draining: () => draining,
    metrics: platform.metrics,
    authenticate: domains.accounts.authenticate,
  });
  registerReference(http, { version, publicUrl: () => url });
  registerFiles(http, { openFile: domains.attachments.openFile, now: platform.now });
  registerPreviews(http, domains.links.readImage);
  await registerWeb(http, { dist: config.webDist, readPicture: domains.accounts.readPicture });

  const sockets = createSockets({
    bus,
    log,
    metrics: platform.metrics,
    trustProxy: config.http.trustProxy,
    publicUrl: () => url,
    limitFactor: options.limitFactor ?? 1,
    redeemTicket: domains.accounts.redeemTicket,
    sessionAlive: domains.accounts.sessionAlive,
    resume: domains.backchannel.resume,
    heads: domains.backchannel.heads,
    typing: domains.backchannel.typing,
    markRead: domains.backchannel.markRead,
    resumeRoom: domains.rooms.resumeRoom,
    channelsOf: domains.rooms.channelsOf,
    socketOpened: domains.rooms.socketOpened,
    socketClosed: domains.rooms.socketClosed,
  });
  starting.defer(() => domains.accounts.close());
  starting.defer(every(SWEEP_MS, domains.accounts.sweep, error => log.warn({ err: error }, 'sweep failed')));
  starting.defer(
    every(SWEEP_MS, domains.attachments.sweep, error => log.warn({ err: error }, 'sweep failed')),
  );
  starting.defer(every(SWEEP_MS, domains.links.sweep, error => log.warn({ err: error }, 'sweep failed')));
  starting.defer(
    every(SWEEP_MS, domains.backchannel.sweep, error => log.warn({ err: error }, 'sweep failed')),
  );
  const previews = domains.backchannel.startPreviews(domains.links);
  starting.defer(() => previews.stop());
  const filling = domains.backchannel.startFilling();
  starting.defer(() => filling.stop());
  const pushing = domains.notifications.start();
  starting.defer(() => pushing.stop());
  // Ended before what waits for its answers.
  starting.defer(() => outbound.close());
  await domains.rooms.start();
  starting.defer(() => domains.rooms.stop());
  await listen(http, config);
  sockets.attach(http.server);

  const httpPort = (http.server.address() as AddressInfo).port;
  url = config.http.publicUrl ?? `http://localhost:${httpPort}`;
  const resources = starting.move();
  const lines = startLines({
    url,
    config,
    database: database.folder,
    printed: domains.accounts.describe().printed,
  });
  // Each is ended though the one before could not be: PostgreSQL must be stopped cleanly whatever a socket does.
  resources.defer(async () => void (await http.close()));
  resources.defer(() => sockets.close());
  const stop = async (): Promise<void> => {
    draining = true;
    media?.drain();
    await resources.disposeAsync();
  };
  return { url, httpPort, audioPort: media?.port ?? null, lines, stop: once(stop) };
}

async function createDomains(
  platform: Platform,
  config: Config,
  options: AppOptions,
  node: MediaNode | undefined,
  outbound: Outbound,
) {
  const accounts = createAccounts(platform, {
    mailer: options.mailer ?? createMailer(config.mail),
    smsSender: options.smsSender ?? createSmsSender(config.sms),
  });
  // Graph stands below rooms and backchannel: what it needs of them it gets by ports, known once they are made.
  const above: { rooms?: Rooms; backchannel?: ReturnType<typeof createBackchannel> } = {};
  const graph = createGraph(platform, accounts, {
    roomOf: async (viewer, account) => (await above.rooms?.roomOf(viewer, account)) ?? null,
    writing: async (viewer, account) => (await above.backchannel?.writing(viewer, account)) ?? 'closed',
    onBlock: async (work, blocker, blocked) => {
      await above.rooms?.onBlock(work, blocker, blocked);
      await above.backchannel?.onBlock(work, blocker, blocked);
    },
    onFollow: async (work, follower, followee) => {
      await above.rooms?.onFollow(work, follower, followee);
      await above.backchannel?.onFollow(work, follower, followee);
    },
    onUnblock: async (work, blocker, blocked) => above.backchannel?.onUnblock(work, blocker, blocked),
  });
  const links = createLinks(platform, outbound, { imageBytesMax: config.previews.bytesMax });
  const media = node ? createMedia(platform, node) : withoutMedia();
  const attachments = await createAttachments(
    platform,
    { dailyBytes: config.attachments.dailyBytes },
    {
      maySee: async (account, conversation, seq) =>
        (await above.backchannel?.maySee(account, conversation, seq)) ?? false,
    },
  );
  // Rooms and the Backchannel stand side by side: each has a port to the other.
  const backchannel = createBackchannel(platform, {
    groupPeopleMax: config.groups.peopleMax,
    people: accounts,
    relations: graph,
    files: attachments,
    rooms: {
      titles: async (ids, executor) => (await above.rooms?.titles(ids, executor)) ?? new Map(),
      lastTogether: async (account, others, executor) =>
        (await above.rooms?.lastTogether(account, others, executor)) ?? new Map(),
      mayShow: async (account, room, key) => (await above.rooms?.mayShow(account, room, key)) ?? false,
    },
  });
  const rooms = createRooms(platform, accounts, graph, media, backchannel);
  const moderation = createModeration(platform, { accounts, graph, backchannel, files: attachments });
  const notifications = createNotifications(platform, {
    conversations: backchannel,
    outbound,
    subject: () => contactOf(config),
  });
  above.rooms = rooms;
  above.backchannel = backchannel;
  const routes: AllRoutes = {
    ...accounts.routes,
    ...graph.routes,
    ...attachments.routes,
    ...rooms.routes,
    ...backchannel.routes,
    ...moderation.routes,
    ...notifications.routes,
  };
  return { accounts, attachments, graph, links, rooms, backchannel, notifications, routes };
}

/** Where push services reach who runs this server: the sender of its mail, else its address (RFC 8292 section 2.1). */
function contactOf({ mail, http }: Config): string {
  const address = mail && /[^\s<>]+@[^\s<>]+/.exec(mail.from)?.[0];
  if (address) return `mailto:${address}`;
  return http.publicUrl?.startsWith('https:') ? http.publicUrl : 'mailto:operator@localhost';
}

async function startAudio(config: Config, log: Log): Promise<MediaNode> {
  const { port, addresses } = config.audio;
  try {
    return await startMediaNode({ port, announce: addresses, log });
  } catch (error) {
    if (!(error instanceof MediaError)) throw error;
    const codes = { port_in_use: 'EADDRINUSE', port_not_permitted: 'EACCES' } as const;
    if (error.code !== 'port_in_use' && error.code !== 'port_not_permitted')
      throw new StartError(error.message, { cause: error });
    throw portError(
      'UDP',
      port,
      'AUDIO_PORT',
      Object.assign(new Error(error.message), { code: codes[error.code] }),
    );
  }
}

async function startDatabase(config: Config, options: AppOptions, log: Log) {
  const stack = new AsyncDisposableStack();
  try {
    const given = options.connection ?? config.databaseUrl;
    const own = given === undefined ? await startPostgres({ dataDir: config.dataDir, log }) : undefined;
    if (own) stack.defer(() => own.stop());
    const connection = own?.connection ?? given;
    if (connection === undefined) throw new Error('startDatabase: no connection');
    const database = openDatabase({
      connection,
      onError: error => log.warn({ err: error }, 'database connection lost'),
    });
    stack.defer(() => database.close());
    if (config.databaseUrl !== undefined) await database.ping().catch(unreachable);
    await migrateToLatest(database.db);
    return { ...database, folder: own?.folder, close: () => stack.disposeAsync() };
  } catch (error) {
    await stack.disposeAsync();
    throw error;
  }
}

function unreachable(error: unknown): never {
  const why = systemCode(error) ?? (error instanceof Error ? error.message : String(error));
  throw new StartError(
    `The database at DATABASE_URL cannot be used (${why}): start it, or correct the setting.`,
    {
      cause: error,
    },
  );
}

async function listen(http: FastifyInstance, config: Config): Promise<void> {
  try {
    await http.listen({ host: config.http.host, port: config.http.port });
  } catch (error) {
    await http.close();
    throw portError('TCP', config.http.port, 'PORT', error);
  }
}

function startLines(facts: {
  url: string;
  config: Config;
  database: string | undefined;
  printed: boolean;
}): string[] {
  const signIn = facts.printed
    ? 'Sign in there with your email address; the 6-digit code is printed here.'
    : 'Sign in there with your email address; the 6-digit code is sent to it.';
  const elsewhere =
    facts.database && !facts.database.startsWith(facts.config.dataDir)
      ? ` (the database in ${facts.database})`
      : '';
  return [
    `Sotto is open at ${facts.url}`,
    ...nodeLine(facts.config),
    signIn,
    `Data lies in ${facts.config.dataDir}${elsewhere}. Ctrl-C stops it.`,
  ];
}

/** What one node of several is to the others; no secret of theirs. */
function nodeLine({ nats, s3, role }: Config): string[] {
  if (!nats && role === 'all') return [];
  const parts = [
    nats
      ? `hears the other nodes by NATS at ${nats.servers.join(', ')}`
      : 'hears no other nodes (no NATS_URL)',
    ...(role === 'app' ? ['has no live audio'] : []),
    ...(s3 || !nats ? [] : ['keeps files where the other nodes cannot reach them (no S3_URL)']),
  ];
  return [`This node ${parts.join(', ')}.`];
}

const once = (stop: () => Promise<void>): (() => Promise<void>) => {
  let stopped: Promise<void> | undefined;
  return () => (stopped ??= stop());
};

/** @returns what ends it */
function every(ms: number, work: () => Promise<void>, onError: (error: unknown) => void): () => void {
  const timer = setInterval(() => void work().catch(onError), ms);
  return () => clearInterval(timer);
}
