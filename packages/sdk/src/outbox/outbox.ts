import type { AccountId, Conversation, ConversationId } from '@sotto/protocol';
import type { NewMessage } from '../backchannel/types.ts';
import type { Call } from '../calls/client.ts';
import { isSottoError, isTemporary } from '../calls/error.ts';
import { newId } from '../id.ts';
import { type Clock, fullJitter, type Random } from '../ports.ts';
import { type DeviceStorage, outboxArea } from '../storage/device.ts';
import { createStore, type Readable } from '../stores/store.ts';
import type { Tabs } from './tabs.ts';
import { normaliseText } from './text.ts';
import type { OutboxItem, OutboxItemState, Recipient, Settled } from './types.ts';

export interface OutboxOptions {
  account: AccountId;
  call: Call;
  storage: DeviceStorage;
  tabs: Tabs;
  clock: Clock;
  random: Random;
  /** A message was committed; called before it leaves the outbox. */
  onSettled: (settled: Settled) => void;
  /** A conversation was opened for messages addressed to a person. */
  onOpened: (conversation: Conversation) => void;
}

export interface Outbox {
  /** Messages on their way, in the order of writing. */
  readonly items: Readable<readonly OutboxItem[]>;
  /** Takes up what an earlier run of the program left. */
  start(): Promise<void>;
  stop(): void;
  /** Keeps the message and its files, and sends it as soon as it can. Null where there is nothing to send. */
  add(to: Recipient, message: string | NewMessage): OutboxItem | null;
  /** The bytes of a file of a message on its way; of a video's poster with `poster`. Null where they are gone. */
  file(clientId: string, index: number, part?: 'poster'): Promise<Blob | null>;
  /** Tries at once what waits for the network. */
  flush(): void;
  /** Tries again one that failed. */
  retry(clientId: string): void;
  /** The same as `discard`, and gives back what was written, for the composer (BC-21). Null: too late. */
  takeBack(clientId: string): Promise<NewMessage | null>;
  /** Throws one away that failed or was never tried, its upload too. False: too late, it may have arrived. */
  discard(clientId: string): boolean;
  /** Forgets everything, on the device too. */
  clear(): Promise<void>;
}

const waiting: OutboxItemState = { state: 'waiting', notBefore: 0, last: null };
const laneOf = (to: Recipient) => ('person' in to ? `person:${to.person}` : to.conversation);
const byClientId = (a: OutboxItem, b: OutboxItem) => (a.clientId < b.clientId ? -1 : 1);

