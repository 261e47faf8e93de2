import { useEffect } from 'react';
import { useLocation } from 'wouter';
import { closeRead } from '../../state/push.ts';
import { inbox } from '../../state/sotto.ts';
import type { FromWorker } from '../../sw/push.ts';
import { useReadable } from '../../ui/useReadable.ts';

/** A tapped notification leads to its conversation; what is read takes its notification away (BC-31). */
export function useNotifications(): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    if (!('serviceWorker' in navigator)) return;
    const { serviceWorker } = navigator;
    const hear = ({ data, ports }: MessageEvent<FromWorker | null>) => {
      if (data?.type === 'open' && data.path.startsWith('/')) navigate(data.path);
      if (data?.type === 'reading')
        ports[0]?.postMessage(location.pathname === data.path && document.visibilityState === 'visible');
    };
    serviceWorker.addEventListener('message', hear);
    return () => serviceWorker.removeEventListener('message', hear);
  }, [navigate]);

  const { conversations } = useReadable(inbox);
  const read = conversations
    .filter(each => each.unread === 0)
    .map(each => each.id)
    .join(' ');
  useEffect(() => {
    const known = new Set(read.split(' '));
    closeRead(conversation => known.has(conversation)).catch(() => {}); // Without a worker there is none.
  }, [read]);
}
