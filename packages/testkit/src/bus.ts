import { type Bus, type BusMessage, memoryBus } from '@sotto/server';

/** What becomes of a message on its way to a node. `hold`: it waits for `release`. */
export type Fate = 'deliver' | 'drop' | 'twice' | 'hold';

/** Says what becomes of a message on its way to a node; undefined where it has no opinion. */
export type BusRule = (message: BusMessage, node: number) => Fate | undefined;

/** The bus between the nodes of a network, with faults that a real one may have: it delivers at most once. */
export interface FaultyBus {
  /** The bus as the node with this number has it. */
  node(number: number): Bus;
  /** From now on; the first rule that answers decides. Returns the way to lift it. */
  rule(rule: BusRule): () => void;
  /** What was held arrives now. */
  release(order?: 'as sent' | 'reversed'): void;
  /** How many messages were dropped, doubled or held so far. */
  readonly faults: number;
  close(): Promise<void>;
}

/** @param onError a listener that throws is a fault of the server's */
export function faultyBus(onError: (error: unknown) => void): FaultyBus {
  const inner = memoryBus(onError);
  const rules = new Set<BusRule>();
  let held: (() => void)[] = [];
  let faults = 0;

  const fateOf = (message: BusMessage, node: number): Fate => {
    for (const rule of rules) {
      const fate = rule(message, node);
      if (fate) return fate;
    }
    return 'deliver';
  };

  const node = (number: number): Bus => ({
    publish: message => inner.publish(message),
    subscribe: listener =>
      inner.subscribe(message => {
        const fate = fateOf(message, number);
        if (fate !== 'deliver') faults += 1;
        if (fate === 'hold') held.push(() => listener(message));
        if (fate === 'deliver' || fate === 'twice') listener(message);
        if (fate === 'twice') listener(message);
      }),
    ping: () => inner.ping(),
    close: async () => {},
  });

  return {
    node,
    rule(rule) {
      rules.add(rule);
      return () => rules.delete(rule);
    },
    release(order = 'as sent') {
      const now = order === 'reversed' ? held.reverse() : held;
      held = [];
      for (const deliver of now) deliver();
    },
    get faults() {
      return faults;
    },
    close: () => inner.close(),
  };
}
