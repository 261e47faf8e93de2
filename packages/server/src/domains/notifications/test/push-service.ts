import {
  createDecipheriv,
  createECDH,
  createHmac,
  createPublicKey,
  type ECDH,
  randomBytes,
  verify,
} from 'node:crypto';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { PushPayload } from '@sotto/protocol';

/** A push as its service got it. */
export interface Arrived {
  path: string;
  headers: IncomingHttpHeaders;
  body: Buffer;
}

/** A browser's side of a subscription. */
export interface Browser {
  path: string;
  subscription: { endpoint: string; keys: { p256dh: string; auth: string } };
  /** What a push says, as only this browser can read it. */
  open(arrived: Arrived): PushPayload;
  /** All that came for it, opened. */
  pushes(): PushPayload[];
}

/** A push service on a free port. What it answers is the test's choice. */
export async function pushService() {
  const arrived: Arrived[] = [];
  const answers = new Map<string, { status: number; headers?: Record<string, string> }>();
  const server = createServer(async (request, response) => {
    // Null where whoever pushes hung up meanwhile.
    const chunks: Buffer[] | null = await request.toArray().catch(() => null);
    if (!chunks) return;
    const path = request.url ?? '';
    arrived.push({ path, headers: request.headers, body: Buffer.concat(chunks) });
    const answer = answers.get(path) ?? { status: 201 };
    response.writeHead(answer.status, answer.headers).end();
  });
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve));
  const host = `push.test:${(server.address() as AddressInfo).port}`;
  let count = 0;
  return {
    host,
    origin: `http://${host}`,
    arrived,
    /** What the service says from now on to pushes for a path. */
    answer: (path: string, status: number, headers: Record<string, string> = {}) =>
      void answers.set(path, { status, headers }),
    browser(): Browser {
      const keys = createECDH('prime256v1');
      keys.generateKeys();
      const auth = randomBytes(16);
      const path = `/push/${++count}`;
      const open = (push: Arrived): PushPayload =>
        PushPayload.parse(JSON.parse(decrypt(push.body, keys, auth).toString()));
      return {
        path,
        subscription: {
          endpoint: `http://${host}${path}`,
          keys: { p256dh: keys.getPublicKey('base64url'), auth: auth.toString('base64url') },
        },
        open,
        pushes: () => arrived.filter(each => each.path === path).map(open),
      };
    },
    close: () =>
      new Promise<void>(resolve => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

const hmac = (key: Buffer, ...data: Buffer[]): Buffer =>
  createHmac('sha256', key).update(Buffer.concat(data)).digest();
const info = (text: string): Buffer => Buffer.from(`${text}\0`);
const ONE = Buffer.from([1]);

/** RFC 8291 section 3, over RFC 8188: one record of aes128gcm. */
export function decrypt(body: Buffer, keys: ECDH, auth: Buffer): Buffer {
  const salt = body.subarray(0, 16);
  const length = body[20] ?? 0;
  const sender = body.subarray(21, 21 + length);
  const sealed = body.subarray(21 + length);
  const prk = hmac(auth, keys.computeSecret(sender));
  const ikm = hmac(prk, info('WebPush: info'), keys.getPublicKey(), sender, ONE);
  const secret = hmac(salt, ikm);
  const key = hmac(secret, info('Content-Encoding: aes128gcm'), ONE).subarray(0, 16);
  const nonce = hmac(secret, info('Content-Encoding: nonce'), ONE).subarray(0, 12);
  const decipher = createDecipheriv('aes-128-gcm', key, nonce);
  decipher.setAuthTag(sealed.subarray(-16));
  const padded = Buffer.concat([decipher.update(sealed.subarray(0, -16)), decipher.final()]);
  const end = padded.lastIndexOf(2);
  if (end < 0) throw new Error('decrypt: not the last record');
  return padded.subarray(0, end);
}

/** The claims of a push's VAPID token, its signature checked with the key it names (RFC 8292). */
export function vapidOf({ headers }: Arrived): {
  key: string;
  claims: { aud: string; sub: string; exp: number };
} {
  const [, token = '', key = ''] = /^vapid t=([^,]+), ?k=(.+)$/.exec(headers.authorization ?? '') ?? [];
  const [head = '', body = '', signature = ''] = token.split('.');
  const point = Buffer.from(key, 'base64url');
  const publicKey = createPublicKey({
    format: 'jwk',
    key: {
      kty: 'EC',
      crv: 'P-256',
      x: point.subarray(1, 33).toString('base64url'),
      y: point.subarray(33).toString('base64url'),
    },
  });
  const good = verify(
    'sha256',
    Buffer.from(`${head}.${body}`),
    { key: publicKey, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!good) throw new Error('vapidOf: the signature is wrong');
  return { key, claims: JSON.parse(Buffer.from(body, 'base64url').toString()) };
}
