import type { RunningApp } from '@sotto/server';
import { type TcpRelay, tcpRelay } from './tcp.ts';
import { type UdpRelay, udpRelay } from './udp.ts';

/** All of the network between one person and a node: pages, calls, socket, and audio. */
export interface Link {
  readonly tcp: TcpRelay;
  readonly udp: UdpRelay;
  /** Where that person opens Sotto. */
  readonly origin: string;
  /** UDP port of the node itself, as its answers name it. */
  readonly audioPort: number;
  /** As when the phone leaves the Wi-Fi: nothing comes through, and nobody is told. */
  cut(): void;
  mend(): void;
  close(): Promise<void>;
}

export async function linkTo(node: RunningApp): Promise<Link> {
  const { httpPort, audioPort } = node;
  if (audioPort === null) throw new Error('linkTo: this node has no audio');
  const [tcp, udp] = await Promise.all([tcpRelay(httpPort), udpRelay(audioPort)]);
  return {
    tcp,
    udp,
    origin: `http://localhost:${tcp.port}`,
    audioPort,
    cut() {
      tcp.cut('silence');
      udp.cut();
    },
    mend() {
      tcp.mend();
      udp.mend();
    },
    async close() {
      udp.close();
      await tcp.close();
    },
  };
}
