import { createSocket } from 'node:dgram';
import type { Bare } from './wire.ts';

/** The measure to compare with: datagrams of a voice packet's size, sent as fast as this runtime sends, unencrypted. */
const BYTES = 200;
const BATCH = 64;
const RUN_MS = 3_000;

const sink = createSocket('udp4');
await new Promise<void>(resolve => sink.bind(0, '127.0.0.1', resolve));
const socket = createSocket('udp4');
await new Promise<void>(resolve => socket.connect(sink.address().port, '127.0.0.1', resolve));
const packet = Buffer.alloc(BYTES, 1);
const before = process.cpuUsage();
const until = performance.now() + RUN_MS;
let packets = 0;
while (performance.now() < until) {
  let left = BATCH;
  await new Promise<void>(resolve => {
    for (let index = 0; index < BATCH; index += 1) {
      socket.send(packet, () => {
        left -= 1;
        if (left === 0) resolve();
      });
    }
  });
  packets += BATCH;
}
const cpu = process.cpuUsage(before);
const bare: Bare = { packets, cpuSeconds: (cpu.user + cpu.system) / 1e6 };
process.send?.(bare);
socket.close();
sink.close();
process.disconnect?.();
