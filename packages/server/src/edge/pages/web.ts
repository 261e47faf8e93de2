import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { refuse } from '../../platform/refusal.ts';

export interface WebOptions {
  /** Folder of the built web client. */
  dist: string;
  /** A stored picture by its name; null if there is none. */
  readPicture(name: string): Promise<Buffer | null>;
}

const YEAR = 'public, max-age=31536000, immutable';

/** The web app, and the pictures people gave. Paths of the app itself all get its one page. */
export async function registerWeb(app: FastifyInstance, options: WebOptions): Promise<void> {
  app.get<{ Params: { name: string } }>('/files/pictures/:name', async (request, reply) => {
    const bytes = await options.readPicture(request.params.name);
    if (!bytes) throw refuse('not_found');
    return reply
      .header('cache-control', YEAR)
      .header('content-security-policy', "default-src 'none'; sandbox")
      .type('image/webp')
      .send(bytes);
  });

  if (!existsSync(join(options.dist, 'index.html'))) {
    app.setNotFoundHandler(() => {
      throw refuse('not_found');
    });
    return;
  }
  await app.register(fastifyStatic, {
    root: options.dist,
    wildcard: false,
    index: false,
    preCompressed: true,
    cacheControl: false,
    setHeaders: (reply, path) => {
      // Vite puts a hash of the content into each name under assets/.
      reply.header('cache-control', path.includes('/assets/') ? YEAR : 'no-cache');
    },
  });
  await app.register(takeShares);
  const page = (_request: unknown, reply: FastifyReply): FastifyReply =>
    reply.header('cache-control', 'no-cache').sendFile('index.html');
  app.get('/', page);
  app.setNotFoundHandler((request, reply) => {
    const forPage = request.method === 'GET' && /\btext\/html\b/.test(request.headers.accept ?? '');
    if (forPage && !/^\/(v1|files|socket)\b/.test(request.url)) return page(request, reply);
    throw refuse('not_found');
  });
}

/**
 * What other apps share goes to the service worker (Web Share Target API). Where there is none yet it comes here: it is not
 * read, and the app says that it did not come through. Browsers send it as nobody's: with `Origin: null`.
 */
function takeShares(app: FastifyInstance, _options: unknown, done: () => void): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('*', (_request, _body, ignored) => ignored(null));
  app.post('/share', { config: { anyOrigin: true } }, (_request, reply) =>
    reply.header('cache-control', 'no-store').redirect('/share?lost', 303),
  );
  done();
}
