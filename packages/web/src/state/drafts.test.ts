import type { Me } from '@sotto/protocol';
import { createStore, type SessionState } from '@sotto/sdk';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { drafts, guardDrafts, roomTitleDraft } from './drafts.ts';

const CHAT = 'a conversation';
const as = (id: string): SessionState => ({ state: 'signedIn', me: { id } as Me, confirmed: true });
const session = createStore<SessionState>({ state: 'unknown', error: null });
let stop = () => {};

beforeEach(() => {
  const kept = new Map<string, string>();
  vi.stubGlobal('localStorage', {
    getItem: (key: string) => kept.get(key) ?? null,
    setItem: (key: string, value: string) => kept.set(key, value),
    removeItem: (key: string) => kept.delete(key),
  });
  stop = guardDrafts(session);
  session.set(as('Noor'));
  drafts.set(CHAT, 'Between us');
  roomTitleDraft.set('Tides');
});

afterEach(() => {
  stop();
  session.set({ state: 'unknown', error: null });
  vi.unstubAllGlobals();
});

test('drafts go with whoever signs out, BC-20 and what was shared for them to send', async () => {
  const clear = vi.fn(async () => true);
  vi.stubGlobal('caches', { delete: clear });
  session.set({ state: 'signedOut', reason: 'signedOut' });
  expect([drafts.get(CHAT), roomTitleDraft.get()]).toEqual(['', '']);
  expect(clear).toHaveBeenCalledOnce();
});

test('a session that ended by itself leaves them for the same person, and for nobody else', () => {
  session.set({ state: 'signedOut', reason: 'ended' });
  session.set(as('Noor'));
  expect([drafts.get(CHAT), roomTitleDraft.get()]).toEqual(['Between us', 'Tides']);
  session.set({ state: 'signedOut', reason: 'ended' });
  session.set(as('Jonas'));
  expect([drafts.get(CHAT), roomTitleDraft.get()]).toEqual(['', '']);
});
