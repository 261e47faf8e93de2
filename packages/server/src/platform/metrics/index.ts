import { collectDefaultMetrics, Registry } from 'prom-client';

/** One registry per app, so that several apps may live in one process. Names follow Prometheus' naming practice. */
export type Metrics = Registry;

export function createMetrics(): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
}
