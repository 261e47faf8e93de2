import { Counter } from 'prom-client';
import type { Metrics } from '../../../platform/metrics/index.ts';

type Event = 'sent' | 'accepted' | 'deleted' | 'reported' | 'held' | 'queued';

const NAME = 'sotto_requests_total';

/** Message requests and what became of them (BC-18). One for each registry: a process may hold several nodes. */
export function requestCounter(metrics: Metrics): Counter<'event'> & { inc(labels: { event: Event }): void } {
  const known = metrics.getSingleMetric(NAME);
  if (known instanceof Counter) return known;
  return new Counter({
    name: NAME,
    help: 'Message requests: sent, accepted, deleted, reported, held back by a rule, queued by the day’s number.',
    labelNames: ['event'],
    registers: [metrics],
  });
}
