import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { Metrics } from '../../platform/metrics/index.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Authenticate } from '../http/caller.ts';

export interface HealthOptions {
  /** Each part that must work for the product to work; rejects where it does not. */
  checks: Partial<Record<'database' | 'bus' | 'audio', () => Promise<void>>>;
  draining(): boolean;
  metrics: Metrics;
  authenticate: Authenticate;
}

/** `/healthz`: the process answers. `/readyz`: it can do its work. `/metrics`: Prometheus, for this machine and for admins. */
export function registerHealth(app: FastifyInstance, options: HealthOptions): void {
  app.get('/healthz', async () => ({ status: 'alive' }));

  app.get('/readyz', async (_request, reply) => {
    const parts = Object.entries(options.checks).map(async ([part, check]) => [
      part,
      await check().then(
        () => 'ok',
        () => 'failing',
      ),
    ]);
    const states = Object.fromEntries(await Promise.all(parts));
    const ready = !options.draining() && Object.values(states).every(state => state === 'ok');
    return reply
      .code(ready ? 200 : 503)
      .header('cache-control', 'no-store')
      .send({ status: options.draining() ? 'draining' : ready ? 'ready' : 'not ready', ...states });
  });

  app.get('/metrics', async (request, reply) => {
    if (!(isThisMachine(request) || (await isAdmin(request, options.authenticate))))
      throw refuse('not_found');
    return reply.type(options.metrics.contentType).send(await options.metrics.metrics());
  });
}

const LOOPBACK = /^(::ffff:)?127\.|^::1$/;

/** What one or another proxy adds to a request that it passes on. */
const PROXIED = ['x-forwarded-for', 'x-real-ip', 'forwarded', 'via'];

/** Straight from this machine, and not by way of a proxy on it. */
function isThisMachine({ socket, headers }: FastifyRequest): boolean {
  return LOOPBACK.test(socket.remoteAddress ?? '') && PROXIED.every(header => headers[header] === undefined);
}

async function isAdmin(request: FastifyRequest, authenticate: Authenticate): Promise<boolean> {
  const token = /^Bearer ([\w-]{20,200})$/.exec(request.headers.authorization ?? '')?.[1];
  return token !== undefined && (await authenticate(token))?.admin === true;
}
