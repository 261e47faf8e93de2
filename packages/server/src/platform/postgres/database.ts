import { Client } from 'pg';
import { superuser } from './cluster.ts';
import { socketPort } from './postmaster.ts';

/** What `pg` needs to connect; complete, so that no `PG…` variable fills it in. */
export type Connection = { host: string; port: number; user: string; database: string; ssl: false };

const name = 'sotto';

/** Makes the application's role and database if need be. The role owns the database and may do nothing else. */
export async function ensureDatabase(socketFolder: string): Promise<Connection> {
  await asSuperuser(socketFolder, async client => {
    const roles = await client.query('select from pg_roles where rolname = $1', [name]);
    if (roles.rowCount === 0) await client.query(`create role ${name} login`);
    const databases = await client.query('select from pg_database where datname = $1', [name]);
    if (databases.rowCount === 0) await client.query(`create database ${name} owner ${name}`);
  });
  return { host: socketFolder, port: socketPort, user: name, database: name, ssl: false };
}

/** Runs something as the role that owns the cluster. */
export async function asSuperuser<T>(socketFolder: string, work: (client: Client) => Promise<T>): Promise<T> {
  const client = new Client({
    host: socketFolder,
    port: socketPort,
    user: superuser,
    database: 'postgres',
    ssl: false,
  });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}
