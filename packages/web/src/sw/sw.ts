import { cleanupOutdatedCaches, createHandlerBoundToURL, precacheAndRoute } from 'workbox-precaching';
import { NavigationRoute, registerRoute } from 'workbox-routing';
import { sweepShared } from '../state/shared.ts';
import { onClick, onPush, onSubscriptionChange } from './push.ts';
import type {
  NotificationEvent,
  PushEvent,
  SubscriptionChangeEvent,
  WorkerEvent,
  WorkerScope,
} from './scope.ts';
import { onShare } from './share.ts';

interface InstallEvent extends WorkerEvent {
  /** Where the browser has it (Service Worker Static Routing API). */
  addRoutes?(rules: { condition: { urlPattern: { pathname: string } }; source: 'network' }[]): Promise<void>;
}

interface Events {
  install: InstallEvent;
  activate: WorkerEvent;
  push: PushEvent;
  notificationclick: NotificationEvent;
  pushsubscriptionchange: SubscriptionChangeEvent;
  message: WorkerEvent & { readonly data: unknown };
}

declare const self: WorkerScope & {
  /** What the build has put out, with its hashes. */
  readonly __WB_MANIFEST: Parameters<typeof precacheAndRoute>[0];
  skipWaiting(): Promise<void>;
  readonly clients: { claim(): Promise<void> };
  addEventListener<K extends keyof Events>(type: K, listener: (event: Events[K]) => void): void;
};

precacheAndRoute(self.__WB_MANIFEST);
cleanupOutdatedCaches();
registerRoute(
  new NavigationRoute(createHandlerBoundToURL('/index.html'), {
    denylist: [/^\/(v1|socket|files|previews|docs|metrics|healthz|readyz|openapi\.json)/],
  }),
);
registerRoute(
  ({ sameOrigin, url }) => sameOrigin && url.pathname === '/share',
  ({ request }) => onShare(request, self.location.origin),
  'POST',
);

// What is never kept goes straight to the network: otherwise each call would wait for the worker to be started.
const live = ['/v1/*', '/files/*', '/previews/*'];
self.addEventListener('install', event => {
  const rules = live.map(
    pathname => ({ condition: { urlPattern: { pathname } }, source: 'network' }) as const,
  );
  if (event.addRoutes) event.waitUntil(event.addRoutes(rules).catch(() => {}));
});
// The first visit goes on offline too: whoever came before the worker was there is served by it from now on.
self.addEventListener('activate', event => event.waitUntil(self.clients.claim()));
self.addEventListener('activate', event => event.waitUntil(sweepShared().catch(() => {})));
self.addEventListener('message', ({ data }) => {
  if ((data as { type?: string } | null)?.type === 'SKIP_WAITING') void self.skipWaiting();
});
self.addEventListener('push', event => event.waitUntil(onPush(self, event)));
self.addEventListener('notificationclick', event => event.waitUntil(onClick(self, event)));
self.addEventListener('pushsubscriptionchange', event => event.waitUntil(onSubscriptionChange(self, event)));
