import { CompiledQuery, Kysely, PostgresDialect, type Transaction } from 'kysely';
import pg from 'pg';
import { keepPrepared } from './prepared.ts';
import type { Schema } from './schema.ts';

/** A URL, or what `pg` takes: for the embedded server, the folder of its socket file as `host`. */
export type Connection = string | { host: string; port?: number; user: string; database: string };

export type Database = Kysely<Schema>;
export type Tx = Transaction<Schema>;
/** A store's function reads or writes through either. */
export type Executor = Database | Tx;

// bigint (int8) holds counts and CSRCs here, all below 2^53; pg would hand them over as text.
pg.types.setTypeParser(pg.types.builtins.INT8, Number);

export interface OpenDatabase {
  db: Database;
  /** Resolves if a query comes back; rejects otherwise, within 2 s. */
  ping(): Promise<void>;
  close(): Promise<void>;
}

export function openDatabase(options: {
  connection: Connection;
  max?: number;
  onError?: (error: Error) => void;
}): OpenDatabase {
  const base =
    typeof options.connection === 'string' ? { connectionString: options.connection } : options.connection;
  const pool = new pg.Pool({ ...base, max: options.max ?? 16, connectionTimeoutMillis: 5000 });
  let closing = false;
  // A connection that breaks must not end the process, whether it is idle (the pool's event) or at work (its own): its
  // query is rejected, and the next one opens another.
  pool.on('error', error => {
    if (!closing) options.onError?.(error);
  });
  pool.on('connect', client => {
    client.on('error', () => undefined);
    keepPrepared(client);
  });
  const dialect = new PostgresDialect({
    pool,
    // Compiling a statement takes tenths of a second; ours run for milliseconds.
    onCreateConnection: async connection => {
      await connection.executeQuery(CompiledQuery.raw('set jit = off'));
    },
  });
  const db = new Kysely<Schema>({ dialect });
  return {
    db,
    ping: async () => {
      const limit = Promise.withResolvers<never>();
      const timer = setTimeout(() => limit.reject(new Error('database: no answer in 2 s')), 2000);
      await Promise.race([pool.query('select 1'), limit.promise]).finally(() => clearTimeout(timer));
    },
    close: () => {
      closing = true;
      return db.destroy();
    },
  };
}
