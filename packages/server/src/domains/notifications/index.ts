import { Counter } from 'prom-client';
import type { Outbound } from '../../platform/outbound/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Repeated } from '../../platform/repeat.ts';
import type { Context, Conversations } from './context.ts';
import { vapidKeys } from './keys.ts';
import { notificationRoutes } from './routes.ts';
import { startPushing } from './run.ts';

/** Pushes to the devices of people who are not looking (BC-31). */
export interface Notifications {
  routes: ReturnType<typeof notificationRoutes>;
  /** From now on what is owed is pushed. */
  start(): Repeated;
}

/** @param ports.subject where push services reach who runs this server: `mailto:` or `https:` */
export function createNotifications(
  platform: Platform,
  ports: { conversations: Conversations; outbound: Outbound; subject(): string },
): Notifications {
  const pushes = new Counter({
    name: 'sotto_pushes_total',
    help: 'Pushes to browsers, by what the push service made of them.',
    labelNames: ['outcome'],
    registers: [platform.metrics],
  });
  const context: Context = {
    ...platform,
    ...ports,
    keys: vapidKeys(platform.db),
    count: outcome => pushes.inc({ outcome }),
  };
  return { routes: notificationRoutes(context), start: () => startPushing(context) };
}
