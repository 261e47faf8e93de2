import { describe, expect, it } from 'vitest';
import { onPush, onSubscriptionChange } from './push.ts';
import type { WorkerScope } from './scope.ts';

const options = { userVisibleOnly: true, applicationServerKey: new Uint8Array([4, 1, 2]).buffer };

function subscriptionAt(endpoint: string, keys: Record<string, string> = { p256dh: 'p', auth: 'a' }) {
  return {
    endpoint,
    expirationTime: null,
    options,
    getKey: () => null,
    toJSON: () => ({ endpoint, expirationTime: null, keys }),
    unsubscribe: async () => {
      throw new Error('it is not given up');
    },
  } satisfies PushSubscription;
}

/** A worker whose browser subscribes at an address, or refuses to, and whose server answers with a status; 0: it is out of reach. */
function played({ at, status = 204 }: { at?: string; status?: number } = {}) {
  const asked: unknown[] = [];
  const told: { path: string; options: RequestInit }[] = [];
  const scope: WorkerScope = {
    registration: {
      showNotification: async () => undefined,
      getNotifications: async () => [],
      pushManager: {
        getSubscription: async () => null,
        permissionState: async () => 'granted' as const,
        subscribe: async given => {
          asked.push(given);
          if (at === undefined) throw new DOMException('not allowed', 'NotAllowedError');
          return subscriptionAt(at);
        },
      },
    },
    clients: { matchAll: async () => [], openWindow: async () => null },
    navigator: {},
    location: { origin: 'http://localhost' },
    fetch: async (path, given) => {
      told.push({ path, options: given });
      if (status === 0) throw new TypeError('Failed to fetch');
      return new Response(null, { status });
    },
  };
  return { scope, asked, told };
}

const putOf = (endpoint: string) => ({
  path: '/v1/me/push',
  options: {
    method: 'PUT',
    credentials: 'same-origin',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ endpoint, keys: { p256dh: 'p', auth: 'a' } }),
  },
});
const deleted = { path: '/v1/me/push', options: { method: 'DELETE', credentials: 'same-origin' } };
const old = subscriptionAt('https://push.test/old', { p256dh: 'old', auth: 'old' });

describe('BC-31: the browser gives a device another address', () => {
  it('BC-31 the new subscription is told, as the server takes it', async () => {
    const { scope, asked, told } = played();
    const newSubscription = subscriptionAt('https://push.test/new');
    await onSubscriptionChange(scope, { oldSubscription: old, newSubscription });
    expect(told).toEqual([putOf('https://push.test/new')]);
    expect(asked).toEqual([]);
  });

  it('BC-31 where only the old one is known, it is subscribed again with the same key, and that is told', async () => {
    const { scope, asked, told } = played({ at: 'https://push.test/again' });
    await onSubscriptionChange(scope, { oldSubscription: old, newSubscription: null });
    expect(asked).toEqual([options]);
    expect(told).toEqual([putOf('https://push.test/again')]);
  });

  it.each([
    ['there was none', {}],
    ['the browser gives no new one', { oldSubscription: old, newSubscription: null }],
  ])('BC-31 where %s, the server is told to push here no more', async (_, event) => {
    const { scope, told } = played();
    await onSubscriptionChange(scope, event);
    expect(told).toEqual([deleted]);
  });

  it.each([401, 422, 503, 0])(
    'BC-31 a server that answers %i is asked once, and the subscription stays',
    async status => {
      const { scope, told } = played({ status });
      const newSubscription = subscriptionAt('https://push.test/new');
      await onSubscriptionChange(scope, { oldSubscription: old, newSubscription });
      expect(told).toHaveLength(1);
    },
  );
});

describe('BC-31: a push came', () => {
  it.each([
    [{}, { renotify: true }],
    [{ silent: true }, { renotify: false, silent: true }],
  ])('BC-31 it is shown, and makes no sound where it came in quiet hours: %o', async (more, as) => {
    const { scope } = played();
    const shown: unknown[] = [];
    scope.registration.showNotification = async (...notification) => void shown.push(notification);
    const news = {
      v: 1,
      kind: 'message',
      conversation: 'c',
      title: 'Ada',
      body: 'hello',
      count: 1,
      badge: 1,
    };
    const place = { tag: 'conversation c', url: '/backchannel/c', at: 1 };
    await onPush(scope, { data: { json: () => ({ ...news, ...place, ...more }) } });
    expect(shown).toEqual([
      ['Ada', expect.objectContaining({ body: 'hello', tag: 'conversation c', ...as })],
    ]);
    if (!('silent' in as)) expect(shown).not.toEqual([['Ada', expect.objectContaining({ silent: true })]]);
  });
});
