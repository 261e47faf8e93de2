import { networkInterfaces } from 'node:os';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { S3Location } from '../platform/blobs/index.ts';
import type { NatsLocation } from '../platform/bus/index.ts';
import { StartError } from '../platform/start-error.ts';
import { type Env, given, readEnv } from './env.ts';
import type { SettingValues } from './settings.ts';

/** All that can be set, validated and with nothing left to guess. Made once by {@link loadConfig}, then only read. */
export type Config = {
  http: {
    /** Address to listen on; `::` takes IPv4 as well. */
    host: string;
    /** TCP port; 0 for any free one. */
    port: number;
    /** Origin at which people open Sotto, without a slash at the end; undefined: `http://localhost:` and the real port. */
    publicUrl: string | undefined;
    /** Whose `X-Forwarded-For` is believed: nobody's, that many proxies', or those of these networks. */
    trustProxy: false | number | string[];
  };
  audio: {
    /** UDP port of all sessions; 0 for any free one. */
    port: number;
    /** IP addresses that clients are told, best first. */
    addresses: string[];
  };
  /** Absolute path of the folder of all that is kept. */
  dataDir: string;
  /** Absolute path of the built web client. */
  webDist: string;
  /** Set: use this PostgreSQL. Undefined: start one in `dataDir`. */
  databaseUrl: string | undefined;
  /** `app`: without live audio. */
  role: 'all' | 'app';
  /** Undefined: this is the only node. */
  nats: NatsLocation | undefined;
  /** Undefined: files lie in `dataDir`. */
  s3: S3Location | undefined;
  groups: {
    /** People in one group (BC-2). */
    peopleMax: number;
  };
  attachments: {
    /** What one person may upload in 24 hours. */
    dailyBytes: number;
  };
  previews: {
    /** What pictures of link previews may weigh together. */
    bytesMax: number;
  };
  /** Undefined: codes to mail addresses are printed in the terminal. */
  mail: { smtpUrl: string; from: string } | undefined;
  /** Undefined: codes to phones are printed in the terminal. */
  sms: { webhookUrl: string; secret: string } | undefined;
  log: { level: LogLevel; format: 'pretty' | 'json' };
};

export type LogLevel = NonNullable<SettingValues['LOG_LEVEL']>;

const clone = fileURLToPath(new URL('../../../../', import.meta.url));

/**
 * The configuration from environment variables (see `docs/CONFIG.md`).
 * @throws StartError with one sentence for each wrong setting, one to a line.
 */
export function loadConfig(env: Env, terminal = process.stderr.isTTY === true): Config {
  const { values, problems } = readEnv(env);
  if (given(env, 'SMTP_URL') !== undefined && given(env, 'MAIL_FROM') === undefined)
    problems.push('MAIL_FROM is missing: SMTP_URL needs it, a mail address like Sotto <sotto@example.org>.');
  if (given(env, 'SMS_WEBHOOK_URL') !== undefined && given(env, 'SMS_WEBHOOK_SECRET') === undefined)
    problems.push(
      'SMS_WEBHOOK_SECRET is missing: SMS_WEBHOOK_URL needs it, a secret of at least 16 characters.',
    );
  // A PostgreSQL in this node's folder is not one that other nodes should lean on: it ends with this process.
  if (given(env, 'NATS_URL') !== undefined && given(env, 'DATABASE_URL') === undefined)
    problems.push('DATABASE_URL is missing: NATS_URL needs it, the PostgreSQL that all nodes share.');
  if (problems.length > 0) throw new StartError(problems.join('\n'));
  return {
    http: {
      host: values.HOST ?? everyAddress(),
      port: values.PORT ?? 7440,
      publicUrl: values.PUBLIC_URL,
      trustProxy: values.TRUST_PROXY ?? false,
    },
    audio: { port: values.AUDIO_PORT ?? 7441, addresses: values.AUDIO_HOST ?? ownAddresses() },
    dataDir: resolve(clone, values.SOTTO_DATA ?? 'data'),
    webDist: resolve(clone, values.WEB_DIST ?? 'packages/web/dist'),
    databaseUrl: values.DATABASE_URL,
    role: values.ROLE ?? 'all',
    nats: values.NATS_URL,
    s3: values.S3_URL,
    groups: { peopleMax: values.GROUP_PEOPLE_MAX ?? 100 },
    attachments: { dailyBytes: (values.UPLOADS_DAILY_MB ?? 2048) * 1024 * 1024 },
    previews: { bytesMax: (values.PREVIEWS_MAX_MB ?? 1024) * 1024 * 1024 },
    mail: together(values.SMTP_URL, values.MAIL_FROM, (smtpUrl, from) => ({ smtpUrl, from })),
    sms: together(values.SMS_WEBHOOK_URL, values.SMS_WEBHOOK_SECRET, (webhookUrl, secret) => ({
      webhookUrl,
      secret,
    })),
    log: { level: values.LOG_LEVEL ?? 'info', format: values.LOG_FORMAT ?? (terminal ? 'pretty' : 'json') },
  };
}

function together<A, B, R>(a: A | undefined, b: B | undefined, make: (a: A, b: B) => R): R | undefined {
  return a === undefined || b === undefined ? undefined : make(a, b);
}

/** `::` listens on IPv4 as well, but only where the machine has IPv6 at all. */
function everyAddress(): string {
  return interfaces().some(({ family }) => family === 'IPv6') ? '::' : '0.0.0.0';
}

/** Loopback for a browser on this machine, then what a phone in the same network reaches. IPv6 link-local needs a zone: left out. */
function ownAddresses(): string[] {
  const outside = interfaces().filter(({ internal, address }) => !internal && !address.startsWith('fe80:'));
  const byFamily = (family: string) => outside.filter(one => one.family === family).map(one => one.address);
  return ['127.0.0.1', ...byFamily('IPv4'), ...byFamily('IPv6')];
}

function interfaces() {
  return Object.values(networkInterfaces()).flatMap(list => list ?? []);
}
