import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../metrics/index.ts';
import type { BusStats } from './nats.ts';

/** What the bus counts as plain numbers, told to Prometheus when asked. */
export function gaugeBus(registry: Metrics, stats: () => BusStats): void {
  const registers = [registry];
  new Gauge({
    name: 'sotto_bus_connected',
    help: 'Whether this node hears the others by NATS: 1 or 0.',
    registers,
    collect() {
      this.set(stats().connected ? 1 : 0);
    },
  });
  new Counter({
    name: 'sotto_bus_messages_total',
    help: 'Messages between nodes: published, heard, or missed by the others because they could not be reached.',
    labelNames: ['what'],
    registers,
    collect() {
      const { published, heard, missed } = stats();
      this.reset();
      for (const [what, count] of Object.entries({ published, heard, missed })) this.inc({ what }, count);
    },
  });
}
