import type { AccountId, Conversation, Reply } from '@sotto/protocol';
import type { NewFile, NewMessage } from '../backchannel/types.ts';
import type { Call } from '../calls/client.ts';
import type { Clock, Random, Wake } from '../ports.ts';
import type { DeviceStorage } from '../storage/device.ts';
import type { Readable } from '../stores/store.ts';
import { compose } from './compose.ts';
import { createOutboxFiles } from './files.ts';
import { createOutboxItems } from './items.ts';
import { createLanes } from './lanes.ts';
import { createSending } from './sending.ts';
import type { Tabs } from './tabs.ts';
import type { OutboxItem, Recipient, Settled } from './types.ts';

export interface OutboxOptions {
  account: AccountId;
  call: Call;
  storage: DeviceStorage;
  tabs: Tabs;
  clock: Clock;
  random: Random;
  wake: Wake;
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
  /**
   * Keeps the message and its files, and sends it as soon as it can. Null where there is nothing to send.
   * @param quote of the message it answers, for the screen
   */
  add(to: Recipient, message: string | NewMessage, quote?: Reply | null): OutboxItem | null;
  /** The bytes of a file of a message on its way; of a video's poster with `poster`. Null where they are gone. */
  file(clientId: string, index: number, part?: 'poster'): Promise<Blob | null>;
  /** Tries at once what waits for the network. */
  flush(): void;
  /** Tries again one that failed. */
  retry(clientId: string): void;
  /** The same as `discard`, and gives back what was written, for the composer (BC-21). Null: too late. */
  takeBack(clientId: string): Promise<NewMessage | null>;
  /** Throws one away that failed or was never tried, its uploads too. False: too late, it may have arrived. */
  discard(clientId: string): boolean;
  /** Forgets everything, on the device too. */
  clear(): Promise<void>;
}

/** Messages kept on the device until the server has them (BC-30): each goes once, in order within its conversation. */
export function createOutbox(options: OutboxOptions): Outbox {
  const { call, storage, tabs, clock } = options;
  const items = createOutboxItems(options.account, storage);
  const files = createOutboxFiles(options.account, storage);
  let unlisten = () => {};
  let running = false;

  const sending = createSending({
    ...options,
    items,
    files,
    async onSettled(settled) {
      options.onSettled(settled);
      tabs.tell({ kind: 'settled', settled });
      await items.forget(settled.clientId);
      await files.forget(settled.item);
    },
  });
  const lanes = createLanes(items, sending, tabs, clock);

  /** What waits for something that may be over now. A limit is not. */
  const hurry = () => {
    for (const { clientId, status } of items.getSnapshot()) {
      if (status.state !== 'waiting' || status.last === 'rate_limited' || status.last === 'slow_mode')
        continue;
      items.show(clientId, { status: { state: 'waiting', notBefore: 0, last: null } });
    }
  };

  const isTooLate = ({ status, posted }: OutboxItem) => status.state !== 'failed' && posted;

  /** It is out of memory, so that nothing sends it any more. */
  const erase = async (item: OutboxItem): Promise<void> => {
    sending.cancel(item.clientId);
    await items.forget(item.clientId);
    await files.forget(item);
    tabs.tell({ kind: 'changed' });
    const uploads = item.files.flatMap(file => [file.upload ?? [], file.posterUpload ?? []].flat());
    // Not given up in time, they are gone a day later.
    const giveUp = (upload: string) => call('DELETE /v1/uploads/:upload', { params: { upload } });
    await Promise.all(uploads.map(upload => giveUp(upload).catch(() => {})));
  };

  const writtenIn = async (item: OutboxItem): Promise<NewMessage> => {
    const back: NewFile[] = [];
    for (const [index, file] of item.files.entries()) {
      const bytes = await files.read(item.clientId, index);
      const poster = file.hasPoster ? await files.read(item.clientId, index, 'poster') : null;
      if (!bytes) continue;
      const { kind, name, width, height, seconds, waveform } = file;
      back.push({
        kind,
        bytes,
        ...(name !== null && { name }),
        ...(width !== null && { width }),
        ...(height !== null && { height }),
        ...(seconds !== null && { seconds }),
        ...(waveform && { waveform }),
        ...(poster && { poster }),
      });
    }
    return {
      text: item.text,
      files: back,
      ...(item.reply && { reply: item.reply.seq }),
      ...(item.card && { card: item.card }),
    };
  };

  return {
    items,
    async start() {
      if (running) return;
      running = true;
      unlisten = tabs.listen(word => {
        if (word.kind === 'settled') {
          options.onSettled(word.settled);
          items.drop(word.settled.clientId);
        } else if (word.kind === 'changed') void items.reload();
      });
      await items.reload();
      hurry();
      lanes.start();
      void files.sweep(items.getSnapshot(), clock.now());
    },
    stop() {
      running = false;
      lanes.stop();
      sending.stop();
      unlisten();
    },
    add(to, message, quote = null) {
      const written = typeof message === 'string' ? { text: message } : message;
      const item = compose(to, written, clock.now(), quote);
      if (!item) return null;
      void items.add(item, files.keep(item.clientId, written.files ?? [])).then(() => {
        tabs.tell({ kind: 'changed' });
        lanes.drain();
      });
      return item;
    },
    file: files.read,
    flush() {
      hurry();
      lanes.drain();
    },
    retry(clientId) {
      if (items.find(clientId)?.status.state !== 'failed') return;
      const status = { state: 'waiting', notBefore: 0, last: null } as const;
      void items.change(clientId, { status }).then(lanes.drain);
    },
    async takeBack(clientId) {
      const item = items.find(clientId);
      if (!item || isTooLate(item)) return null;
      // Still on the device while its files are read: the program may end at any moment.
      items.drop(clientId);
      const written = await writtenIn(item);
      await erase(item);
      return written;
    },
    discard(clientId) {
      const item = items.find(clientId);
      if (!item || isTooLate(item)) return false;
      items.drop(clientId);
      void erase(item);
      return true;
    },
    async clear() {
      running = false;
      lanes.stop();
      sending.stop();
      await items.clear();
      await files.clear();
    },
  };
}
