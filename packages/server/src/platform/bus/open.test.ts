import { expect, test } from 'vitest';
import { createLog } from '../log/index.ts';
import { createMetrics } from '../metrics/index.ts';
import { StartError } from '../start-error.ts';
import { openBus } from './open.ts';

const log = createLog({ level: 'silent', format: 'json' });

test('a NATS that is not there is told in one sentence, without its login', async () => {
  // Port 9 is that of `discard`, where nothing listens.
  const location = { servers: ['127.0.0.1:9'], login: { token: 'hunter2' }, tls: false, name: 'main' };
  const failure = await openBus(location, log, createMetrics()).catch((error: unknown) => error);
  expect(failure).toBeInstanceOf(StartError);
  expect(String((failure as Error).message)).toMatch(
    /^The NATS server at NATS_URL cannot be used \(.+\): start it, or correct the setting\.$/,
  );
  expect(String((failure as Error).message)).not.toContain('hunter2');
});

test('without NATS there is a bus all the same', async () => {
  const bus = await openBus(undefined, log, createMetrics());
  await bus.ping();
  await bus.close();
});
