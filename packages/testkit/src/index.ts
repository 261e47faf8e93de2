export type { BusMessage } from '@sotto/server';
export { hasNats, startNats, type TestNats } from '@sotto/server/testing/nats';
export { type BusRule, type Fate, type FaultyBus, faultyBus } from './bus.ts';
export { type SharedDatabase, sharedDatabase } from './database.ts';
export { eventually } from './eventually.ts';
export {
  busyPatience,
  explain,
  type History,
  type HistoryOptions,
  judge,
  makeHistory,
  readHistory,
} from './history/index.ts';
export { createMailbox, type Mailbox } from './mailbox.ts';
export { type LogLine, type Network, type NetworkOptions, startNetwork } from './network.ts';
export {
  acquaint,
  handleOf,
  type MakePerson,
  makePerson,
  type NetworkPerson,
  signIn,
  startClient,
} from './people.ts';
export { type ServerProcess, serverProcess } from './process.ts';
export { assertSnapshots, settle } from './snapshots.ts';
export { type TestWake, testWake } from './wake.ts';
export { type Link, linkTo } from './wire/link.ts';
export { type TcpRelay, tcpRelay } from './wire/tcp.ts';
export { type UdpRelay, udpRelay } from './wire/udp.ts';
