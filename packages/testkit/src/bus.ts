import { type Bus, type BusMessage, createListeners, type Listeners } from '@sotto/server';

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
  /** The nodes are told that they may have missed something, as when a bus comes back. */
  tellLoss(): void;
  /** How many messages were dropped, doubled or held so far. */
  readonly faults: number;
  close(): Promise<void>;
}

interface Node {
  listeners: Listeners;
  loss: Set<() => void>;
}

/** @param onError a listener that throws is a fault of the server's */
export function faultyBus(onError: (error: unknown) => void): FaultyBus {
  /** All that is said, in one order for all nodes: what a listener publishes comes after what it heard. */
  const all = createListeners(onError);
  const nodes = new Map<number, Node>();
  const rules = new Set<BusRule>();
  let publisher = new WeakMap<BusMessage, number>();
  let held: (() => void)[] = [];
  let faults = 0;

  const fateOf = (message: BusMessage, node: number): Fate => {
    for (const rule of rules) {
      const fate = rule(message, node);
      if (fate) return fate;
    }
    return 'deliver';
  };

  const join = (number: number): Node => {
    const known = nodes.get(number);
    if (known) return known;
    const node: Node = { listeners: createListeners(onError), loss: new Set() };
    nodes.set(number, node);
    all.add(message => {
      const hear = () =>
        node.listeners.tell(message, publisher.get(message) === number ? 'here' : 'elsewhere');
      const fate = fateOf(message, number);
      if (fate !== 'deliver') faults += 1;
      if (fate === 'hold') held.push(hear);
      if (fate === 'deliver' || fate === 'twice') hear();
      if (fate === 'twice') hear();
    });
    return node;
  };

  return {
    node(number) {
      const { listeners, loss } = join(number);
      return {
        publish(message) {
          // A copy of its own, as when it had crossed a network.
          const said = { ...message };
          publisher.set(said, number);
          all.tell(said, 'here');
        },
        subscribe: listener => listeners.add(listener),
        onLoss(listener) {
          const own = () => listener();
          loss.add(own);
          return () => loss.delete(own);
        },
        ping: async () => {},
        close: async () => {},
      };
    },
    rule(rule) {
      rules.add(rule);
      return () => rules.delete(rule);
    },
    release(order = 'as sent') {
      const now = order === 'reversed' ? held.reverse() : held;
      held = [];
      for (const deliver of now) deliver();
    },
    tellLoss() {
      for (const { loss } of nodes.values()) for (const listener of loss) listener();
    },
    get faults() {
      return faults;
    },
    close: async () => {
      all.clear();
      nodes.clear();
      publisher = new WeakMap();
    },
  };
}
