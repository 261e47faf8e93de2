import type { Fresh, HistoryEvent } from './events.ts';

/** An event of a made-up history; its time may be left to whoever puts the history together. */
export type Made = Fresh<HistoryEvent> & { t?: number };

/** Somebody begins to send the message of this number. */
export const sending = (op: number, account = 'ann', conversation = 'talk'): Made => ({
  kind: 'sending',
  op,
  account,
  conversation,
  clientId: `c${op}`,
  text: `text ${op}`,
});
