export type { Audience, Bus, BusMessage, Channel } from './bus.ts';
export { createListeners, type Listeners } from './listeners.ts';
export { memoryBus } from './memory.ts';
export type { NatsLocation } from './nats.ts';
export { openBus } from './open.ts';
