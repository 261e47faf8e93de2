import { connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { asSuperuser, type Connection } from './database.ts';

/** Where {@link testDatabase} asks the test run for its cluster; set by `testing-cluster.ts`. */
export const clusterVariable = 'SOTTO_TEST_CLUSTER';

/** The cluster of a test run: its socket folder, and a migrated database to copy. */
export type TestCluster = { socketFolder: string; template: string };

/** A database of a test's own, migrated and empty. */
export type TestDatabase = { connection: Connection; drop(): Promise<void> };

let count = 0;

/**
 * A fresh database on the one cluster of this test run, copied from a migrated template in some 50 ms. The first call
 * of a run starts the cluster. `drop` it when done; what is left goes with the cluster.
 */
export async function testDatabase(): Promise<TestDatabase> {
  const { socketFolder, template } = await testCluster();
  const database = `test_${process.pid}_${++count}`;
  await asSuperuser(socketFolder, client =>
    client.query(`create database ${database} template ${template} owner sotto`),
  );
  const connection: Connection = { host: socketFolder, port: 5432, user: 'sotto', database, ssl: false };
  const drop = async () => {
    await asSuperuser(socketFolder, client =>
      client.query(`drop database if exists ${database} with (force)`),
    );
  };
  return { connection, drop };
}

async function testCluster(): Promise<TestCluster> {
  const path = process.env[clusterVariable];
  if (path === undefined)
    throw new Error('testDatabase() needs vitest, with testing-cluster.ts as its globalSetup');
  const answer = await text(await connected(path));
  const reply = JSON.parse(answer) as TestCluster | { error: string };
  if ('error' in reply) throw new Error(`the test cluster did not start: ${reply.error}`);
  return reply;
}

function connected(path: string): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(path, () => resolve(socket));
    socket.on('error', reject);
  });
}
