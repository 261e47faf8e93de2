export type { Audience, Bus, BusListener, BusMessage, Channel } from './bus.ts';
export { createListeners } from './listeners.ts';
export { memoryBus } from './memory.ts';
export { type NatsBus, type NatsLocation, natsBus } from './nats.ts';
