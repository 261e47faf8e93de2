import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { microphoneProblem } from '../../state/microphone.ts';
import { shortcuts } from '../../state/prefs.ts';
import { paths } from '../../state/route.ts';
import { audio, call, rooms } from '../../state/sotto.ts';
import { type KeyMap, listenForKeys } from '../../ui/keys.ts';
import { note } from '../../ui/notes.ts';
import { useReadable } from '../../ui/useReadable.ts';
import { words } from '../../words/index.ts';
import { attempt, changeMute } from '../room/useRoomActions.ts';
import { closeTalk, openedTalk, openTalk } from '../talk/opened.ts';
import { openSheet } from './sheets.ts';

async function changeMuteAndSay(muted: boolean): Promise<void> {
  if (await changeMute(muted)) {
    note(muted ? words.inRoom.muted : words.inRoom.unmuted);
    return;
  }
  const problem = microphoneProblem(audio.getSnapshot().microphone, isSecureContext);
  if (problem) note(`${problem.title}. ${problem.text}`, { tone: 'danger' });
}

function toggleMute(): void {
  const now = rooms.room.getSnapshot();
  if (now.state !== 'in' || now.snapshot.you.role === 'listener') return;
  attempt(changeMuteAndSay(!now.snapshot.you.muted));
}

function toggleHand(): void {
  const now = rooms.room.getSnapshot();
  if (now.state !== 'in' || now.snapshot.you.role !== 'listener') return;
  const params = { params: { room: now.room } };
  const { hand, mayRaiseHand } = now.snapshot.you;
  if (hand) attempt(call('DELETE /v1/rooms/:room/hand', params));
  else if (mayRaiseHand) attempt(call('PUT /v1/rooms/:room/hand', { ...params, body: { line: '' } }));
  else note(now.snapshot.info.hands === 'off' ? words.inRoom.handsOff : words.inRoom.handsFollowed);
}

/** The talk of the room one is in; from another screen, the room with it. */
function toggleTalk(navigate: (path: string) => void): void {
  const now = rooms.room.getSnapshot();
  if (now.state !== 'in') return;
  const here = location.pathname === paths.room(now.room);
  if (here && openedTalk.getSnapshot().open) closeTalk();
  else {
    openTalk();
    if (!here) navigate(paths.room(now.room));
  }
}

/** The keys that work on every screen; `?` shows them. Settings switch them off, but for Escape. */
export function useGlobalKeys(): void {
  const [path, navigate] = useLocation();
  const keys = useRef<KeyMap>({});
  const stepBack = () => {
    // An open menu takes Escape for itself.
    if (document.querySelector('[popover=auto]:popover-open')) return;
    if (path !== paths.hallway) navigate(paths.hallway);
  };
  const on = useReadable(shortcuts) === 'on';
  const single: KeyMap = {
    ' ': toggleMute,
    h: toggleHand,
    '/': () => navigate(paths.people),
    b: () => navigate(paths.inbox),
    n: () => openSheet('openRoom'),
    t: () => toggleTalk(navigate),
    '?': () => openSheet('keys'),
  };
  keys.current = { ...(on ? single : {}), Escape: stepBack };
  useEffect(() => listenForKeys(() => keys.current), []);
}
