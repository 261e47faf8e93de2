import type { Bus, BusMessage } from './bus/index.ts';
import type { Database, Tx } from './db/index.ts';

/** One transaction, and what is to be told once it is committed. */
export interface Work {
  tx: Tx;
  /** Published after the commit, in order; never if the transaction fails (RT-4). */
  emit(message: BusMessage): void;
  /** Runs after the commit, before the events: for effects inside this process, such as the audio of a muted speaker. */
  afterCommit(effect: () => void): void;
}

export type Transact = <T>(work: (work: Work) => Promise<T>) => Promise<T>;

export const createTransact =
  (db: Database, bus: Bus): Transact =>
  async work => {
    const messages: BusMessage[] = [];
    const effects: (() => void)[] = [];
    const result = await db
      .transaction()
      .execute(tx =>
        work({ tx, emit: message => messages.push(message), afterCommit: effect => effects.push(effect) }),
      );
    for (const effect of effects) effect();
    for (const message of messages) bus.publish(message);
    return result;
  };
