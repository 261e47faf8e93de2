export type { Audience, Bus, BusMessage, Channel } from './bus.ts';
export { memoryBus } from './memory.ts';
