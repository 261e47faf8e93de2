import { useEffect, useMemo } from 'react';
import { useLocation } from 'wouter';
import { screenOf } from '../../state/route.ts';
import { lateSheet } from '../../ui/late.tsx';
import { useMedia, WIDE } from '../../ui/useMedia.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { useAhead } from './ahead.ts';
import { Laptop } from './Laptop.tsx';
import { OfflineBanner } from './OfflineBanner.tsx';
import { Phone } from './Phone.tsx';
import styles from './Shell.module.css';
import { closeSheet, openedSheet, openSheet } from './sheets.ts';
import { useGlobalKeys } from './useGlobalKeys.ts';
import { useHappenings } from './useHappenings.ts';
import { useNotifications } from './useNotifications.ts';
import { useTitle } from './useTitle.ts';

const OpenRoomSheet = lateSheet(() =>
  import('../room/OpenRoomSheet.tsx').then(module => module.OpenRoomSheet),
);
const KeysSheet = lateSheet(() => import('./KeysSheet.tsx').then(module => module.KeysSheet));

/** The house for whoever is signed in: panes on a phone, columns on a laptop. */
export function Shell() {
  const [path] = useLocation();
  const screen = useMemo(() => screenOf(path), [path]);
  const wide = useMedia(WIDE);
  const sheet = useReadable(openedSheet);
  useGlobalKeys();
  useHappenings(screen);
  useTitle(screen);
  useNotifications();
  useShortcut();
  useAhead();
  return (
    <div className={styles.shell}>
      <OfflineBanner />
      <div className={styles.main}>{wide ? <Laptop screen={screen} /> : <Phone screen={screen} />}</div>
      {sheet === 'openRoom' && <OpenRoomSheet onClose={closeSheet} />}
      {sheet === 'keys' && <KeysSheet onClose={closeSheet} />}
    </div>
  );
}

/** The installed app's shortcut to opening a room. */
function useShortcut(): void {
  const [, navigate] = useLocation();
  useEffect(() => {
    if (new URLSearchParams(location.search).get('open') !== 'room') return;
    navigate(location.pathname, { replace: true });
    openSheet('openRoom');
  }, [navigate]);
}
