export { explain, readHistory } from './explain.ts';
export { busyPatience, judge } from './judge.ts';
export { type History, type HistoryOptions, makeHistory } from './run.ts';
