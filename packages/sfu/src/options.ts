import { isIP } from 'node:net';
import { MediaError } from './errors.ts';
import type { MediaLog, MediaNodeOptions } from './types.ts';

const DEFAULT_SLOTS = 4;
const MAX_SLOTS = 16;
const DEFAULT_MAX_SESSIONS = 8_000;

const SILENT_LOG: MediaLog = { debug: () => undefined, warn: () => undefined };

export interface CheckedOptions {
  readonly port: number;
  readonly bind: string | undefined;
  readonly announce: readonly string[];
  readonly log: MediaLog;
  readonly slots: number;
  readonly maxSessions: number;
}

/** @throws MediaError `bad_option` with the field */
export function checkOptions(options: MediaNodeOptions): CheckedOptions {
  const { port, bind, announce, log = SILENT_LOG } = options;
  const { slots = DEFAULT_SLOTS, maxSessions = DEFAULT_MAX_SESSIONS } = options;
  if (!Number.isInteger(port) || port < 0 || port > 65_535) throw bad('port', 'a number from 0 to 65535');
  if (bind !== undefined && isIP(bind) === 0) throw bad('bind', 'an IP address of this machine');
  if (announce.length === 0) throw bad('announce', 'at least one IP address that clients reach');
  if (announce.length > 8) throw bad('announce', 'at most 8 addresses');
  for (const address of announce) {
    if (isIP(address) === 0) throw bad('announce', `IP addresses, and "${address}" is none`);
  }
  if (!Number.isInteger(slots) || slots < 1 || slots > MAX_SLOTS) {
    throw bad('slots', `a number from 1 to ${MAX_SLOTS}`);
  }
  if (!Number.isInteger(maxSessions) || maxSessions < 1) throw bad('maxSessions', 'a number from 1');
  return { port, bind, announce, log, slots, maxSessions };
}

function bad(field: string, wanted: string): MediaError {
  return new MediaError('bad_option', `The media node's ${field} must be ${wanted}.`, field);
}
