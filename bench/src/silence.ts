import { randomUUID } from 'node:crypto';
import { loadavg } from 'node:os';
import { percentile } from './messages/load.ts';
import { openSocket } from './messages/people.ts';
import { type Remote, startRemote } from './messages/remote.ts';
import type { BenchResult } from './result.ts';
import { comparePairs } from './silence/pairs.ts';
import { befall, type Fate, fates, gather, type Story, shuffled } from './silence/people.ts';

/** Senders of each fate (`SILENCE_SENDERS`). */
const EACH = Number(process.env.SILENCE_SENDERS ?? 200);
/** Times that each sender takes each step; their median is what counts of them. */
const ROUNDS = 3;
/** Below this, divided by the number of comparisons, it is no chance. */
const SURE = 0.01;

/** What a sender can do with a request that waits. */
const steps: Record<string, (story: Story) => [method: string, path: string, body?: unknown]> = {
  'read the conversation': ({ conversation: id }) => ['GET', `/v1/conversations/${id}`],
  'list conversations': () => ['GET', '/v1/conversations'],
  'read the log': ({ conversation: id }) => ['GET', `/v1/conversations/${id}/log`],
  'mark as read': ({ conversation: id }) => ['PUT', `/v1/conversations/${id}/read`, { seq: 1 }],
  'send the same again': ({ conversation: id, first }) => ['POST', `/v1/conversations/${id}/messages`, first],
  'send a second': story => another(story, 'Are you there?'),
  'send one too long': story => another(story, 'x'.repeat(600)),
  react: ({ conversation: id }) => [
    'PUT',
    `/v1/conversations/${id}/messages/1/reactions/${encodeURIComponent('👋')}`,
  ],
  'pin or unpin': ({ conversation: id }) => [
    'PATCH',
    `/v1/conversations/${id}`,
    { pinned: Math.random() < 0.5 },
  ],
  search: () => ['GET', '/v1/messages?query=tram'],
  'write to them anew': ({ recipient }) => ['PUT', `/v1/conversations/direct/${recipient.id}`],
};

const RESUME = 'open a socket and resume';

const another = ({ conversation: id }: Story, text: string): [string, string, unknown] => [
  'POST',
  `/v1/conversations/${id}/messages`,
  { clientId: randomUUID(), text },
];

/** What each step was answered with first. */
const statuses = new Map<string, number>();

/** Of one fate and one step: a time for each sender, in ms. */
type Times = Map<string, Map<Fate, number[]>>;

/**
 * Whether the sender of a request can tell by the clock what became of it (BC-11): one sender of each fate beside another, in random
 * order, so that noise is shared, over HTTP and sockets of a real server in a process of its own.
 */
export async function run(): Promise<BenchResult> {
  const remote = await startRemote();
  try {
    const stories = await gather(remote, EACH);
    const groups = Array.from({ length: EACH }, (_, n) =>
      fates.flatMap(fate => stories.filter(story => story.fate === fate)[n] ?? []),
    );
    console.log(`${stories.length} senders are there`);
    const times: Times = new Map();
    for (const group of groups) for (const story of shuffled(group)) await send(remote, story, times);
    console.log('all have sent');
    for (const story of shuffled(stories)) await befall(story);
    for (const group of groups) await ask(remote, group, times);
    return resultOf(times);
  } finally {
    await remote.stop();
  }
}

async function send(remote: Remote, story: Story, times: Times): Promise<void> {
  const { fate, sender, conversation, first } = story;
  const heard = Promise.withResolvers<number>();
  const resumed = Promise.withResolvers<void>();
  const socket = await openSocket(remote.port, sender.http, text => {
    if (text.startsWith('{"type":"resumed"')) resumed.resolve();
    if (text.startsWith('{"type":"conversation"')) heard.resolve(performance.now());
  });
  await resumed.promise;
  const from = performance.now();
  const answer = await sender.http.request(
    'POST',
    `/v1/conversations/${conversation}/messages`,
    JSON.stringify(first),
  );
  note(times, 'send', fate, performance.now() - from);
  if (answer.status >= 300) throw new Error(`send: ${answer.status} ${answer.body}`);
  note(times, 'send, until one’s own socket has it', fate, (await heard.promise) - from);
  socket.close();
}

