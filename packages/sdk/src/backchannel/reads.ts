import type { ConversationId } from '@sotto/protocol';
import type { BackchannelContext } from './context.ts';
import type { InboxService } from './inbox.ts';

/** Collects the marks of a moment of scrolling, ms. */
const READ_DELAY = 300;

export interface ReadMarks {
  /** You have read up to `seq`. Only moves forward; told to the server a little later. */
  mark(conversation: ConversationId, seq: number): void;
  /** What the server has; a mark that got lost on the way is said again. */
  confirm(conversation: ConversationId, seq: number): void;
  flush(): void;
  /** Says now what was read of it: after that, none of it is said any more. */
  settle(conversation: ConversationId): Promise<void>;
  /** The page may be gone the next moment: what the server has not confirmed is said in a way that outlives it. */
  leave(): void;
  stop(): void;
}

export function createReadMarks(context: BackchannelContext, inbox: InboxService): ReadMarks {
  /** Marks that the server has not confirmed. */
  const open = new Map<ConversationId, number>();
  const due = new Set<ConversationId>();
  let cancel: (() => void) | null = null;

  const confirm = (conversation: ConversationId, seq: number) => {
    const mine = open.get(conversation);
    if (mine === undefined) return;
    if (seq >= mine) open.delete(conversation);
    else plan(conversation);
  };

  const put = async (conversation: ConversationId, seq: number, keepalive = false) => {
    try {
      const reply = await context.call('PUT /v1/conversations/:conversation/read', {
        params: { conversation },
        body: { seq },
        keepalive,
      });
      confirm(conversation, reply.readSeq);
      inbox.apply({ type: 'read', conversation, ...reply });
    } catch {
      // Stays open: said again with the next connection.
    }
  };

  const flush = () => {
    cancel?.();
    cancel = null;
    const work = [...due];
    due.clear();
    for (const conversation of work) {
      const seq = open.get(conversation);
      if (seq === undefined) continue;
      if (!context.sendFrame({ type: 'read', conversation, seq })) void put(conversation, seq);
    }
  };

  function plan(conversation: ConversationId): void {
    due.add(conversation);
    cancel ??= context.clock.after(READ_DELAY, flush);
  }

  return {
    mark(conversation, seq) {
      const known = inbox.log.getSnapshot().known.get(conversation);
      const isNews = seq > Math.max(known?.readSeq ?? 0, open.get(conversation) ?? 0);
      if (!isNews && !(known?.markedUnread && seq >= known.readSeq)) return;
      open.set(conversation, seq);
      inbox.apply({ type: 'readHere', conversation, seq });
      plan(conversation);
    },
    confirm,
    flush() {
      for (const conversation of open.keys()) due.add(conversation);
      flush();
    },
    async settle(conversation) {
      const seq = open.get(conversation);
      due.delete(conversation);
      if (seq !== undefined) await put(conversation, seq);
    },
    leave() {
      cancel?.();
      cancel = null;
      due.clear();
      for (const [conversation, seq] of open) void put(conversation, seq, true);
    },
    stop: () => cancel?.(),
  };
}
