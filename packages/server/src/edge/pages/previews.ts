import type { FastifyInstance } from 'fastify';
import { refuse } from '../../platform/refusal.ts';

/**
 * Pictures of link previews: our own copies, never the sites' (BC-23). Their names come from what is in them, so that a
 * browser may keep them for ever.
 * @param readImage by its name; null if there is none
 */
export function registerPreviews(
  app: FastifyInstance,
  readImage: (name: string) => Promise<Buffer | null>,
): void {
  app.get<{ Params: { name: string } }>('/previews/:name', async (request, reply) => {
    const bytes = await readImage(request.params.name);
    if (!bytes) throw refuse('not_found');
    return reply
      .header('cache-control', 'public, max-age=31536000, immutable')
      .header('content-security-policy', "default-src 'none'; sandbox")
      .type('image/webp')
      .send(bytes);
  });
}