/** Messages kept on the device until the server has them (BC-30): each goes once, in order within its conversation. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { call, storage, tabs, clock } = options;
  const area = outboxArea(options.account);
  const items = createStore<readonly OutboxItem[]>([]);
  /** Not in the device's storage yet: a reload from it must not lose them. */
  const unsaved = new Set<string>();
  /** Settled or discarded: not to come back from a storage that is slower than we are. */
  const gone = new Set<string>();
  let cleared = false;
  let running = false;
  let draining = false;
  let again = false;
  let cancelTimer = () => {};
  let unlisten = () => {};

  const find = (clientId: string) => items.getSnapshot().find(item => item.clientId === clientId);

  const place = (item: OutboxItem) =>
    items.update(now => [...now.filter(other => other.clientId !== item.clientId), item].sort(byClientId));

  const save = async (changed: OutboxItem): Promise<void> => {
    const item = { ...changed, revision: changed.revision + 1 };
    place(item);
    unsaved.add(item.clientId);
    try {
      if (!cleared) await storage.write(area, item.clientId, item);
      if (gone.has(item.clientId)) await storage.remove(area, item.clientId);
      unsaved.delete(item.clientId);
    } catch {
      // A full disk: the message stays in memory, and is sent all the same.
    }
  };

  const forget = async (clientId: string): Promise<void> => {
    gone.add(clientId);
    unsaved.delete(clientId);
    items.update(now => now.filter(item => item.clientId !== clientId));
    await storage.remove(area, clientId).catch(() => {});
  };

  const isOursAlone = (item: OutboxItem) => unsaved.has(item.clientId) || item.status.state === 'sending';

  const reload = async (): Promise<void> => {
    const stored = (await storage.list(area).catch(() => null)) as readonly OutboxItem[] | null;
    if (!stored) return;
    const known = items.getSnapshot();
    const merged = new Map(stored.map(item => [item.clientId, item]));
    for (const item of known) {
      const other = merged.get(item.clientId);
      if (other ? item.revision >= other.revision : isOursAlone(item)) merged.set(item.clientId, item);
    }
    items.set([...merged.values()].filter(item => !gone.has(item.clientId)).sort(byClientId));
  };

  const settle = async (item: OutboxItem, settled: Settled): Promise<void> => {
    options.onSettled(settled);
    tabs.tell({ kind: 'settled', settled });
    await forget(item.clientId);
  };

  /** What a failed try makes of an item. True: the lane may go on with the next one. */
  const refused = async (item: OutboxItem, thrown: unknown): Promise<boolean> => {
    const attempts = item.attempts + 1;
    if (!isSottoError(thrown)) throw thrown;
    if (thrown.code === 'not_signed_in') {
      await save({ ...item, status: { state: 'waiting', notBefore: 0, last: thrown.code } });
      return false;
    }
    if (!isTemporary(thrown)) {
      await save({ ...item, attempts, status: { state: 'failed', code: thrown.code } });
      return true;
    }
    const pause = Math.max((thrown.retryAfter ?? 0) * 1000, fullJitter(attempts - 1, options.random));
    const status = { state: 'waiting', notBefore: clock.now() + pause, last: thrown.code } as const;
    await save({ ...item, attempts, status });
    return false;
  };

  const send = async (item: OutboxItem, conversation: ConversationId): Promise<boolean> => {
    place({ ...item, status: { state: 'sending' } });
    try {
      const { clientId, text } = item;
      const { id, seq, at } = await call('POST /v1/conversations/:conversation/messages', {
        params: { conversation },
        body: { clientId, text },
      });
      const message = {
        id,
        sender: options.account,
        clientId,
        text,
        reply: null,
        attachments: [],
        card: null,
        previews: [],
        reactions: [],
        hidden: false,
      };
      await settle(item, { clientId, conversation, entry: { seq, at, kind: 'message', message } });
      return true;
    } catch (thrown) {
      return refused(item, thrown);
    }
  };

  /** Turns what is addressed to a person into what is addressed to the conversation with them. */
  const openFor = async (item: OutboxItem, person: AccountId): Promise<boolean> => {
    try {
      const opened = await call('PUT /v1/conversations/direct/:account', { params: { account: person } });
      options.onOpened(opened);
      const same = items.getSnapshot().filter(other => laneOf(other.to) === laneOf(item.to));
      for (const other of same) await save({ ...other, to: { conversation: opened.id } });
      return true;
    } catch (thrown) {
      return refused(item, thrown);
    }
  };

  const nextDue = (lane: string) =>
    items.getSnapshot().find(item => laneOf(item.to) === lane && item.status.state === 'waiting');
  const isDue = (item: OutboxItem | undefined): item is OutboxItem =>
    item?.status.state === 'waiting' && item.status.notBefore <= clock.now();
  const lanes = () => [...new Set(items.getSnapshot().map(item => laneOf(item.to)))];

  const runLane = async (lane: string): Promise<void> => {
    for (let item = nextDue(lane); running && isDue(item); item = nextDue(lane)) {
      const goOn =
        'person' in item.to ? await openFor(item, item.to.person) : await send(item, item.to.conversation);
      if (!goOn) return;
    }
  };

  const pass = async (): Promise<void> => {
    await reload();
    // People first: what was written to them may belong into a lane that is there already.
    await Promise.all(
      lanes()
        .filter(lane => lane.startsWith('person:'))
        .map(runLane),
    );
    await Promise.all(lanes().map(runLane));
  };

  const schedule = () => {
    cancelTimer();
    if (!running) return;
    const times = lanes()
      .map(nextDue)
      .flatMap(item =>
        item?.status.state === 'waiting' && item.status.last !== 'not_signed_in'
          ? [item.status.notBefore]
          : [],
      );
    if (times.length === 0) return;
    const next = Math.max(0, Math.min(...times) - clock.now());
    cancelTimer = clock.after(next, drain);
  };

  function drain(): void {
    if (!running) return;
    again = true;
    if (draining) return;
    draining = true;
    const loop = async () => {
      while (again && running) {
        again = false;
        await tabs.alone(pass);
      }
    };
    void loop().finally(() => {
      draining = false;
      schedule();
    });
  }

  return {
    items,
    async start() {
      if (running) return;
      running = true;
      unlisten = tabs.listen(word => {
        if (word.kind === 'settled') {
          options.onSettled(word.settled);
          gone.add(word.settled.clientId);
          items.update(now => now.filter(item => item.clientId !== word.settled.clientId));
        } else void reload();
      });
      await reload();
      drain();
    },
    stop() {
      running = false;
      cancelTimer();
      unlisten();
    },
    add(to, written) {
      const text = normaliseText(written);
      if (text === '') return null;
      const createdAt = clock.now();
      const item: OutboxItem = {
        clientId: newId(createdAt),
        to,
        text,
        createdAt,
        attempts: 0,
        revision: 0,
        status: waiting,
      };
      place(item);
      void save(item).then(() => {
        tabs.tell({ kind: 'changed' });
        drain();
      });
      return item;
    },
    flush() {
      items.update(now =>
        now.map(item =>
          item.status.state === 'waiting' && item.status.last !== 'rate_limited'
            ? { ...item, status: waiting }
            : item,
        ),
      );
      drain();
    },
    retry(clientId) {
      const item = find(clientId);
      if (item?.status.state !== 'failed') return;
      void save({ ...item, status: waiting }).then(drain);
    },
    discard(clientId) {
      const item = find(clientId);
      if (!item) return false;
      const { state } = item.status;
      if (state === 'sending' || (state === 'waiting' && item.attempts > 0)) return false;
      void forget(clientId).then(() => tabs.tell({ kind: 'changed' }));
      return true;
    },
    async clear() {
      running = false;
      cleared = true;
      items.set([]);
      await storage.clear(area).catch(() => {});
    },
  };
}
