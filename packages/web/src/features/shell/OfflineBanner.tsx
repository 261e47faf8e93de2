import WifiOff from 'lucide-react/icons/wifi-off';
import { useEffect, useState, useSyncExternalStore } from 'react';
import { connection } from '../../state/sotto.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import styles from './Shell.module.css';

/** Milliseconds that a hiccup of the line goes unmentioned. */
const PATIENCE = 2500;

function subscribeOnline(listener: () => void): () => void {
  window.addEventListener('online', listener);
  window.addEventListener('offline', listener);
  return () => {
    window.removeEventListener('online', listener);
    window.removeEventListener('offline', listener);
  };
}

/** Says that there is no signal, or that the line is being restored, once that has lasted a moment. */
export function OfflineBanner() {
  const online = useSyncExternalStore(subscribeOnline, () => navigator.onLine);
  const { state } = useReadable(connection);
  const down = state !== 'open';
  const [long, setLong] = useState(false);
  useEffect(() => {
    if (!down) {
      setLong(false);
      return;
    }
    const timer = setTimeout(() => setLong(true), PATIENCE);
    return () => clearTimeout(timer);
  }, [down]);
  if (online && !(down && long)) return null;
  return (
    <div className={styles.offline} role="status">
      <WifiOff aria-hidden="true" />
      {online ? words.offline.reconnecting : words.offline.banner}
    </div>
  );
}
