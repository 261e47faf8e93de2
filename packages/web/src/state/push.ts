import { createStore, isSottoError, type Readable } from '@sotto/sdk';
import { subscriptionOf } from '../sw/push.ts';
import { call, session } from './sotto.ts';

/**
 * Notifications on this device. `install`: an iPhone gives them to installed apps alone. `insecure`: not over https.
 * `failed`: the browser's push service did not answer.
 */
export type PushState =
  | 'unknown'
  | 'insecure'
  | 'unsupported'
  | 'install'
  | 'denied'
  | 'off'
  | 'on'
  | 'failed';

/** What a browser says of itself. */
export interface Device {
  secure: boolean;
  /** It has service workers, the Push API and notifications. */
  able: boolean;
  /** An iPhone or iPad. */
  apple: boolean;
  /** Opened from the home screen. */
  installed: boolean;
  permission: NotificationPermission;
  subscribed: boolean;
}

export function stateOf({ secure, able, apple, installed, permission, subscribed }: Device): PushState {
  if (!secure) return 'insecure';
  if (apple && !installed) return 'install';
  if (!able) return 'unsupported';
  if (permission === 'denied') return 'denied';
  return subscribed && permission === 'granted' ? 'on' : 'off';
}

const state = createStore<PushState>('unknown');
export const pushState: Readable<PushState> = state;

function device(subscribed: boolean): Device {
  const { userAgent, maxTouchPoints } = navigator;
  const able = 'serviceWorker' in navigator && 'PushManager' in window && 'Notification' in window;
  return {
    secure: isSecureContext,
    able,
    apple: /iPhone|iPad/.test(userAgent) || (/Macintosh/.test(userAgent) && maxTouchPoints > 1),
    installed: matchMedia('(display-mode: standalone)').matches,
    permission: able ? Notification.permission : 'default',
    subscribed,
  };
}

const registration = async (): Promise<ServiceWorkerRegistration | undefined> =>
  'serviceWorker' in navigator ? navigator.serviceWorker.getRegistration() : undefined;

const subscription = async (): Promise<PushSubscription | null> =>
  (await (await registration())?.pushManager?.getSubscription()) ?? null;

/** Looks at how things are, now and when they change outside of the page. @returns what ends it */
export function watchPush(): () => void {
  const ended = new AbortController();
  const look = () => void refreshPush();
  look();
  document.addEventListener('visibilitychange', look, { signal: ended.signal });
  navigator.permissions?.query({ name: 'notifications' }).then(
    permission => permission.addEventListener('change', look, { signal: ended.signal }),
    () => {}, // Then coming back to the page is when it is seen.
  );
  return () => ended.abort();
}

async function refreshPush(): Promise<void> {
  const subscribed = (await subscription().catch(() => null)) !== null;
  state.set(stateOf(device(subscribed)));
}

/** From a tap: the browser asks for permission then. */
export async function switchOnPush(): Promise<void> {
  if ((await Notification.requestPermission()) === 'granted') {
    try {
      await subscribe();
    } catch (error) {
      await (await subscription())?.unsubscribe();
      if (isSottoError(error)) throw error;
      // No push service is there, or it is out of reach.
      state.set('failed');
      return;
    }
  }
  await refreshPush();
}

async function subscribe(): Promise<void> {
  const { pushManager } = await navigator.serviceWorker.ready;
  const { key } = await call('GET /v1/push/key');
  const existing = await pushManager.getSubscription();
  // Of another server that was at this address before: its key does not fit.
  if (existing && !isKeyOf(existing, key)) await existing.unsubscribe();
  const mine = await pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: key });
  await call('PUT /v1/me/push', { body: subscriptionOf(mine) });
}

function isKeyOf({ options }: PushSubscription, key: string): boolean {
  const bytes = options.applicationServerKey;
  if (!bytes) return false;
  const text = btoa(String.fromCharCode(...new Uint8Array(bytes)));
  return text.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '') === key;
}

export async function switchOffPush(): Promise<void> {
  await call('DELETE /v1/me/push');
  await (await subscription())?.unsubscribe();
  await refreshPush();
}

/** Notifications of conversations that are read go away, by whatever way they were read. */
export async function closeRead(isRead: (conversation: string) => boolean): Promise<void> {
  const shown = await (await registration())?.getNotifications?.();
  for (const notification of shown ?? []) {
    const conversation = /^conversation (.+)$/.exec(notification.tag)?.[1];
    if (conversation !== undefined && isRead(conversation)) notification.close();
  }
}

/**
 * The server's word follows the browser's: a device that is subscribed says so at each start, for the server may have
 * forgotten it; one where somebody signed out is subscribed no more, and shows nothing of theirs.
 */
export function keepPush(): void {
  let told = false;
  const follow = (): void => {
    const now = session.state.getSnapshot();
    if (now.state === 'signedIn' && now.confirmed && now.me.complete && !told) {
      told = true;
      void tellAgain().catch(() => {}); // Offline, or refused: the next start says it again.
    }
    if (now.state === 'signedOut') {
      told = false;
      void forget().catch(() => {});
    }
  };
  session.state.subscribe(follow);
  follow();
}

async function tellAgain(): Promise<void> {
  const mine = await subscription();
  if (mine && Notification.permission === 'granted')
    await call('PUT /v1/me/push', { body: subscriptionOf(mine) });
  await refreshPush();
}

async function forget(): Promise<void> {
  await (await subscription())?.unsubscribe();
  await closeRead(() => true);
  if ('clearAppBadge' in navigator) await navigator.clearAppBadge();
  await refreshPush();
}
