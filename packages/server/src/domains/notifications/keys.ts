import webPush from 'web-push';
import { z } from 'zod';
import type { Database } from '../../platform/db/index.ts';
import { keptSecret } from '../../platform/secrets.ts';

/** Keys by which push services know this server (RFC 8292), in base64url. */
export type VapidKeys = z.infer<typeof VapidKeys>;
const VapidKeys = z.object({ publicKey: z.string(), privateKey: z.string() });

/** Made once and kept: browsers are subscribed with them, and other keys would not reach them any more. */
export function vapidKeys(db: Database): () => Promise<VapidKeys> {
  let keys: Promise<VapidKeys> | undefined;
  const read = async (): Promise<VapidKeys> => {
    const kept = await keptSecret(db, 'vapid', () =>
      Buffer.from(JSON.stringify(webPush.generateVAPIDKeys())),
    );
    return VapidKeys.parse(JSON.parse(kept.toString()));
  };
  return () =>
    (keys ??= read().catch(error => {
      keys = undefined;
      throw error;
    }));
}
