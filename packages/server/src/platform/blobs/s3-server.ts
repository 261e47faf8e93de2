import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { request as connect, createServer } from 'node:http';
import { createRequire } from 'node:module';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { buffer } from 'node:stream/consumers';
import { s3Blobs } from './s3.ts';
import type { S3Location } from './s3-client.ts';

export interface TestS3 {
  location: S3Location;
  /** Where its files are. */
  folder: string;
  stop(): Promise<void>;
}

const cli = createRequire(import.meta.url).resolve('@20minutes/s3rver/lib/cli.js');
/** Ends with us, however we end. */
const program = `process.stdin.on('end', () => process.exit()).resume();
require(${JSON.stringify(cli)}).parseAsync(['', '', ...process.argv.slice(1)]);`;

/** For tests: an S3-compatible server that checks signatures, in a process of its own, with one bucket. */
export async function testS3(): Promise<TestS3> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-s3-'));
  const options = ['-d', folder, '-a', '127.0.0.1', '-p', '0', '--silent', '--configure-bucket', 'sotto'];
  const child = spawn(process.execPath, ['--eval', program, '--', ...options], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const stop = async () => {
    if (child.exitCode === null && child.kill('SIGKILL')) await once(child, 'exit');
    await rm(folder, { recursive: true, force: true });
  };
  for await (const line of createInterface({ input: child.stdout })) {
    const port = /listening on .*:(\d+)$/.exec(line)?.[1];
    if (port === undefined) continue;
    const location: S3Location = {
      endpoint: `http://127.0.0.1:${port}`,
      bucket: 'sotto',
      region: 'us-east-1',
      accessKeyId: 'S3RVER',
      secretAccessKey: 'S3RVER',
    };
    return { location, folder, stop };
  }
  await stop();
  throw new Error('the S3 server did not start');
}

/** What a relay answers itself. `cut`: the connection ends before the answer does. */
export interface Fault {
  status: number;
  headers?: Record<string, string>;
  text?: string;
  cut?: boolean;
}

/** A store that has troubles: what `fault` has no answer for goes on to the real one. */
export async function s3Relay(
  location: S3Location,
  fault: (request: { method: string; path: string; count: number }) => Fault | 'cut' | undefined,
) {
  let count = 0;
  const relay = createServer(async (request, response) => {
    const { method = '', url: path = '' } = request;
    const body = await buffer(request);
    count += 1;
    const fate = fault({ method, path, count });
    if (fate === 'cut') request.socket.destroy();
    else if (fate) {
      const text = fate.text ?? '<Error><Code>SlowDown</Code><Message>Later.</Message></Error>';
      response.writeHead(fate.status, { 'content-length': text.length, ...fate.headers });
      if (fate.cut) response.write(text, () => request.socket.destroy());
      else response.end(text);
    } else {
      // Host and all else that is signed go on as they came.
      const onward = connect({ method, path, headers: request.headers, ...address(location) }, answer => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on('error', () => request.socket.destroy());
      onward.end(body);
    }
  });
  relay.listen(0, '127.0.0.1');
  await once(relay, 'listening');
  const { port } = relay.address() as AddressInfo;
  const blobs = s3Blobs({ ...location, endpoint: `http://127.0.0.1:${port}` });
  return {
    blobs,
    [Symbol.asyncDispose]: async () => {
      await blobs.close();
      relay.closeAllConnections();
      relay.close();
    },
  };
}

const address = ({ endpoint }: S3Location) => {
  const { hostname, port } = new URL(endpoint);
  return { hostname, port };
};
