import { deepStrictEqual } from 'node:assert/strict';
import type { Conversation, LogEntry, RoomSnapshot } from '@sotto/protocol';
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
  deepStrictEqual(view.conversations.map(comparableInbox), fresh.conversations.map(comparableInbox), 'inbox');
  deepStrictEqual(view.requests, fresh.requests, 'requests');
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
    // What changes or hides another entry is worked into what is shown.
    const lines = fresh.entries.filter(isLine);
    const upTo = fresh.entries.at(-1)?.seq ?? 0;
    const shown = view.entries.filter(entry => entry.seq <= upTo);
    deepStrictEqual(shown.map(comparable), lines.map(comparable), `log of ${id}`);
    deepStrictEqual(view.pending, [], `pending of ${id}`);
  }
}

const isLine = ({ kind }: LogEntry) =>
  kind !== 'withheld' && kind !== 'reaction' && kind !== 'preview' && kind !== 'hidden';

/** Without what is no part of the state: links are signed anew each time, emoji under a message have no order of their own. */
function comparable(entry: LogEntry): LogEntry {
  if (entry.kind !== 'message') return entry;
  const { attachments, reactions, ...message } = entry.message;
  return {
    ...entry,
    message: {
      ...message,
      attachments: attachments.map(each => ({ ...each, links: noLinks })),
      reactions: reactions.toSorted((a, b) => (a.emoji < b.emoji ? -1 : 1)),
    },
  };
}

const noLinks = { expiresAt: '', original: null, large: null, medium: null, small: null, poster: null };

function comparableInbox(conversation: Conversation): Conversation {
  const last = conversation.last && comparable(conversation.last);
  if (conversation.kind === 'direct' || conversation.kind === 'group') return { ...conversation, last };
  return { ...conversation, last, pin: conversation.pin && comparable(conversation.pin) };
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
