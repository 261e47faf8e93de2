import type { Hand, Listener, Person, Relation, RoomSnapshot, StageMember } from '@sotto/protocol';
import { words } from '../words/index.ts';

/** Name, role and state in one line, as a screen reader should say it. */
export function stageLabel(member: StageMember): string {
  const marks = [
    member.person.name,
    member.moderator ? words.inRoom.moderator : words.inRoom.speaker,
    member.person.newcomer && words.inRoom.newcomer,
    !member.connected && words.inRoom.reconnectingMark,
    member.muted && words.inRoom.mutedMark,
  ];
  return marks.filter(Boolean).join(', ');
}

export function listenerLabel(listener: Listener): string {
  const marks = [
    listener.name,
    listener.newcomer && words.inRoom.newcomer,
    listener.handRaised && words.inRoom.handMark,
  ];
  return marks.filter(Boolean).join(', ');
}

/** What can be done with a person in a room. */
export type PersonAction =
  | 'invite'
  | 'moveDown'
  | 'mute'
  | 'makeModerator'
  | 'lowerHand'
  | 'remove'
  | 'follow'
  | 'unfollow'
  | 'write'
  | 'block'
  | 'unblock';

/** Someone in the room as the sheet about them needs it. */
export interface RoomPerson {
  person: Person;
  onStage: boolean;
  moderator: boolean;
  muted: boolean;
  hand: Hand | null;
  invited: boolean;
}

type RoomView = Pick<RoomSnapshot, 'stage' | 'hands' | 'audience'>;

/**
 * Finds someone among the stage, the hands and the audience shown; null once they are gone. `known`: who was tapped in the
 * list of everyone, which reaches beyond the audience shown.
 */
export function personIn(room: RoomView, account: string, known?: Person): RoomPerson | null {
  const hand = room.hands.find(each => each.person.id === account) ?? null;
  const member = room.stage.find(each => each.person.id === account);
  if (member) {
    const { person, moderator, muted } = member;
    return { person, onStage: true, moderator, muted, hand: null, invited: false };
  }
  const person = room.audience.sample.find(each => each.id === account) ?? hand?.person ?? known;
  if (!person) return null;
  return { person, onStage: false, moderator: false, muted: false, hand, invited: hand?.invited ?? false };
}

/** Who looks at a room. `opener`: they opened it. */
export interface RoomViewer {
  id: string;
  moderates: boolean;
  opener: boolean;
  stageLocked: boolean;
}

/** Exactly what the viewer may do (RO-2): the server refuses everything else, so nothing else is offered. */
export function actionsFor(
  target: RoomPerson,
  viewer: RoomViewer,
  relation: Relation | null,
): { moderation: PersonAction[]; social: PersonAction[] } {
  if (target.person.id === viewer.id) return { moderation: [], social: [] };
  const moderation: PersonAction[] = [];
  if (viewer.moderates) {
    const mayOverrule = !target.moderator || viewer.opener;
    if (target.onStage) {
      if (!target.muted) moderation.push('mute');
      if (mayOverrule) moderation.push('moveDown');
      if (!target.moderator) moderation.push('makeModerator');
    } else {
      if (!target.invited && !viewer.stageLocked) moderation.push('invite');
      if (target.hand) moderation.push('lowerHand');
    }
    if (mayOverrule) moderation.push('remove');
  }
  if (!relation) return { moderation, social: ['write'] };
  if (relation.blocked) return { moderation, social: ['unblock'] };
  return { moderation, social: [relation.following ? 'unfollow' : 'follow', 'write', 'block'] };
}

/** What a screen reader is told when the room goes from one state to the next. */
export function announcements(before: RoomView | null, after: RoomView, me: string): string[] {
  if (!before) return [];
  const was = new Set(before.stage.map(member => member.person.id));
  const is = new Set(after.stage.map(member => member.person.id));
  const up = after.stage.filter(member => !was.has(member.person.id) && member.person.id !== me);
  const down = before.stage.filter(member => !is.has(member.person.id) && member.person.id !== me);
  return [
    ...up.map(member => words.inRoom.cameUp(member.person.name)),
    ...down.map(member => words.inRoom.wentDown(member.person.name)),
  ];
}

/** The names of those who speak now, loudest first. */
export function speakers(room: Pick<RoomSnapshot, 'stage' | 'speaking'>): Person[] {
  return [...room.speaking]
    .sort((a, b) => b.level - a.level)
    .flatMap(({ account }) => room.stage.find(member => member.person.id === account)?.person ?? []);
}

/** Milliseconds before the same voice is named again: a talk back and forth is not read out line by line. */
const NAMED_AGAIN = 30_000;

/** Remembers whose voice was named when, and says whom to name now; null for nobody new. */
export function createSpeakingTeller() {
  const named = new Map<string, number>();
  return (room: Pick<RoomSnapshot, 'stage' | 'speaking'>, me: string, now: number): string | null => {
    const [loudest] = speakers(room);
    if (!loudest || loudest.id === me) return null;
    const last = named.get(loudest.id);
    named.set(loudest.id, now);
    return last === undefined || now - last > NAMED_AGAIN ? loudest.name : null;
  };
}
