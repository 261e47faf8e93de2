import { launchBrowser } from '@sotto/e2e/browser';
import { acquaint, makePerson } from '@sotto/testkit';
import { startInProcess } from './in-process.ts';
import { install, newPhone, type Opened, openAndWatch, slowPhone } from './opening/watch.ts';
import type { BenchResult } from './result.ts';
import { fillThread } from './scroll/thread.ts';

const RUNS = 5;
const names = ['Noor Haddad', 'Imani Okafor', 'Tomás Reyes', 'Li Wei', 'Ana Costa', 'Ravi Menon'];
const ROW = 'section li a[href^="/backchannel/"]';
const MESSAGE = '[role=log] article';

/** How long the app takes to open on a slow phone: the inbox and a conversation, for the first time and kept for offline. */
export async function run(): Promise<BenchResult> {
  await using stack = new AsyncDisposableStack();
  const { port, connection, mailbox } = await startInProcess(stack);
  const url = `http://localhost:${port}`;
  const people = [];
  for (const name of names) people.push(await makePerson({ url, mailbox, name, online: false }));
  await acquaint(...people);
  const { conversation } = await fillThread(connection, people, 500);
  const token = people[0]?.token ?? '';
  const browser = await launchBrowser();
  stack.defer(() => browser.close());
  const screens = [
    { name: 'inbox', path: '/backchannel', selector: ROW, token },
    { name: 'conversation', path: `/backchannel/${conversation}`, selector: MESSAGE, token },
    { name: 'welcome, signed out', path: '/', selector: 'li[data-kind]', token: '' },
  ];
  const rows: BenchResult['rows'] = [];
  for (const { name, path, selector, token } of screens)
    for (const installed of token ? [false, true] : [false]) {
      const runs: Opened[] = [];
      for (let at = 0; at < RUNS; at++) {
        const context = await newPhone(browser, url, token);
        if (installed) await install(context, path, selector);
        runs.push(await openAndWatch(context, { path, selector, ...slowPhone }));
        await context.close();
      }
      rows.push(rowOf(`${name}${installed ? ', installed' : ''}`, runs));
      if (process.env.SOTTO_BENCH_LOG) console.table(runs.at(-1)?.log);
    }
  return {
    name: 'Opening the app on a slow phone',
    rows,
    notes: [
      `${RUNS} times each, the middle of them (the least and the most). CPU 4× slower, ${slowPhone.line.latency} ms, 1.6 Mbit/s; ms by the clock, so what else the machine does is in them.`,
      'Round trips: the longest chain of requests each of which waited for the one before. They and the bytes do not depend on the machine.',
    ],
  };
}

const middle = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] ?? 0;

function rowOf(what: string, runs: readonly Opened[]): BenchResult['rows'][number] {
  const stands = runs.map(each => each.stands);
  return {
    what,
    'stands ms': Math.round(middle(stands)),
    least: Math.round(Math.min(...stands)),
    most: Math.round(Math.max(...stands)),
    'first drawn ms': Math.round(middle(runs.map(each => each.first))),
    'main thread ms': Math.round(middle(runs.map(each => each.busy))),
    'round trips': middle(runs.map(each => each.rounds)),
    requests: middle(runs.map(each => each.requests)),
    KiB: Math.round(middle(runs.map(each => each.bytes)) / 1024),
  };
}
