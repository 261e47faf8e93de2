import { hash, randomBytes, randomInt, scrypt, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';

/** 256 bits for a session or a ticket, base64url: 43 characters. */
export const newToken = (): string => randomBytes(32).toString('base64url');

/** What is stored of a token. It holds 256 random bits, so a plain hash is enough. */
export const hashToken = (token: string): Buffer => hash('sha256', token, 'buffer');

/** Six digits, each as likely as any other. */
export const newCode = (): string => randomInt(1_000_000).toString().padStart(6, '0');

const derive = promisify<string, Buffer, number, { N: number; r: number; p: number }, Buffer>(scrypt);
const SALT = 16;
/** Some 10 ms and 4 MiB: to try the million codes on a stolen row takes hours of a core, and a code lives ten minutes. */
const cost = { N: 2 ** 12, r: 8, p: 1 };

/** Salt and scrypt (RFC 7914) of a code: six digits are too few for a plain hash. */
export async function hashCode(code: string): Promise<Buffer> {
  const salt = randomBytes(SALT);
  return Buffer.concat([salt, await derive(code, salt, 32, cost)]);
}

export async function codeMatches(code: string, hash: Buffer): Promise<boolean> {
  if (hash.length !== SALT + 32) return false;
  return timingSafeEqual(await derive(code, hash.subarray(0, SALT), 32, cost), hash.subarray(SALT));
}
