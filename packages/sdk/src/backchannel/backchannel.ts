import type {
  AccountId,
  ClientFrame,
  Conversation,
  ConversationId,
  LogEntry,
  ServerFrame,
} from '@sotto/protocol';
import { latestFirst } from '../stores/inbox-reducer.ts';
import type { BackchannelContext } from './context.ts';
import { type ConversationService, createConversation } from './conversation.ts';
import { createInbox } from './inbox.ts';
import { createReadMarks } from './reads.ts';
import type { Conversations, Inbox } from './types.ts';

type Have = Extract<ClientFrame, { type: 'resume' }>['have'];

export interface Backchannel {
  readonly inbox: Inbox;
  readonly conversations: Conversations;
  /** What the client has, for `resume` (RT-6). */
  have(): Have;
  handle(frame: ServerFrame): void;
  restore(): Promise<void>;
  /** The connection is there (again). */
  connected(): void;
  /** A message of ours was committed as this entry. */
  settled(conversation: ConversationId, entry: LogEntry): void;
  /** A conversation was opened with someone. */
  opened(conversation: Conversation): void;
  stop(): void;
}

const HAVE_MAX = 500;

export function createBackchannel(context: BackchannelContext): Backchannel {
  const service = createInbox(context);
  const reads = createReadMarks(context, service);
  const services = new Map<ConversationId, ConversationService>();

  const get = (id: ConversationId): ConversationService => {
    let conversation = services.get(id);
    if (!conversation) {
      conversation = createConversation(context, service, reads, id);
      services.set(id, conversation);
    }
    return conversation;
  };

  const known = () => service.log.getSnapshot().known;
  const findDirect = (person: AccountId) =>
    [...known().values()].find(each => each.kind === 'direct' && each.with.id === person) ?? null;

  const resumed = (frame: Extract<ServerFrame, { type: 'resumed' }>) => {
    service.apply({ type: 'fetched', conversations: frame.conversations });
    for (const { conversation, entries } of frame.entries) {
      services.get(conversation)?.apply({ type: 'entries', entries });
      for (const entry of entries) service.apply({ type: 'entry', conversation, entry });
    }
    for (const id of frame.limited) {
      const conversation = services.get(id);
      if (conversation && !conversation.isOpen()) conversation.apply({ type: 'limited' });
      service.apply({ type: 'doubted', conversation: id });
    }
    for (const conversation of services.values()) conversation.refresh();
  };

  const heads = (frame: Extract<ServerFrame, { type: 'heads' }>) => {
    service.apply(frame);
    for (const { conversation, head, readSeq } of frame.heads) {
      services.get(conversation)?.apply({ type: 'head', head });
      reads.confirm(conversation, readSeq);
    }
  };

  return {
    inbox: service.inbox,
    conversations: {
      get: id => get(id).store,
      async openDirect(person) {
        const conversation = await context.call('PUT /v1/conversations/direct/:account', {
          params: { account: person },
        });
        service.apply({ type: 'fetched', conversations: [conversation] });
        return conversation;
      },
      findDirect,
      writeTo(person, text) {
        const conversation = findDirect(person);
        const to = conversation ? { conversation: conversation.id } : { person };
        return context.outbox.add(to, text)?.clientId ?? null;
      },
    },
    have: () =>
      latestFirst(service.log.getSnapshot())
        .slice(0, HAVE_MAX)
        .map(({ id, head, readSeq, version }) => ({
          conversation: id,
          seq: Math.min(head, services.get(id)?.have() ?? head),
          readSeq,
          version,
        })),
    handle(frame) {
      switch (frame.type) {
        case 'resumed':
          resumed(frame);
          return;
        case 'heads':
          heads(frame);
          return;
        case 'entry':
          services.get(frame.conversation)?.apply(frame);
          service.apply(frame);
          return;
        case 'conversation':
          services.get(frame.conversation.id)?.apply({ type: 'head', head: frame.conversation.head });
          service.apply(frame);
          return;
        case 'read':
          reads.confirm(frame.conversation, frame.readSeq);
          service.apply(frame);
          return;
        case 'typing':
          if (frame.account === context.self) return;
          return services
            .get(frame.conversation)
            ?.apply({ type: 'typing', account: frame.account, now: context.clock.now() });
      }
    },
    restore: service.restore,
    connected() {
      reads.flush();
      void service.inbox.reload();
    },
    settled(conversation, entry) {
      services.get(conversation)?.apply({ type: 'entry', conversation, entry });
      service.apply({ type: 'entry', conversation, entry });
    },
    opened: conversation => service.apply({ type: 'fetched', conversations: [conversation] }),
    stop() {
      reads.stop();
      service.stop();
      for (const each of services.values()) each.stop();
    },
  };
}
