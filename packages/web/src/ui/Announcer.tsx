import { useSyncExternalStore } from 'react';
import { announceStore } from './announce.ts';

export function Announcer() {
  const text = useSyncExternalStore(announceStore.subscribe, announceStore.getSnapshot);
  return (
    <div className="visually-hidden" role="status" aria-live="polite">
      {text}
    </div>
  );
}
