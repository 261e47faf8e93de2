import type { S3Location } from '../platform/blobs/index.ts';
import type { NatsLocation } from '../platform/bus/index.ts';
import type { Kind } from './kinds.ts';

const BUCKET = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;
const REGION = /^[a-z0-9-]{1,40}$/;
const NAME = /^[a-z0-9_-]{1,40}$/;

/** `https://KEY:SECRET@host/bucket?region=…` */
export const s3: Kind<S3Location> = {
  label: 'URL',
  secret: true,
  read(text) {
    const expected =
      'an address like https://KEY:SECRET@host/bucket?region=eu-central-1, key and secret percent-encoded';
    const url = parse(text, ['http:', 'https:']);
    const bucket = url?.pathname.slice(1).replace(/\/$/, '') ?? '';
    const region = url?.searchParams.get('region') ?? 'us-east-1';
    const accessKeyId = decoded(url?.username);
    const secretAccessKey = decoded(url?.password);
    const known = [...(url?.searchParams.keys() ?? [])].every(name => name === 'region');
    if (!url || !known || url.hash || !accessKeyId || !secretAccessKey) return { expected };
    if (!BUCKET.test(bucket) || !REGION.test(region)) return { expected };
    return { value: { endpoint: url.origin, bucket, region, accessKeyId, secretAccessKey } };
  },
};

/** `nats://user:password@host:4222/name`; further servers of the same cluster after commas. */
export const nats: Kind<NatsLocation> = {
  label: 'URL',
  secret: true,
  read(text) {
    const expected =
      'an address like nats://host:4222 or tls://user:password@host:4222/name, further servers after commas';
    const urls = text.split(',').map(part => parse(part.trim(), ['nats:', 'tls:']));
    const [first] = urls;
    const name = first?.pathname.slice(1) || 'main';
    const login = first && loginOf(first);
    if (!first || login === null || !NAME.test(name)) return { expected };
    const servers: string[] = [];
    for (const url of urls) {
      if (!url?.hostname || url.search || url.hash || url.protocol !== first.protocol) return { expected };
      servers.push(`${url.hostname}:${url.port || '4222'}`);
    }
    return { value: { servers, login, tls: first.protocol === 'tls:', name } };
  },
};

/** A user without a password is a token, as NATS writes it. Null: not decodable. */
function loginOf(url: URL): NatsLocation['login'] | null {
  const user = decoded(url.username);
  const pass = decoded(url.password);
  if (user === null || pass === null) return null;
  if (user === '') return pass === '' ? undefined : null;
  return pass === '' ? { token: user } : { user, pass };
}

function parse(text: string, schemes: string[]): URL | null {
  if (!URL.canParse(text)) return null;
  const url = new URL(text);
  return schemes.includes(url.protocol) && url.hostname !== '' ? url : null;
}

/** Null where the percent signs make no sense. */
function decoded(text: string | undefined): string | null {
  try {
    return decodeURIComponent(text ?? '');
  } catch {
    return null;
  }
}
