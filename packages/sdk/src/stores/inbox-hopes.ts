import type { Conversation, ConversationId, LogEntry } from '@sotto/protocol';
import type { Place } from '../backchannel/types.ts';

/** What is shown before the server has said it: laid over what is known, never mixed into it. */
export interface InboxHopes {
  readonly places: readonly PlaceHope[];
  /** One's own newest message, acknowledged, while its entry is still on its way here. */
  readonly sent: ReadonlyMap<ConversationId, LogEntry>;
}

export interface PlaceHope {
  readonly conversation: ConversationId;
  readonly place: Place;
  /** When it was wished, ms since the epoch. */
  readonly at: number;
}

export const noHopes: InboxHopes = { places: [], sent: new Map() };

/** What a mute for always says. */
const ALWAYS = '9999-01-01T00:00:00.000Z';
const HOUR = 3_600_000;

/** All conversations with what is hoped for them. */
export function withHopes(
  known: ReadonlyMap<ConversationId, Conversation>,
  hopes: InboxHopes,
): ReadonlyMap<ConversationId, Conversation> {
  if (hopes.places.length === 0 && hopes.sent.size === 0) return known;
  const shown = new Map(known);
  for (const [id, entry] of hopes.sent) {
    const conversation = shown.get(id);
    if (conversation && conversation.head < entry.seq)
      shown.set(id, { ...conversation, last: entry, at: entry.at });
  }
  for (const { conversation: id, place, at } of hopes.places) {
    const conversation = shown.get(id);
    if (conversation) shown.set(id, inPlace(conversation, place, at));
  }
  return shown;
}

function inPlace(conversation: Conversation, place: Place, at: number): Conversation {
  const { mute, pinned, archived, markedUnread } = place;
  return {
    ...conversation,
    ...(mute !== undefined && { mutedUntil: mutedUntil(mute, at) }),
    ...(pinned !== undefined && { pinned }),
    ...(archived !== undefined && { archived }),
    ...(markedUnread !== undefined && { markedUnread }),
  };
}

function mutedUntil(mute: NonNullable<Place['mute']>, at: number): string | null {
  if (mute === 'off') return null;
  if (mute === 'always') return ALWAYS;
  return new Date(at + (mute === '1h' ? 1 : 8) * HOUR).toISOString();
}
