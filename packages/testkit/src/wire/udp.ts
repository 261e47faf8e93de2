import { createSocket, type Socket } from 'node:dgram';

/** The audio's stretch of network between clients and a media node, that a test may cut. */
export interface UdpRelay {
  readonly port: number;
  /** Datagrams vanish, both ways. */
  cut(): void;
  mend(): void;
  close(): void;
}

/** Carries datagrams from a free port of loopback to `target` and back; each client has a way of its own, as behind NAT. */
export async function udpRelay(target: number): Promise<UdpRelay> {
  const ways = new Map<string, Socket>();
  let open = true;
  const front = createSocket('udp4');

  const wayOf = (address: string, port: number): Socket => {
    const key = `${address}:${port}`;
    const known = ways.get(key);
    if (known) return known;
    const way = createSocket('udp4');
    way.on('error', () => undefined);
    way.on('message', bytes => {
      if (open) front.send(bytes, port, address);
    });
    ways.set(key, way);
    return way;
  };

  front.on('error', () => undefined);
  front.on('message', (bytes, from) => {
    if (open) wayOf(from.address, from.port).send(bytes, target, '127.0.0.1');
  });
  await new Promise<void>(resolve => front.bind(0, '127.0.0.1', resolve));

  return {
    port: front.address().port,
    cut: () => {
      open = false;
    },
    mend: () => {
      open = true;
    },
    close() {
      front.close();
      for (const way of ways.values()) way.close();
    },
  };
}
