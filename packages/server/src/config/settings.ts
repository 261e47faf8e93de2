import {
  addresses,
  choice,
  folder,
  groupSize,
  host,
  type Kind,
  mailbox,
  megabytes,
  port,
  proxies,
  secret,
  url,
} from './kinds.ts';
import { nats, s3 } from './servers.ts';

/** One environment variable: how it is read, what happens without it (told in `otherwise`), what it is for. */
export type Setting<T> = { kind: Kind<T>; otherwise: string; meaning: string };

/**
 * Every setting there is, declared once: `--help`, `docs/CONFIG.md` and the validation all come from this table.
 * What a missing one becomes is worked out in `config.ts`; `otherwise` says it to a person.
 */
export const settings = {
  PORT: {
    kind: port,
    otherwise: '7440',
    meaning: 'TCP port of the web app, the API and the socket.',
  },
  HOST: {
    kind: host,
    otherwise: 'every address of the machine',
    meaning: 'Address to listen on; `127.0.0.1` keeps everyone else out.',
  },
  PUBLIC_URL: {
    kind: url(['http', 'https'], { origin: true }),
    otherwise: 'http://localhost:PORT',
    meaning:
      'Where people open Sotto. Links in mail begin with it, and browsers on other origins are refused. Browsers give the microphone only to `https` and to localhost.',
  },
  SOTTO_DATA: {
    kind: folder,
    otherwise: './data in the clone',
    meaning: 'Folder of all that is kept: the database and the pictures. One Sotto at a time may use it.',
  },
  ROLE: {
    kind: choice('all', 'app'),
    otherwise: 'all',
    meaning:
      '`app`: no live audio on this node (`audio_full` is what it answers), for nodes beside one with `all`; also `--role app`. See [Several nodes](#several-nodes).',
  },
  AUDIO_PORT: {
    kind: port,
    otherwise: '7441',
    meaning: 'UDP port of the live audio of everyone.',
  },
  AUDIO_HOST: {
    kind: addresses,
    otherwise: "127.0.0.1 and the machine's own addresses",
    meaning: 'Addresses at which clients reach AUDIO_PORT. Behind NAT or in a container: the public address.',
  },
  DATABASE_URL: {
    kind: url(['postgres', 'postgresql'], { secret: true, hostless: true }),
    otherwise: 'an own PostgreSQL in SOTTO_DATA',
    meaning: 'A PostgreSQL server (18 or later) to use instead of the one that Sotto starts itself.',
  },
  NATS_URL: {
    kind: nats,
    otherwise: 'none, this is the only node',
    meaning:
      'NATS server by which several nodes hear each other, like `nats://user:password@10.0.0.5:4222`; further servers of the cluster after commas; a path (`/name`) keeps several networks on one NATS apart. Needs DATABASE_URL.',
  },
  S3_URL: {
    kind: s3,
    otherwise: 'files lie in SOTTO_DATA',
    meaning:
      'Bucket of an S3-compatible store for pictures and attachments: `https://KEY:SECRET@host/bucket?region=eu-central-1` (key and secret percent-encoded). Several nodes need it.',
  },
  SMTP_URL: {
    kind: url(['smtp', 'smtps'], { secret: true }),
    otherwise: 'codes are printed in the terminal',
    meaning: 'Mail server for sign-in codes, like `smtps://user:password@mail.example.org`. Needs MAIL_FROM.',
  },
  MAIL_FROM: {
    kind: mailbox,
    otherwise: 'none',
    meaning: 'Sender of mail, like `Sotto <sotto@example.org>`.',
  },
  SMS_WEBHOOK_URL: {
    kind: url(['http', 'https'], { secret: true }),
    otherwise: 'codes are printed in the terminal',
    meaning:
      'Gets a `POST` for each sign-in code to a phone, to hand to an SMS service. Needs SMS_WEBHOOK_SECRET.',
  },
  SMS_WEBHOOK_SECRET: {
    kind: secret,
    otherwise: 'none',
    meaning: 'Key of the HMAC-SHA256 signature over each SMS webhook; 16 characters or more.',
  },
  GROUP_PEOPLE_MAX: {
    kind: groupSize,
    otherwise: '100',
    meaning: 'People in one group, those who are invited included; from 2 to 1000.',
  },
  UPLOADS_DAILY_MB: {
    kind: megabytes,
    otherwise: '2048',
    meaning: 'Megabytes of images, videos and voice notes that one person may upload in 24 hours.',
  },
  PREVIEWS_MAX_MB: {
    kind: megabytes,
    otherwise: '1024',
    meaning:
      'Megabytes of pictures of link previews that are kept, all together. Beyond it those go that nobody looked at for the longest; their cards show the blurred picture alone.',
  },
  TRUST_PROXY: {
    kind: proxies,
    otherwise: 'false',
    meaning:
      'Behind a reverse proxy: how many there are, or their addresses, so that limits see the real client.',
  },
  WEB_DIST: {
    kind: folder,
    otherwise: 'packages/web/dist in the clone',
    meaning: 'Folder of the built web client.',
  },
  LOG_LEVEL: {
    kind: choice('trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'),
    otherwise: 'info',
    meaning: 'The least important log lines that are written; see [LOGGING.md](LOGGING.md).',
  },
  LOG_FORMAT: {
    kind: choice('pretty', 'json'),
    otherwise: 'pretty in a terminal, else json',
    meaning: 'Log lines for people or for machines. They go to standard error.',
  },
} satisfies Record<string, Setting<unknown>>;

export type SettingName = keyof typeof settings;

/** What each variable was read as; undefined where it is missing. */
export type SettingValues = {
  [Name in SettingName]: (typeof settings)[Name]['kind'] extends Kind<infer T> ? T | undefined : never;
};
