import { type CallParsed, type Calls, type Conversation, PINNED_MAX } from '@sotto/protocol';
import type { Platform } from '../../../platform/platform.ts';
import { refuse } from '../../../platform/refusal.ts';
import { memberOf } from '../access.ts';
import { getConversation, type InboxDeps } from '../inbox.ts';
import { ALWAYS } from '../policy.ts';
import { lockPins, type PlaceRow, readPlace, writePlace } from './store.ts';

type Changes = CallParsed<Calls['PATCH /v1/conversations/:conversation']>['body'];

const HOUR = 3_600_000;

/**
 * Where a conversation stands in the inbox of the account alone (BC-8). All its devices are told, where something changed.
 * @throws Refusal `not_found`, `too_many_pinned`
 */
export async function setPlace(
  platform: Platform,
  deps: InboxDeps,
  account: string,
  conversation: string,
  changes: Changes,
): Promise<Conversation> {
  return platform.transact(async ({ tx, emit }) => {
    const { state } = await memberOf(tx, account, conversation);
    // What waits for a yes has no place in the inbox yet (BC-10).
    if (state === 'request' || state === 'invited') throw refuse('not_found');
    if (changes.pinned) await lockPins(tx, account);
    const before = await readPlace(tx, account, conversation);
    const after = placeAfter(before, changes, deps.now());
    if (after.pinned_at && !before.pinned_at && before.pins >= PINNED_MAX)
      throw refuse('too_many_pinned', { max: PINNED_MAX });
    const changed = await writePlace(tx, account, conversation, after);
    const shown = await getConversation({ ...deps, db: tx }, account, conversation);
    if (changed)
      emit({
        kind: 'frame',
        to: { accounts: [account] },
        frame: { type: 'conversation', conversation: shown },
      });
    return shown;
  });
}

function placeAfter(before: PlaceRow, changes: Changes, now: Date): PlaceRow {
  const { mute, pinned, archived, markedUnread } = changes;
  return {
    muted_until: mute === undefined ? before.muted_until : mutedUntil(mute, now),
    pinned_at: since(before.pinned_at, pinned, now),
    archived_at: since(before.archived_at, archived, now),
    marked_unread: markedUnread ?? before.marked_unread,
  };
}

const since = (before: Date | null, on: boolean | undefined, now: Date): Date | null =>
  on === undefined ? before : on ? (before ?? now) : null;

function mutedUntil(mute: NonNullable<Changes['mute']>, now: Date): Date | null {
  switch (mute) {
    case 'off':
      return null;
    case 'always':
      return ALWAYS;
    case '1h':
    case '8h':
      return new Date(now.getTime() + (mute === '1h' ? 1 : 8) * HOUR);
  }
}
