import type { BackchannelChoices, PushChoices, ServerFrame } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import { createStore } from '../stores/store.ts';
import type { Choices } from './types.ts';

export interface ChoicesService<T> {
  readonly choices: Choices<T>;
  /** The server's word came by another way. */
  adopt(choices: T): void;
  /** Loads anew what was loaded before. */
  refresh(): void;
}

interface ChoicesCalls<T> {
  load(): Promise<T>;
  change(changes: Partial<T>): Promise<T>;
  /** Of what is being changed, that which shows before the server has it; all of it, where nothing else is said. */
  atOnce?(changes: Partial<T>): Partial<T>;
}

/**
 * Choices that the server keeps. What is changed shows at once, and is said one after the other, so that the last one said is the
 * last one kept; what the server does not take goes back to what it has.
 */
export function createChoices<T extends object>(calls: ChoicesCalls<T>): ChoicesService<T> {
  const store = createStore<T | null>(null);
  const { atOnce = changes => changes } = calls;
  /** As the server has them. */
  let kept: T | null = null;
  /** Changed here, in this order, and not answered yet. */
  let waiting: readonly Partial<T>[] = [];
  let queue: Promise<unknown> = Promise.resolve();

  const show = () => store.set(kept && Object.assign({ ...kept }, ...waiting));
  const adopt = (choices: T): T => {
    kept = choices;
    show();
    return choices;
  };
  const inTurn = (work: () => Promise<T>): Promise<T> => {
    const done = queue.then(work);
    queue = done.catch(() => undefined);
    return done;
  };
  const load = () => inTurn(async () => adopt(await calls.load()));

  return {
    choices: {
      getSnapshot: store.getSnapshot,
      subscribe: store.subscribe,
      load,
      change(changes) {
        const shown = { ...atOnce(changes) };
        waiting = [...waiting, shown];
        show();
        return inTurn(async () => {
          try {
            kept = await calls.change(changes);
            return kept;
          } finally {
            waiting = waiting.filter(each => each !== shown);
            show();
          }
        });
      },
    },
    adopt,
    refresh() {
      if (kept) void load().catch(() => {});
    },
  };
}

/** Who may write to you, receipts, and what you hold back (BC-8, BC-15, BC-17). */
export function createBackchannelChoices(call: Call) {
  const service = createChoices<BackchannelChoices>({
    load: () => call('GET /v1/me/backchannel'),
    change: body => call('PATCH /v1/me/backchannel', { body }),
    // Lists are shown as the server keeps them.
    atOnce: ({ heldWords: _words, heldHosts: _hosts, ...switched }) => switched,
  });
  const handle = (frame: ServerFrame) => {
    if (frame.type === 'backchannelChoices') service.adopt(frame.choices);
  };
  return { ...service, handle };
}

/** What is pushed to one's devices (BC-31). */
export const createPushChoices = (call: Call) =>
  createChoices<PushChoices>({
    load: () => call('GET /v1/me/push/choices'),
    change: body => call('PATCH /v1/me/push/choices', { body }),
  });
