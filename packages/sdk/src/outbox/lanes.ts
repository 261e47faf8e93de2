import type { Clock } from '../ports.ts';
import type { OutboxItems } from './items.ts';
import type { Sending } from './sending.ts';
import type { Tabs } from './tabs.ts';
import type { OutboxItem, Recipient } from './types.ts';

/** Sends what is due: in order within a conversation, conversations beside each other, in one tab at a time. */
export interface Lanes {
  start(): void;
  stop(): void;
  /** Something may be due. */
  drain(): void;
}

const laneOf = (to: Recipient) => ('person' in to ? `person:${to.person}` : to.conversation);
/** How often a tab at work says so, that others go on waiting for it, ms. */
const BUSY_EVERY = 5_000;

export function createLanes(items: OutboxItems, sending: Sending, tabs: Tabs, clock: Clock): Lanes {
  let running = false;
  let working = false;
  let again = false;
  let ring = () => {};
  let cancelTimer = () => {};

  const lanes = () => [...new Set(items.getSnapshot().map(item => laneOf(item.to)))];
  const nextOf = (lane: string) =>
    items.getSnapshot().find(item => laneOf(item.to) === lane && item.status.state === 'waiting');
  const isDue = (item: OutboxItem | undefined): item is OutboxItem =>
    item?.status.state === 'waiting' &&
    item.status.last !== 'not_signed_in' &&
    item.status.notBefore <= clock.now();

  const runLane = async (lane: string): Promise<void> => {
    for (let item = nextOf(lane); running && isDue(item); item = nextOf(lane)) {
      const goOn =
        'person' in item.to
          ? await sending.openFor(item, item.to.person)
          : await sending.send(item, item.to.conversation);
      if (!goOn) return;
    }
  };

  /** Until nothing is due and nothing under way. What comes while a file is uploaded does not wait for it. */
  const work = async (): Promise<void> => {
    const active = new Map<string, Promise<void>>();
    let cancelBusy = () => {};
    const sayBusy = () => {
      tabs.tell({ kind: 'busy' });
      cancelBusy = clock.after(BUSY_EVERY, sayBusy);
    };
    cancelBusy = clock.after(BUSY_EVERY, sayBusy);
    try {
      do {
        if (again) {
          again = false;
          await items.reload();
        }
        const due = lanes().filter(lane => !active.has(lane) && isDue(nextOf(lane)));
        const people = due.filter(lane => lane.startsWith('person:'));
        // People first: what was written to them may belong into a lane that is there already.
        await Promise.all(people.map(runLane));
        for (const lane of people.length > 0 ? [] : due) {
          active.set(
            lane,
            runLane(lane).finally(() => active.delete(lane)),
          );
        }
        if (people.length > 0 || again) continue;
        const rung = new Promise<void>(resolve => {
          ring = resolve;
        });
        if (active.size > 0) await Promise.race([...active.values(), rung]);
      } while (running && (again || active.size > 0 || lanes().some(lane => isDue(nextOf(lane)))));
      await Promise.all(active.values());
    } finally {
      cancelBusy();
    }
  };

  const schedule = () => {
    cancelTimer();
    if (!running) return;
    const times = lanes()
      .map(nextOf)
      .flatMap(item =>
        item?.status.state === 'waiting' && item.status.last !== 'not_signed_in'
          ? [item.status.notBefore]
          : [],
      );
    if (times.length === 0) return;
    cancelTimer = clock.after(Math.max(0, Math.min(...times) - clock.now()), drain);
  };

  function drain(): void {
    if (!running) return;
    again = true;
    ring();
    if (working) return;
    working = true;
    const loop = async () => {
      while (again && running) await tabs.alone(work);
    };
    void loop().finally(() => {
      working = false;
      schedule();
    });
  }

  return {
    start() {
      running = true;
      drain();
    },
    stop() {
      running = false;
      ring();
      cancelTimer();
    },
    drain,
  };
}
