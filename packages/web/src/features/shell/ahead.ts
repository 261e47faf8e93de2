import { useEffect } from 'react';

/** What one is likely to open next. */
const NEXT = [
  () => import('../room/RoomScreen.tsx'),
  () => import('../conversation/Conversation.tsx'),
  () => import('../inbox/SearchResults.tsx'),
  () => import('../profile/Profile.tsx'),
  () => import('../talk/TalkPanel.tsx'),
  () => import('../compose/Compose.tsx'),
];

/** Milliseconds in which a browser that never says it is idle has drawn the first screen. */
const SETTLED = 3000;

/** Loads the next screens once the browser has nothing else to do, so that a tap does not wait for the network. */
export function useAhead(): void {
  useEffect(() => {
    const load = async () => {
      // One after the other: what one opens meanwhile goes first. Who fails is asked for again where it is opened.
      for (const next of NEXT) await next().catch(() => {});
    };
    if (!('requestIdleCallback' in window)) {
      const timer = setTimeout(() => void load(), SETTLED);
      return () => clearTimeout(timer);
    }
    const idle = requestIdleCallback(() => void load(), { timeout: SETTLED });
    return () => cancelIdleCallback(idle);
  }, []);
}
