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

/**
 * Does the work in one transaction. Where PostgreSQL ended it so that others could go on, all of it is done again: besides the
 * transaction and these two ways of telling, work must have no effect that cannot be had twice.
 */
export type Transact = <T>(work: (work: Work) => Promise<T>) => Promise<T>;

/** deadlock_detected and serialization_failure: of PostgreSQL's class 40, what another try may well put right. */
const passing: readonly unknown[] = ['40P01', '40001'];
const TRIES = 4;

const isPassing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && passing.includes(error.code);

/**
 * Does a piece of work that is one transaction, and all of it again where PostgreSQL ended it so that others could go on.
 * It must have no effect that cannot be had twice.
 */
export async function untilItPasses<T>(work: () => Promise<T>): Promise<T> {
  for (let left = TRIES - 1; ; left--) {
    try {
      return await work();
    } catch (error) {
      if (left === 0 || !isPassing(error)) throw error;
    }
  }
}

export const createTransact = (db: Database, bus: Bus): Transact => {
  const attempt = async <T>(work: (work: Work) => Promise<T>): Promise<T> => {
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
  return work => untilItPasses(() => attempt(work));
};
