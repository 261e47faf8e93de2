import { deepStrictEqual } from 'node:assert/strict';
import type { RoomSnapshot } from '@sotto/protocol';
import type { Call, Sotto } from '@sotto/sdk';
import { eventually } from './eventually.ts';

/** Whose stores are compared with what the server says afresh. */
export interface Client {
  readonly sotto: Sotto;
  readonly call: Call;
}

/**
 * What a client made of its first snapshot and the events since is what a fresh snapshot says (RT-6, RO-15): its
 * inbox, the conversations it has open, and its room. What no version counts (who speaks, slots) is left out.
 * @throws AssertionError with the difference
 */
export async function assertSnapshots(clients: readonly Client[]): Promise<void> {
  for (const client of clients) {
    await assertInbox(client);
    await assertConversations(client);
    await assertRoom(client);
  }
}

/** Waits until every client has caught up: nothing on its way, stores and server agree. */
export async function settle(clients: readonly Client[], limit = 20_000): Promise<void> {
  await eventually(
    async () => {
      for (const { sotto } of clients) {
        const waiting = sotto.outbox.items.getSnapshot().filter(item => item.status.state !== 'failed');
        deepStrictEqual(waiting, [], 'messages are still on their way');
      }
      await assertSnapshots(clients);
    },
    { limit },
  );
}

async function assertInbox({ sotto, call }: Client): Promise<void> {
  const fresh = await call('GET /v1/conversations');
  const view = sotto.inbox.getSnapshot();
  deepStrictEqual(view.conversations, fresh.conversations, 'inbox');
  deepStrictEqual(view.unreadConversations, fresh.unread, 'unread conversations');
}

async function assertConversations({ sotto, call }: Client): Promise<void> {
  for (const { id } of sotto.inbox.getSnapshot().conversations) {
    const view = sotto.conversations.get(id).getSnapshot();
    if (view.state !== 'ready') continue;
    const fresh = await call('GET /v1/conversations/:conversation/log', {
      params: { conversation: id },
      query: { after: (view.entries[0]?.seq ?? 1) - 1, limit: 200 },
    });
    deepStrictEqual(view.entries.slice(0, 200), fresh.entries, `log of ${id}`);
    deepStrictEqual(view.pending, [], `pending of ${id}`);
  }
}

async function assertRoom({ sotto, call }: Client): Promise<void> {
  const now = sotto.rooms.room.getSnapshot();
  if (now.state !== 'in') return;
  const fresh = await call('GET /v1/rooms/:room/snapshot', { params: { room: now.room } });
  deepStrictEqual(counted(now.snapshot), counted(fresh), `room ${now.room}`);
}

function counted({ speaking: _, slots: __, ...snapshot }: RoomSnapshot) {
  const sample = snapshot.audience.sample.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { ...snapshot, audience: { ...snapshot.audience, sample } };
}
