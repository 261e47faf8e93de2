import type { Attachment, ConversationKind, Person } from '@sotto/protocol';
import { createContext, useContext } from 'react';
import type { Bubble } from '../../state/thread.ts';

/** What can be done with a message, wherever in the thread it stands. One object for the life of a thread. */
export interface ThreadActions {
  reply(bubble: Bubble): void;
  /** Goes to a message of this conversation and flashes it; `find`: what was searched for, to be marked and in view. */
  jump(seq: number, find?: string): void;
  /** Adds the reaction, or takes it back where one has given it. */
  toggle(bubble: Bubble, emoji: string): void;
  openMenu(bubble: Bubble, from: HTMLElement): void;
  openPicker(bubble: Bubble): void;
  openReactors(bubble: Bubble): void;
  view(attachments: readonly Attachment[], index: number): void;
  retry(bubble: Bubble): void;
  /** Out of the outbox, and back into the composer to be changed. */
  takeBack(bubble: Bubble): void;
  discard(bubble: Bubble): void;
}

/** Where a message stands. */
export interface ThreadPlace {
  me: string;
  kind: ConversationKind;
  /** Where the conversation begins for who reads it. */
  firstSeq: number;
  /** More than one other may write: each message says whose it is. */
  named: boolean;
  /** Whether one may write here now, and so react. */
  open: boolean;
  /** Whether links in it are live. */
  linked: boolean;
  personOf(account: string): Person | undefined;
  nameOf(account: string): string;
  /** Whom a `@handle` names, as far as this device knows. */
  who(handle: string): 'nobody' | 'me' | 'other';
  actions: ThreadActions;
}

/** Who has read up to where, as marks under messages. */
export interface Receipts {
  /** In a direct conversation: the other has read up to here. */
  upTo: number;
  /** Elsewhere: under a message, those who have read so far and no further. */
  at: ReadonlyMap<number, readonly Person[]>;
}

/** Which long messages are open, by their keys. */
export interface Opened {
  opened: ReadonlySet<string>;
  open(key: string): void;
}

export const OpenedContext = createContext<Opened>({ opened: new Set(), open: () => {} });
export const PlaceContext = createContext<ThreadPlace | null>(null);
export const ReceiptsContext = createContext<Receipts>({ upTo: 0, at: new Map() });

export function usePlace(): ThreadPlace {
  const place = useContext(PlaceContext);
  if (!place) throw new Error('usePlace outside of a thread');
  return place;
}
