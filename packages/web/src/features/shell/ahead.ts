import { useEffect } from 'react';
import { whenQuiet } from '../../ui/quiet.ts';

/** What one is likely to open next. */
const NEXT = [
  () => import('../conversation/Conversation.tsx'),
  () => import('../room/RoomScreen.tsx'),
  () => import('../inbox/SearchResults.tsx'),
  () => import('../profile/Profile.tsx'),
  () => import('../talk/TalkPanel.tsx'),
  () => import('../compose/Compose.tsx'),
];

/** One after the other: what one opens meanwhile goes first. Who fails is asked for again where it is opened. */
async function load(): Promise<void> {
  for (const next of NEXT) await next().catch(() => {});
}

/** Loads the next screens once nothing else is to be done, so that a tap does not wait for the network. */
export function useAhead(): void {
  useEffect(() => whenQuiet(() => void load()), []);
}
