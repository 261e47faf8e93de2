import { createStore } from '@sotto/sdk';

/** A sheet about one message, above whatever screen shows it. */
export interface MessageSheet {
  name: 'report' | 'hide';
  conversation: string;
  /** Of a talk. */
  room: string | null;
  seq: number;
  sender: string;
}

const opened = createStore<MessageSheet | null>(null);

export const openedSheet = { getSnapshot: opened.getSnapshot, subscribe: opened.subscribe };
export const openSheet = (sheet: MessageSheet): void => opened.set(sheet);
export const closeSheet = (): void => opened.set(null);
