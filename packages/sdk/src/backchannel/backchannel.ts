import type {
  BackchannelChoices,
  ClientFrame,
  Conversation,
  ConversationId,
  LogEntry,
  Person,
  PushChoices,
  RoomId,
  ServerFrame,
} from '@sotto/protocol';
import type { Settled } from '../outbox/types.ts';
import type { RoomState } from '../rooms/types.ts';
import { byTime } from '../stores/inbox-reducer.ts';
import type { Readable } from '../stores/store.ts';
import { createBackchannelChoices, createPushChoices } from './choices.ts';
import type { BackchannelContext } from './context.ts';
import { type ConversationService, createConversation } from './conversation.ts';
import { createConversations } from './conversations.ts';
import { createGroups } from './groups.ts';
import { createInbox } from './inbox.ts';
import { createReadMarks } from './reads.ts';
import { createReports } from './reports.ts';
import { createRequests } from './requests.ts';
import { createTalk, type TalkService } from './talk.ts';
import type { Choices, Conversations, Groups, Inbox, Reports, Requests, TalkOf } from './types.ts';

type Have = Extract<ClientFrame, { type: 'resume' }>['have'];
type Resumed = Extract<ServerFrame, { type: 'resumed' }>;

export interface Backchannel {
  readonly inbox: Inbox;
  readonly conversations: Conversations;
  readonly requests: Requests;
  readonly groups: Groups;
  readonly talk: TalkOf;
  /** Who may write, receipts, what is held back. Kept right by events. */
  readonly choices: Choices<BackchannelChoices>;
  readonly pushChoices: Choices<PushChoices>;
  readonly reports: Reports;
  /** What the client has, for `resume` (RT-6). */
  have(): Have;
  handle(frame: ServerFrame): void;
  restore(): Promise<void>;
  /** The connection is there (again). */
  connected(): void;
  /** A message of ours was committed. */
  settled(settled: Settled): void;
  /** A conversation was opened with someone. */
  opened(conversation: Conversation): void;
  /** The page may be gone the next moment. */
  leave(): void;
  stop(): void;
}

const HAVE_MAX = 500;

export function createBackchannel(context: BackchannelContext, rooms: Readable<RoomState>): Backchannel {
  const { call, people } = context;
  const service = createInbox(context, id => reads.settle(id));
  const reads = createReadMarks(context, service);
  const requests = createRequests(context, service);
  const choices = createBackchannelChoices(call);
  const pushChoices = createPushChoices(call);
  const reports = createReports(call);
  const services = new Map<ConversationId, ConversationService>();
  const talks = new Map<RoomId, TalkService>();

  const get = (id: ConversationId): ConversationService => {
    const known = services.get(id);
    if (known) return known;
    const conversation = createConversation(context, service, reads, id);
    services.set(id, conversation);
    return conversation;
  };

  const talk: TalkOf = room => {
    const known = talks.get(room) ?? createTalk(context, service, rooms, room);
    talks.set(room, known);
    return known.talk;
  };

  const written = (id: ConversationId, entries: readonly LogEntry[], named: readonly Person[]) => {
    people.add(named);
    const conversation = services.get(id);
    conversation?.apply({ type: 'written', entries });
    const pinned = conversation?.entryAt;
    service.apply({ type: 'entries', conversation: id, entries, people: named, pinned });
  };

  const gone = (id: ConversationId) => {
    service.apply({ type: 'absent', conversation: id });
    services.get(id)?.gone();
    context.cache.remove(`log:${id}`);
  };

  const resumed = (frame: Resumed) => {
    people.add(frame.people);
    const unknown = frame.conversations.filter(({ id }) => !service.log.getSnapshot().known.has(id));
    service.apply({ type: 'fetched', conversations: frame.conversations });
    service.apply({ type: 'fetched', conversations: unknown, listed: true });
    for (const { conversation, entries } of frame.entries) {
      services.get(conversation)?.apply({ type: 'entries', entries });
      service.apply({ type: 'entries', conversation, entries, people: frame.people });
    }
    for (const id of frame.limited) {
      const conversation = services.get(id);
      if (conversation && !conversation.isOpen()) conversation.apply({ type: 'limited' });
      service.apply({ type: 'doubted', conversation: id });
    }
    for (const id of frame.gone) gone(id);
    requests.counted(frame.requests);
    for (const conversation of services.values()) conversation.refresh();
  };

  const heads = (frame: Extract<ServerFrame, { type: 'heads' }>) => {
    service.apply(frame);
    for (const { conversation, head, readSeq } of frame.heads) {
      services.get(conversation)?.apply({ type: 'head', head });
      reads.confirm(conversation, readSeq);
    }
  };

  /** Whose messages are withheld is another: what is loaded of them is loaded afresh. */
  const related = ({ account, relation }: Extract<ServerFrame, { type: 'relation' }>) => {
    const isAffected = (each: LogEntry) =>
      relation.blocked
        ? each.kind === 'message' && each.message.sender === account
        : each.kind === 'withheld';
    for (const [id, conversation] of services) {
      if (service.log.getSnapshot().known.get(id)?.kind === 'direct') continue;
      if (conversation.reloadIf(isAffected)) service.apply({ type: 'doubted', conversation: id });
    }
  };

  const handle = (frame: ServerFrame): void => {
    requests.handle(frame);
    choices.handle(frame);
    reports.handle(frame);
    switch (frame.type) {
      case 'resumed':
        resumed(frame);
        break;
      case 'heads':
        heads(frame);
        break;
      case 'entry':
        written(frame.conversation, [frame.entry], frame.people);
        break;
      case 'entries':
        written(frame.conversation, frame.entries, frame.people);
        break;
      case 'conversation':
        service.apply(frame);
        services.get(frame.conversation.id)?.told(frame.conversation);
        break;
      case 'conversationGone':
        gone(frame.conversation);
        break;
      case 'read':
        reads.confirm(frame.conversation, frame.readSeq);
        service.apply(frame);
        break;
      case 'receipt':
        service.apply(frame);
        break;
      case 'relation':
        related(frame);
        break;
      case 'typing':
        if (frame.account !== context.self)
          services
            .get(frame.conversation)
            ?.apply({ type: 'typing', account: frame.account, now: context.clock.now() });
        break;
    }
    for (const each of talks.values()) each.handle(frame);
  };

  return {
    inbox: service.inbox,
    conversations: createConversations(context, service, id => get(id).store),
    requests: requests.requests,
    groups: createGroups(context, service),
    talk,
    choices: choices.choices,
    pushChoices: pushChoices.choices,
    reports: reports.reports,
    have: () =>
      [...service.log.getSnapshot().known.values()]
        .sort(byTime)
        .slice(0, HAVE_MAX)
        .map(({ id, head, readSeq, version }) => ({
          conversation: id,
          seq: Math.min(head, services.get(id)?.have() ?? head),
          readSeq,
          version,
        })),
    handle,
    async restore() {
      await people.restore();
      await service.restore();
    },
    connected() {
      reads.flush();
      void service.inbox.reload();
      service.reloadArchive();
      requests.refresh();
      choices.refresh();
      pushChoices.refresh();
      reports.refresh();
      for (const each of talks.values()) each.refresh();
    },
    settled(settled) {
      services.get(settled.conversation)?.settled(settled);
      service.sent(settled.conversation, settled.entry);
    },
    opened: conversation => service.apply({ type: 'fetched', conversations: [conversation] }),
    leave: reads.leave,
    stop() {
      reads.stop();
      service.stop();
      for (const each of services.values()) each.stop();
      for (const each of talks.values()) each.stop();
    },
  };
}
