import type { ConversationId } from '@sotto/protocol';
import type { BackchannelContext } from './context.ts';
import { createFreshLinks } from './fresh-links.ts';
import type { InboxService } from './inbox.ts';
import type { ConversationStore, Conversations } from './types.ts';

/** Ways to conversations, and to what is in them. */
export function createConversations(
  { call, clock, outbox, people }: BackchannelContext,
  inbox: InboxService,
  get: (id: ConversationId) => ConversationStore,
): Conversations {
  const findDirect: Conversations['findDirect'] = person => {
    for (const each of inbox.shown().values())
      if (each.kind === 'direct' && each.with.id === person) return each;
    return null;
  };
  return {
    get,
    async openDirect(person) {
      const conversation = await call('PUT /v1/conversations/direct/:account', {
        params: { account: person },
      });
      inbox.apply({ type: 'fetched', conversations: [conversation] });
      return conversation;
    },
    findDirect,
    writeTo(person, message) {
      const conversation = findDirect(person);
      if (conversation) return get(conversation.id).send(message);
      return outbox.add({ person }, message)?.clientId ?? null;
    },
    freshLinks: createFreshLinks(call, clock),
    async search(query, { conversation, after, limit, signal } = {}) {
      const found = await call('GET /v1/messages', {
        query: {
          query,
          ...(conversation !== undefined && { conversation }),
          ...(after !== undefined && { after }),
          ...(limit !== undefined && { limit }),
        },
        ...(signal && { signal }),
      });
      people.add(found.people);
      inbox.apply({ type: 'fetched', conversations: found.conversations });
      return found;
    },
  };
}
