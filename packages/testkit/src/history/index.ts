export type { HistoryEvent } from './events.ts';
export { judge, type Violation } from './judge.ts';
export { explain } from './explain.ts';
export { type History, type HistoryOptions, makeHistory } from './run.ts';
