import { CompiledQuery, type QueryResult } from 'kysely';
import type pg from 'pg';
import type { Executor } from './database.ts';

/** By the text, the name under which connections keep it. */
const names = new Map<string, string>();

export interface Prepared {
  run<Row>(executor: Executor, parameters: readonly unknown[]): Promise<QueryResult<Row>>;
}

/**
 * A statement that each connection parses and plans once, under a name of its own: for the few that are on a hot path, where
 * PostgreSQL would take as long to read the statement as to carry it out. Through PgBouncer this takes
 * 1.24, or 1.21 with `max_prepared_statements` above 0.
 */
export function prepared(name: string, text: string): Prepared {
  names.set(text, name);
  return { run: (executor, parameters) => executor.executeQuery(CompiledQuery.raw(text, [...parameters])) };
}

/** Gives what is prepared its name, whoever asks this connection: kysely has only the text. */
export function keepPrepared(client: pg.ClientBase): void {
  const query = (first: unknown, ...others: unknown[]): unknown => {
    const name = typeof first === 'string' ? names.get(first) : undefined;
    const asked = name === undefined ? first : { name, text: first };
    return Reflect.apply(Object.getPrototypeOf(client).query, client, [asked, ...others]);
  };
  Object.assign(client, { query });
}
