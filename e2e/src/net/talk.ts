import type { LogEntry } from '@sotto/protocol';
import type { ConversationStore, Sotto } from '@sotto/sdk';
import { acquaint, eventually, type NetworkPerson } from '@sotto/testkit';
import { expect } from 'vitest';
import { soon } from '../soon.ts';

/** A direct conversation that two clients who know each other have open. */
export interface Talk {
  id: string;
  stores: [ConversationStore, ConversationStore];
}

export async function openTalk(one: Sotto, other: Sotto): Promise<Talk> {
  const [mine, account] = [one, other].map(sotto => sotto.me.getSnapshot()?.id);
  if (!mine || !account) throw new Error('openTalk: somebody is not signed in');
  await acquaint({ id: mine, call: one.call }, { id: account, call: other.call });
  const { id } = await one.conversations.openDirect(account);
  const stores: Talk['stores'] = [one.conversations.get(id), other.conversations.get(id)];
  for (const store of stores) {
    store.open();
    await eventually(() => store.getSnapshot().state === 'ready');
  }
  return { id, stores };
}

/** The text of an entry that is a message; of another, its kind in brackets, so that it shows in a comparison. */
export const textOf = (entry: LogEntry): string =>
  entry.kind === 'message' ? entry.message.text : `[${entry.kind}]`;

export const textsOf = (store: ConversationStore): string[] => store.getSnapshot().entries.map(textOf);

/** Both show these texts, in this order, nothing twice, nothing waiting. */
export async function expectTexts(talk: Talk, texts: readonly string[], limit = 20_000): Promise<void> {
  for (const store of talk.stores) {
    await soon(() => textsOf(store), texts, limit);
    expect(store.getSnapshot().pending).toEqual([]);
  }
}

/** The log as the server has it. */
export async function logOf(person: Pick<NetworkPerson, 'call'>, conversation: string) {
  const page = await person.call('GET /v1/conversations/:conversation/log', {
    params: { conversation },
    query: { after: 0, limit: 200 },
  });
  return page.entries;
}
