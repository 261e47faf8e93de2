import type { Log } from '../log/index.ts';
import type { Metrics } from '../metrics/index.ts';
import { StartError } from '../start-error.ts';
import type { Bus } from './bus.ts';
import { memoryBus } from './memory.ts';
import { gaugeBus } from './metrics.ts';
import { type NatsLocation, natsBus } from './nats.ts';

/**
 * The bus that the configuration asks for.
 * @throws StartError where NATS cannot be reached
 */
export async function openBus(location: NatsLocation | undefined, log: Log, metrics: Metrics): Promise<Bus> {
  const onError = (error: unknown): void => log.error({ err: error }, 'bus listener failed');
  if (!location) return memoryBus(onError);
  try {
    const bus = await natsBus(location, {
      onError,
      onConnected: connected =>
        connected ? log.info('bus connected again') : log.warn('bus lost; connecting again'),
    });
    gaugeBus(metrics, bus.stats);
    return bus;
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The NATS server at NATS_URL cannot be used (${why}): start it, or correct the setting.`,
      { cause: error },
    );
  }
}
