import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { paths } from '../../state/route.ts';
import { call, rooms } from '../../state/sotto.ts';
import { type KeyMap, listenForKeys } from '../../ui/keys.ts';
import { note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import { attempt, setMuted } from '../room/useRoomActions.ts';
import { openSheet } from './sheets.ts';

function toggleMute(): void {
  const now = rooms.room.getSnapshot();
  if (now.state !== 'in' || now.snapshot.you.role === 'listener') return;
  const { muted } = now.snapshot.you;
  note(muted ? words.room.unmuted : words.room.muted);
  setMuted(!muted);
}

function toggleHand(): void {
  const now = rooms.room.getSnapshot();
  if (now.state !== 'in' || now.snapshot.you.role !== 'listener') return;
  const params = { params: { room: now.room } };
  const { hand, mayRaiseHand } = now.snapshot.you;
  if (hand) attempt(call('DELETE /v1/rooms/:room/hand', params));
  else if (mayRaiseHand) attempt(call('PUT /v1/rooms/:room/hand', { ...params, body: { line: '' } }));
  else note(now.snapshot.info.hands === 'off' ? words.room.handsOff : words.room.handsFollowed);
}

/** The keys that work on every screen; `?` shows them. */
export function useGlobalKeys(): void {
  const [path, navigate] = useLocation();
  const keys = useRef<KeyMap>({});
  const stepBack = () => {
    // An open menu takes Escape for itself.
    if (document.querySelector('[popover=auto]:popover-open')) return;
    if (path !== paths.hallway) navigate(paths.hallway);
  };
  keys.current = {
    ' ': toggleMute,
    h: toggleHand,
    '/': () => navigate(paths.people),
    b: () => navigate(paths.inbox),
    n: () => openSheet('openRoom'),
    '?': () => openSheet('keys'),
    Escape: stepBack,
  };
  useEffect(() => listenForKeys(() => keys.current), []);
}
