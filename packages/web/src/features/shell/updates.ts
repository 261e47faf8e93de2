import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';

/** Keeps the app for offline, and offers a new version when one is there: it never reloads by itself, a room may be on. */
export function offerUpdates(): void {
  if (!('serviceWorker' in navigator)) return;
  const { serviceWorker } = navigator;
  const offer = (waiting: ServiceWorker) => {
    // The first one of all has nothing to replace.
    if (!serviceWorker.controller) return;
    note(words.update.text, {
      stay: true,
      action: {
        label: words.update.action,
        run: () => {
          serviceWorker.addEventListener('controllerchange', () => location.reload(), { once: true });
          waiting.postMessage({ type: 'SKIP_WAITING' });
        },
      },
    });
  };
  serviceWorker.register('/sw.js').then(
    registration => {
      if (registration.waiting) offer(registration.waiting);
      registration.addEventListener('updatefound', () => {
        const { installing } = registration;
        installing?.addEventListener('statechange', () => {
          if (installing.state === 'installed') offer(installing);
        });
      });
    },
    () => {}, // Without one, everything works but opening offline.
  );
}
