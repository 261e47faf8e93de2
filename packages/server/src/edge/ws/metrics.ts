import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../platform/metrics/index.ts';

/** Counted as plain numbers where it is hot, told to Prometheus when asked. */
export interface SocketMetrics {
  sent: number;
  /** Ephemeral frames that a newer one replaced, or that nobody waited for. */
  dropped: number;
  closed(reason: number | 'client'): void;
}

export function createSocketMetrics(registry: Metrics, open: () => number): SocketMetrics {
  const closed = new Counter({
    name: 'sotto_sockets_closed_total',
    help: 'Sockets closed, by the close code we gave; `client` where the client hung up.',
    labelNames: ['reason'],
    registers: [registry],
  });
  const metrics: SocketMetrics = {
    sent: 0,
    dropped: 0,
    closed: reason => closed.inc({ reason: String(reason) }),
  };
  new Gauge({
    name: 'sotto_sockets',
    help: 'Open sockets.',
    registers: [registry],
    collect() {
      this.set(open());
    },
  });
  new Counter({
    name: 'sotto_socket_frames_total',
    help: 'Frames to clients: sent, or dropped because the client did not read (RT-7).',
    labelNames: ['outcome'],
    registers: [registry],
    collect() {
      this.reset();
      this.inc({ outcome: 'sent' }, metrics.sent);
      this.inc({ outcome: 'dropped' }, metrics.dropped);
    },
  });
  return metrics;
}
