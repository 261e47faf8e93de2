import type { AccountId, ConversationId, LogEntry } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import type { Clock } from '../ports.ts';
import { react } from '../stores/message.ts';
import { createStore, type Readable } from '../stores/store.ts';

interface Hope {
  readonly seq: number;
  readonly emoji: string;
  readonly on: boolean;
  /** The server has done it; its entry is on its way. */
  readonly isDone: boolean;
}

/** One's own reactions that the log does not show yet. */
export interface ReactionHopes extends Readable<readonly Hope[]> {
  react(seq: number, emoji: string, on: boolean): Promise<void>;
  /** Entries with what is hoped for; the same array where that is nothing. */
  laidOver(entries: readonly LogEntry[]): readonly LogEntry[];
  /** Lets go of what the log has by now. */
  settle(entries: readonly LogEntry[]): void;
}

/** By then its entry has come, or something else has happened since. */
const PATIENCE = 10_000;

export function createReactionHopes(
  { call, clock, self }: { call: Call; clock: Clock; self: AccountId },
  conversation: ConversationId,
): ReactionHopes {
  const hopes = createStore<readonly Hope[]>([]);
  /** One after the other for each thing: the last tap decides, also on the server. */
  const queues = new Map<string, Promise<void>>();
  const keyOf = (hope: Pick<Hope, 'seq' | 'emoji'>) => `${hope.seq} ${hope.emoji}`;

  const remove = (hope: Hope) => hopes.update(now => now.filter(each => each !== hope));

  const isShown = (entries: readonly LogEntry[], { seq, emoji, on }: Hope): boolean => {
    const entry = entries.find(each => each.seq === seq);
    if (entry?.kind !== 'message') return true;
    const reaction = entry.message.reactions.find(each => each.emoji === emoji);
    return (reaction?.accounts.includes(self) ?? false) === on;
  };

  const tell = async (hope: Hope): Promise<void> => {
    const { seq, emoji, on } = hope;
    const params = { params: { conversation, seq, emoji } };
    try {
      if (on) await call('PUT /v1/conversations/:conversation/messages/:seq/reactions/:emoji', params);
      else await call('DELETE /v1/conversations/:conversation/messages/:seq/reactions/:emoji', params);
    } catch (thrown) {
      remove(hope);
      throw thrown;
    }
    const done = { ...hope, isDone: true };
    hopes.update(now => now.map(each => (each === hope ? done : each)));
    clock.after(PATIENCE, () => remove(done));
  };

  return {
    getSnapshot: hopes.getSnapshot,
    subscribe: hopes.subscribe,
    react(seq, emoji, on) {
      const hope: Hope = { seq, emoji, on, isDone: false };
      const key = keyOf(hope);
      hopes.update(now => [...now.filter(each => keyOf(each) !== key), hope]);
      const before = queues.get(key) ?? Promise.resolve();
      const work = before.catch(() => {}).then(() => tell(hope));
      queues.set(key, work);
      const leave = () => {
        if (queues.get(key) === work) queues.delete(key);
      };
      work.then(leave, leave);
      return work;
    },
    laidOver(entries) {
      const now = hopes.getSnapshot();
      if (now.length === 0) return entries;
      return entries.map(entry => {
        if (entry.kind !== 'message') return entry;
        const { message } = entry;
        const reactions = now
          .filter(hope => hope.seq === entry.seq)
          .reduce((all, { emoji, on }) => react(all, emoji, self, on), message.reactions);
        return reactions === message.reactions ? entry : { ...entry, message: { ...message, reactions } };
      });
    },
    settle(entries) {
      const now = hopes.getSnapshot();
      const left = now.filter(hope => !hope.isDone || !isShown(entries, hope));
      if (left.length < now.length) hopes.set(left);
    },
  };
}