/** One sender of each fate, side by side: each step by all of them, one after another and each time in another order. */
async function ask(remote: Remote, group: readonly Story[], times: Times): Promise<void> {
  // A connection may be new, and what is kept in memory gone.
  for (const { sender } of group) await sender.http.request('GET', '/v1/me');
  const taken = new Map<string, Map<Story, number[]>>();
  for (let round = 0; round < ROUNDS; round++)
    for (const name of [...Object.keys(steps), RESUME]) {
      const of = taken.get(name) ?? new Map<Story, number[]>();
      taken.set(name, of);
      for (const story of shuffled(group))
        of.set(story, [...(of.get(story) ?? []), await timed(remote, story, name)]);
    }
  for (const [name, of] of taken)
    for (const [{ fate }, each] of of) note(times, name, fate, percentile(each.toSorted(ascending), 50));
}

async function timed(remote: Remote, story: Story, name: string): Promise<number> {
  const { sender, fate } = story;
  const step = steps[name];
  if (!step) {
    const resumed = Promise.withResolvers<void>();
    const from = performance.now();
    const socket = await openSocket(remote.port, sender.http, text => {
      if (text.startsWith('{"type":"resumed"')) resumed.resolve();
    });
    await resumed.promise;
    const took = performance.now() - from;
    socket.close();
    return took;
  }
  const [method, path, body] = step(story);
  const from = performance.now();
  const { status, body: text } = await sender.http.request(method, path, body ? JSON.stringify(body) : '');
  const took = performance.now() - from;
  const usual = statuses.get(name) ?? status;
  statuses.set(name, usual);
  if (status !== usual || status === 429 || status >= 500)
    throw new Error(`${fate}, ${name}: ${status} ${text}, not ${usual}`);
  return took;
}

const ascending = (a: number, b: number): number => a - b;

function note(times: Times, step: string, fate: Fate, ms: number): void {
  const of = times.get(step) ?? new Map<Fate, number[]>();
  times.set(step, of.set(fate, [...(of.get(fate) ?? []), ms]));
}

function resultOf(times: Times): BenchResult {
  const others = fates.filter(fate => fate !== 'ignored');
  const limit = SURE / (times.size * others.length);
  const apart: string[] = [];
  const rows = [...times].map(([step, of]) => {
    const ignored = of.get('ignored') ?? [];
    const columns = fates.map(fate => {
      const mine = of.get(fate) ?? [];
      const sorted = mine.toSorted(ascending);
      const told = `${percentile(sorted, 50).toFixed(2)}, ${percentile(sorted, 95).toFixed(2)}`;
      if (fate === 'ignored') return [fate, told];
      const { above, p } = comparePairs(mine, ignored);
      if (p < limit)
        apart.push(`${fate}, ${step} (p ${p.toExponential(1)}, slower in ${(above * 100).toFixed(0)} %)`);
      return [fate, `${told} (${above.toFixed(3)}, p ${p.toPrecision(2)})`];
    });
    return { step, ...Object.fromEntries(columns) };
  });
  if (apart.length > 0) process.exitCode = 1;
  return {
    name: `Silence: what a request’s sender can tell by the clock; p50, p95 in ms of ${EACH} senders each`,
    rows,
    notes: [
      'In brackets: how often it took longer than for the sender of an ignored one beside them (0.5: as often as not), and how often chance alone gives that.',
      apart.length === 0
        ? `No fate can be told from *ignored* by any step (p of each above ${limit.toExponential(1)}, for ${times.size * others.length} comparisons).`
        : `Can be told from *ignored*: ${apart.join('; ')}.`,
      `Load of the machine at the end: ${loadavg()
        .map(load => load.toFixed(1))
        .join(', ')}.`,
    ],
  };
}
