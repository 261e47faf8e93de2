import { randomUUID } from 'node:crypto';
import type { Conversation } from '@sotto/protocol';
import { call, signUp } from '../messages/people.ts';
import type { Remote } from '../messages/remote.ts';
import type { HttpLine } from '../messages/wire.ts';

/** What became of a request. */
export const fates = ['ignored', 'deleted', 'blocked', 'held', 'queued'] as const;
export type Fate = (typeof fates)[number];

export interface Story {
  fate: Fate;
  sender: { id: string; http: HttpLine };
  recipient: { id: string; http: HttpLine };
  conversation: string;
  first: { clientId: string; text: string };
}

const AT_ONCE = 8;
/** Requests that one person is shown in a day; what comes then is queued (BC-16). */
const SHOWN_PER_DAY = 20;
/** Requests of somebody who is new here. */
const ASKED_PER_DAY = 3;

/** So many senders of each fate, each with a recipient of their own, in random order; nothing is written yet. */
export async function gather(remote: Remote, each: number): Promise<Story[]> {
  const wanted = shuffled(fates.flatMap(fate => Array<Fate>(each).fill(fate)));
  const stories: Story[] = [];
  let next = 0;
  const worker = async (_: unknown, number: number): Promise<void> => {
    const fill = filler(remote, `c${number}`);
    for (let n = next++; n < wanted.length; n = next++) {
      const fate = wanted[n];
      if (fate) stories.push(await begin(remote, fate, n, fill));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return shuffled(stories);
}

async function begin(
  remote: Remote,
  fate: Fate,
  n: number,
  fill: (recipient: string) => Promise<void>,
): Promise<Story> {
  const [sender, recipient] = await Promise.all([signUp(remote, `s${n}`), signUp(remote, `r${n}`)]);
  // The choice is everyone's; only the word is another.
  const heldWords = [fate === 'held' ? 'tram' : 'ferry'];
  await call(recipient.http, 'PATCH', '/v1/me/backchannel', { heldWords });
  if (fate === 'queued') await fill(recipient.id);
  const { id } = await call<Conversation>(sender.http, 'PUT', `/v1/conversations/direct/${recipient.id}`);
  const first = { clientId: randomUUID(), text: 'Hello, we met at the tram.' };
  return { fate, sender, recipient, conversation: id, first };
}

/** Fills somebody's day with requests, of as few people as may send them. */
function filler(remote: Remote, name: string): (recipient: string) => Promise<void> {
  let askers: { http: HttpLine }[] = [];
  let left = 0;
  let crowds = 0;
  return async recipient => {
    if (left === 0) {
      for (const { http } of askers) http.close();
      const crowd = crowds++;
      askers = await Promise.all(
        Array.from({ length: SHOWN_PER_DAY }, (_, n) => signUp(remote, `${name}.${crowd}.${n}`)),
      );
      left = ASKED_PER_DAY;
    }
    left -= 1;
    for (const { http } of askers) {
      const { id } = await call<Conversation>(http, 'PUT', `/v1/conversations/direct/${recipient}`);
      await call(http, 'POST', `/v1/conversations/${id}/messages`, {
        clientId: randomUUID(),
        text: 'Hello.',
      });
    }
  };
}

/** What the recipient does, if anything. */
export async function befall({ fate, sender, recipient, conversation }: Story): Promise<void> {
  if (fate === 'deleted') await call(recipient.http, 'POST', `/v1/requests/${conversation}/delete`);
  if (fate === 'blocked') await call(recipient.http, 'PUT', `/v1/people/${sender.id}/block`);
  if (fate === 'queued') {
    const shown = await recipient.http.request('GET', '/v1/requests');
    if (shown.status !== 200 || shown.body.includes(conversation))
      throw new Error(`a request was not queued: ${shown.status}`);
  }
}

export function shuffled<T>(list: readonly T[]): T[] {
  const mixed = list.map(value => ({ value, at: Math.random() }));
  return mixed.sort((a, b) => a.at - b.at).map(({ value }) => value);
}
