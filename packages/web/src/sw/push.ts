import type { PushPayload } from '@sotto/protocol';
import { push as words } from '../words/en/push.ts';
import type {
  NotificationEvent,
  PageClient,
  PushEvent,
  SubscriptionChangeEvent,
  WorkerScope,
} from './scope.ts';

type News = Extract<PushPayload, { kind: 'message' }>;
type Cleared = Extract<PushPayload, { kind: 'clear' }>;

/** What a page of ours hears from the worker: to go somewhere; or to say, at the port that comes with it, whether it is there. */
export interface FromWorker {
  type: 'open' | 'reading';
  path: string;
}

/** Milliseconds that a page has to answer. */
const ANSWER = 500;

/**
 * A push came. What cannot be read was written by a newer server: then there is something new, and that is said, for a push
 * without a notification costs us the subscription.
 */
export async function onPush(scope: WorkerScope, event: Pick<PushEvent, 'data'>): Promise<void> {
  const payload = payloadOf(event);
  if (payload?.kind === 'clear') return clear(scope, payload);
  if (payload) return tell(scope, payload);
  await scope.registration.showNotification(words.app, { body: words.something, tag: 'something' });
}

function payloadOf({ data }: Pick<PushEvent, 'data'>): PushPayload | null {
  try {
    const payload = data?.json() as PushPayload;
    const known = payload.v === 1 && (payload.kind === 'message' || payload.kind === 'clear');
    return known && typeof payload.tag === 'string' ? payload : null;
  } catch {
    return null;
  }
}

async function tell(scope: WorkerScope, news: News): Promise<void> {
  await setBadge(scope, news.badge);
  const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  // On screen already: whoever reads it needs no notification.
  if ((await Promise.all(pages.map(page => isReading(page, news.url)))).includes(true)) return;
  await scope.registration.showNotification(news.title, {
    body: bodyOf(news),
    tag: news.tag,
    data: { path: news.url },
    badge: '/icons/icon-192.png',
    icon: news.icon ?? '/icons/icon-192.png',
    ...({ renotify: news.silent !== true, timestamp: news.at } as NotificationOptions),
    ...(news.silent && { silent: true }),
  });
}

/** What it says under the title; nothing of the text where that is hidden. */
export function bodyOf({ from, body, what, count }: News): string {
  const said = body ?? (what ? words.what[what] : words.messages(count));
  return from === undefined ? said : words.by(from, said);
}

/** A page's address, as a worker has it, is the one that it was opened with: so the page is asked. */
async function isReading(page: PageClient, path: string): Promise<boolean> {
  if (page.visibilityState !== 'visible') return false;
  const { port1, port2 } = new MessageChannel();
  const message: FromWorker = { type: 'reading', path };
  try {
    return await new Promise<boolean>(resolve => {
      port1.onmessage = ({ data }) => resolve(data === true);
      setTimeout(() => resolve(false), ANSWER);
      page.postMessage(message, [port2]);
    });
  } finally {
    port1.close();
  }
}

async function clear(scope: WorkerScope, { tag, badge }: Cleared): Promise<void> {
  for (const shown of await scope.registration.getNotifications({ tag })) shown.close();
  await setBadge(scope, badge);
}

async function setBadge({ navigator }: WorkerScope, count: number): Promise<void> {
  // A browser that may not show one says so by refusing.
  await (count > 0 ? navigator.setAppBadge?.(count) : navigator.clearAppBadge?.())?.catch(() => {});
}

/** A notification was tapped: the page that is open goes there, else one is opened. */
export async function onClick(
  scope: WorkerScope,
  { notification }: Pick<NotificationEvent, 'notification'>,
): Promise<void> {
  notification.close();
  const { path } = { path: '/', ...(notification.data as { path?: string } | null) };
  const pages = await scope.clients.matchAll({ type: 'window', includeUncontrolled: true });
  const page =
    pages.find(each => each.focused) ?? pages.find(each => each.visibilityState === 'visible') ?? pages[0];
  if (!page) {
    await scope.clients.openWindow(path);
    return;
  }
  const message: FromWorker = { type: 'open', path };
  page.postMessage(message);
  await page.focus();
}

/** The browser gave this device another address: the server is told, as the session of the page that subscribed. */
export async function onSubscriptionChange(
  scope: WorkerScope,
  { oldSubscription, newSubscription }: Pick<SubscriptionChangeEvent, 'oldSubscription' | 'newSubscription'>,
): Promise<void> {
  const { pushManager } = scope.registration;
  // None any more where the browser gives none: the server is to forget the old one then.
  const again = async () =>
    oldSubscription && pushManager.subscribe(oldSubscription.options).catch(() => null);
  const subscription = newSubscription ?? (await again());
  const told = scope.fetch('/v1/me/push', {
    method: subscription ? 'PUT' : 'DELETE',
    credentials: 'same-origin',
    ...(subscription && {
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(subscriptionOf(subscription)),
    }),
  });
  await told.catch(() => {}); // Out of reach, or refused: the next start of a page says it again.
}

/** As the server takes it. */
export function subscriptionOf(subscription: PushSubscription) {
  const { endpoint = '', keys = {} } = subscription.toJSON();
  return { endpoint, keys: { p256dh: keys.p256dh ?? '', auth: keys.auth ?? '' } };
}
