export { type BusRule, type Fate, type FaultyBus, faultyBus } from './bus.ts';
export { eventually } from './eventually.ts';
export { createMailbox, type Mailbox } from './mailbox.ts';
export { type LogLine, type Network, type NetworkOptions, startNetwork } from './network.ts';
export { handleOf, type MakePerson, type NetworkPerson, signIn, startClient } from './people.ts';
export { type ServerProcess, serverProcess } from './process.ts';
export { assertSnapshots, settle } from './snapshots.ts';
export { type TcpRelay, tcpRelay } from './wire/tcp.ts';
export { type UdpRelay, udpRelay } from './wire/udp.ts';
