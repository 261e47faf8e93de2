import type { RoomSnapshot } from '@sotto/protocol';
import { useEffect, useRef } from 'react';
import { useLocation } from 'wouter';
import { titleOf } from '../../state/hallway.ts';
import { announcements, createSpeakingTeller } from '../../state/room.ts';
import { paths, type Screen } from '../../state/route.ts';
import { inbox, rooms, sotto } from '../../state/sotto.ts';
import { announce } from '../../ui/announce.ts';
import { dismiss, note } from '../../ui/notes.ts';
import { words } from '../../words/index.ts';
import { useEnterRoom } from '../room/useEnterRoom.ts';
import { mutedOneself } from '../room/useRoomActions.ts';
import { useMe } from './me.ts';
import { play } from './signals.ts';

/** What happens while one looks elsewhere: read out, a quiet sound, a note with one thing to do. */
export function useHappenings(screen: Screen): void {
  const me = useMe();
  const enter = useEnterRoom();
  const [, navigate] = useLocation();
  const at = useRef(screen);
  at.current = screen;
  const before = useRef<RoomSnapshot | null>(null);
  const called = useRef<{ room: string; note: number } | null>(null);

  useEffect(
    () =>
      rooms.room.subscribe(() => {
        const now = rooms.room.getSnapshot();
        const was = before.current;
        before.current = now.state === 'in' ? now.snapshot : null;
        const watching = at.current.name === 'room';
        if (now.state === 'out' && was && now.last) {
          const { reason } = now.last;
          if (reason === 'left' && watching) navigate(paths.hallway);
          if (reason === 'left' || !watching) note(words.inRoom.out[reason]);
          return;
        }
        if (now.state === 'in' && was?.info.id === now.room) tellChanges(was, now.snapshot, me.id, watching);
      }),
    [me.id, navigate],
  );

  useEffect(() => {
    const tell = createSpeakingTeller();
    return rooms.speaking.subscribe(() => {
      const now = rooms.room.getSnapshot();
      if (now.state !== 'in') return;
      const speaking = [...rooms.speaking.getSnapshot()];
      const name = tell({ stage: now.snapshot.stage, speaking }, me.id, Date.now());
      if (name) announce(words.inRoom.startedSpeaking(name));
    });
  }, [me.id]);

  useEffect(
    () =>
      sotto.onFrame(frame => {
        if (frame.type === 'ping') {
          const { card, byName } = frame;
          play('rise');
          called.current = {
            room: card.id,
            note: note(words.inRoom.pingedYou(byName, titleOf(card)), {
              action: { label: words.inRoom.join, run: () => enter(card.id) },
            }),
          };
        }
        if (frame.type === 'report' && frame.report.outcome)
          note(words.notices.heard(frame.report.about.name));
        if (
          frame.type === 'entry' &&
          frame.entry.kind === 'message' &&
          frame.entry.message.sender !== me.id &&
          mayBeHeard(frame.conversation)
        ) {
          const reading = at.current.name === 'conversation' && at.current.id === frame.conversation;
          if (!reading || document.visibilityState === 'hidden') play('tap');
          const { card } = frame.entry.message;
          // The card with the same way in comes where one reads: the note would lie over it.
          if (reading && card?.kind === 'room' && card.room === called.current?.room)
            dismiss(called.current.note);
        }
      }),
    [me.id, enter],
  );
}

/** What is written to oneself; a room’s talk goes by without a sound, and what is muted. */
function mayBeHeard(conversation: string): boolean {
  const known = inbox.getSnapshot().conversations.find(({ id }) => id === conversation);
  return (known?.kind === 'direct' || known?.kind === 'group') && known.mutedUntil === null;
}

function tellChanges(was: RoomSnapshot, now: RoomSnapshot, me: string, watching: boolean): void {
  const spoken = announcements(was, now, me);
  for (const line of spoken) announce(line);
  if (spoken.length > 0) play(now.stage.length >= was.stage.length ? 'rise' : 'fall');
  const [roleWas, role] = [was.you.role, now.you.role];
  if (roleWas === 'listener' && role !== 'listener') note(words.inRoom.youCameUp);
  if (roleWas !== 'listener' && role === 'listener') note(words.inRoom.youWentDown);
  const stayed = roleWas !== 'listener' && role !== 'listener';
  if (stayed && now.you.muted && !was.you.muted && !mutedOneself()) note(words.inRoom.mutedByModerator);
  if (now.you.invitation && !was.you.invitation) {
    play('rise');
    const line = words.inRoom.invitation(now.you.invitation.by.name);
    if (watching) announce(line);
    else note(line);
  }
  if (now.you.hand && now.you.hand.place !== was.you.hand?.place)
    announce(words.inRoom.hand(now.you.hand.place));
}
