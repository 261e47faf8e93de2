import type { AccountId, Listener, RoomId } from '@sotto/protocol';
import { refuse } from '../../platform/refusal.ts';
import { readRoom } from './access.ts';
import { pageOf } from './audience-store.ts';
import type { Context } from './context.ts';
import { listenersView } from './views.ts';

/** Where a page ended: when that listener came, and who it is. */
const cursorOf = (row: { entered_at: Date; account_id: AccountId }): string =>
  `${row.entered_at.getTime()}.${row.account_id}`;

function readCursor(text: string): { enteredAt: Date; account: AccountId } {
  const match = /^(\d{1,15})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/.exec(text);
  if (!match?.[1] || !match[2])
    throw refuse('invalid_input', {
      issues: [{ path: 'query.after', problem: 'format', expected: '`next` of the page before' }],
    });
  return { enteredAt: new Date(Number(match[1])), account: match[2] };
}

/** Pages through all listeners, by when they came, without those with whom the viewer has a block (PE-5). */
export async function listAudience(
  context: Context,
  viewer: AccountId,
  room: RoomId,
  page: { after?: string | undefined; limit: number },
): Promise<{ listeners: Listener[]; next: string | null }> {
  const { db } = context.platform;
  await readRoom(db, room, viewer);
  const rows = await pageOf(db, room, page.after ? readCursor(page.after) : null, page.limit);
  const blocked = await context.graph.blockedWith(viewer);
  const shown = rows.filter(row => !blocked.has(row.account_id));
  const people = await context.accounts.people(shown.map(row => row.account_id));
  const last = rows.length === page.limit ? rows.at(-1) : undefined;
  return { listeners: listenersView(shown, people), next: last ? cursorOf(last) : null };
}
