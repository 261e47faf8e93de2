import { createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { setTimeout as wait } from 'node:timers/promises';
import { AwsV4Signer } from 'aws4fetch';
import { Agent, request } from 'undici';

/** Where an S3-compatible store is. Buckets are asked for by path, which every store knows. */
export interface S3Location {
  /** Origin, without a slash at the end. */
  endpoint: string;
  bucket: string;
  region: string;
  accessKeyId: string;
  secretAccessKey: string;
}

export interface S3Request {
  method: 'GET' | 'HEAD' | 'PUT' | 'POST' | 'DELETE';
  /** Without: the bucket itself. */
  key?: string;
  query?: Record<string, string>;
  headers?: Record<string, string>;
  body?: Uint8Array;
}

export interface S3Answer {
  status: number;
  header(name: string): string | undefined;
  /** Must be read to its end or destroyed. */
  body: Readable & { text(): Promise<string>; dump(): Promise<void> };
}

/** What the store said no to, in its own words: `NoSuchBucket`, `SignatureDoesNotMatch`… */
export class S3Error extends Error {
  readonly status: number;
  readonly code: string;

  constructor(status: number, text: string) {
    const code = element(text, 'Code') ?? `status ${status}`;
    const said = element(text, 'Message');
    super(`the S3 store answered ${code}${said ? `: ${said}` : ''}`);
    this.name = 'S3Error';
    this.status = status;
    this.code = code;
  }
}

const attempts = 4;
const firstWaitMs = 100;
const transient = new Set([429, 500, 502, 503, 504]);
const nothing = createHash('sha256').digest('hex');

export interface S3Client {
  /**
   * One signed request (Signature Version 4, the body's hash signed too), repeated when the connection breaks or the store is
   * too busy. Statuses below 500 come back as they are.
   * @throws S3Error for what the last attempt got, or the error of the connection
   */
  send(request: S3Request): Promise<S3Answer>;
  close(): Promise<void>;
}

export function s3Client(location: S3Location): S3Client {
  const agent = new Agent({ connect: { timeout: 10_000 }, headersTimeout: 60_000, bodyTimeout: 60_000 });
  const signingKeys = new Map<string, ArrayBuffer>();

  async function once(wanted: S3Request): Promise<S3Answer> {
    const url = new URL(`${location.endpoint}/${location.bucket}${wanted.key ? `/${wanted.key}` : ''}`);
    for (const [name, value] of Object.entries(wanted.query ?? {})) url.searchParams.set(name, value);
    const { method, body } = wanted;
    const hash = body ? createHash('sha256').update(body).digest('hex') : nothing;
    const signed = await new AwsV4Signer({
      method,
      url: url.href,
      headers: { ...wanted.headers, 'x-amz-content-sha256': hash },
      accessKeyId: location.accessKeyId,
      secretAccessKey: location.secretAccessKey,
      service: 's3',
      region: location.region,
      cache: signingKeys,
    }).sign();
    const answer = await request(signed.url, {
      method,
      headers: Object.fromEntries(signed.headers),
      body: body ?? null,
      dispatcher: agent,
    });
    const header = (name: string): string | undefined => {
      const value = answer.headers[name];
      return Array.isArray(value) ? value[0] : value;
    };
    return { status: answer.statusCode, header, body: answer.body };
  }

  async function send(wanted: S3Request): Promise<S3Answer> {
    for (let attempt = 1; ; attempt += 1) {
      let failure: unknown;
      try {
        const answer = await once(wanted);
        if (!transient.has(answer.status)) return answer;
        failure = new S3Error(answer.status, await answer.body.text());
      } catch (error) {
        failure = error;
      }
      if (attempt === attempts) throw failure;
      await wait(firstWaitMs * 2 ** attempt * (0.5 + Math.random()));
    }
  }

  return { send, close: () => agent.destroy() };
}

/** The text of the first such element. The store's answers are flat, and our keys need no entities. */
export function element(xml: string, name: string): string | undefined {
  return elements(xml, name)[0];
}

export function elements(xml: string, name: string): string[] {
  return Array.from(xml.matchAll(new RegExp(`<${name}>([^<]*)</${name}>`, 'g')), match =>
    (match[1] ?? '').replaceAll('&quot;', '"').replaceAll('&#34;', '"').replaceAll('&amp;', '&'),
  );
}
