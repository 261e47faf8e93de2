import type { Log } from '../log/index.ts';
import { StartError } from '../start-error.ts';
import type { Bus } from './bus.ts';
import { memoryBus } from './memory.ts';
import { type NatsLocation, natsBus } from './nats.ts';

/**
 * The bus that the configuration asks for.
 * @throws StartError where NATS cannot be reached
 */
export async function openBus(location: NatsLocation | undefined, log: Log): Promise<Bus> {
  const onError = (error: unknown): void => log.error({ err: error }, 'bus listener failed');
  if (!location) return memoryBus(onError);
  try {
    return await natsBus(location, {
      onError,
      onConnected: connected =>
        connected ? log.info('bus connected again') : log.warn('bus lost; connecting again'),
    });
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `The NATS server at NATS_URL cannot be used (${why}): start it, or correct the setting.`,
      { cause: error },
    );
  }
}
