import type { RoomCard } from '@sotto/protocol';
import { words } from '../words/index.ts';

/** A room that nobody named is called after the one who opened it. */
export function titleOf(card: { title: string; stage: readonly { name: string }[] }): string {
  return card.title || words.hallway.untitled(card.stage[0]?.name ?? words.name);
}

/** Why a room is shown (PE-7), or else what it is about. */
export function whyOf(card: RoomCard): string {
  const { why, topics } = card;
  if (why && why.followed.length > 0) return words.hallway.why(why.followed.slice(0, 2), why.others);
  if (why && why.others > 0) return words.hallway.whyOthers(why.others);
  return topics.join(' · ');
}
