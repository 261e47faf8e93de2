import { until } from '@sotto/sdk';
import type { BusMessage, Network, NetworkPerson } from '@sotto/testkit';
import { eventually, settle, signIn, startClient, startNetwork, tcpRelay } from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soon } from '../soon.ts';
import { expectTexts, logOf, openTalk, textOf, textsOf } from './talk.ts';

const numbers = (count: number, prefix = ''): string[] =>
  Array.from({ length: count }, (_, index) => `${prefix}${index + 1}`);

/** Whether a message of the bus carries an entry of this conversation with a text that `matches`. */
const entryOf =
  (conversation: string, matches: (text: string) => boolean = () => true) =>
  (message: BusMessage): boolean =>
    message.kind === 'frame' &&
    message.frame.type === 'entry' &&
    message.frame.conversation === conversation &&
    matches(textOf(message.frame.entry));

let network: Network;
beforeAll(async () => {
  network = await startNetwork({ nodes: 2 });
});
afterAll(() => network?.stop());

let count = 0;
/** Two people who are in no other test, on two nodes. */
async function pair(): Promise<[NetworkPerson, NetworkPerson]> {
  count += 1;
  return Promise.all([
    network.person(`Imani ${count}`, { node: 0 }),
    network.person(`Noor ${count}`, { node: 1 }),
  ]);
}

describe.concurrent('two people on two nodes', () => {
  it('RT-3 writing at once, both see all of it in one order, which is the log’s', async () => {
    const [imani, noor] = await pair();
    const talk = await openTalk(imani.sotto, noor.sotto);
    for (const text of numbers(20)) {
      talk.stores[0].send(`imani ${text}`);
      talk.stores[1].send(`noor ${text}`);
    }
    await settle([imani, noor]);
    const log = await logOf(imani, talk.id);
    expect(log.map(entry => entry.seq)).toEqual(log.map((_, index) => index + 1));
    expect(log).toHaveLength(40);
    await expectTexts(talk, log.map(textOf));
    for (const who of ['imani', 'noor'])
      expect(log.map(textOf).filter(text => text.startsWith(who))).toEqual(numbers(20, `${who} `));
  });

  it('RT-2 a repeat with the same clientId is one message; with another text it is refused', async () => {
    const [imani, noor] = await pair();
    const talk = await openTalk(imani.sotto, noor.sotto);
    const send = (text: string, clientId: string) =>
      imani.call('POST /v1/conversations/:conversation/messages', {
        params: { conversation: talk.id },
        body: { clientId, text },
      });
    const id = '0198c5d2-7c10-7a00-8000-000000000001';
    const replies = await Promise.all(numbers(8).map(() => send('once', id)));
    expect(new Set(replies.map(reply => `${reply.id} ${reply.seq} ${reply.at}`)).size).toBe(1);
    await expect(send('another', id)).rejects.toMatchObject({ code: 'client_id_reused', status: 409 });
    await settle([imani, noor]);
    await expectTexts(talk, ['once']);
  });

  it('RT-5 events that the bus lost are fetched when the next one shows the gap', async () => {
    const [imani, noor] = await pair();
    const talk = await openTalk(imani.sotto, noor.sotto);
    const lift = network.bus.rule(message =>
      entryOf(talk.id, text => text.startsWith('lost'))(message) ? 'drop' : undefined,
    );
    for (const text of ['heard', 'lost 1', 'lost 2', 'heard too']) talk.stores[0].send(text);
    await expectTexts(talk, ['heard', 'lost 1', 'lost 2', 'heard too']);
    lift();
    await settle([imani, noor]);
  });

  it('RT-5 a lost last event is found by the heads', { timeout: 60_000 }, async () => {
    const [imani, noor] = await pair();
    const talk = await openTalk(imani.sotto, noor.sotto);
    talk.stores[0].send('first');
    await expectTexts(talk, ['first']);
    let dropped = 0;
    const lift = network.bus.rule(message => {
      if (!entryOf(talk.id)(message)) return undefined;
      dropped += 1;
      return 'drop';
    });
    talk.stores[0].send('last');
    await eventually(async () => dropped > 0 && (await logOf(noor, talk.id)).length === 2);
    lift();
    expect(textsOf(talk.stores[1])).toEqual(['first']);
    await expectTexts(talk, ['first', 'last'], 45_000);
    await settle([imani, noor]);
  });

  it('RT-3 events doubled and out of order change nothing', async () => {
    const [imani, noor] = await pair();
    const talk = await openTalk(imani.sotto, noor.sotto);
    let held = 0;
    const lift = network.bus.rule(message => {
      if (!entryOf(talk.id)(message)) return undefined;
      held += 1;
      return held % 3 === 0 ? 'twice' : 'hold';
    });
    for (const text of numbers(9)) talk.stores[0].send(text);
    await eventually(async () => (await logOf(noor, talk.id)).length === 9 && held >= 18);
    lift();
    network.bus.release('reversed');
    await settle([imani, noor]);
    await expectTexts(talk, numbers(9));
  });

  it('BC-30 what is written without a network waits, and goes once, in order, when it is back', async () => {
    const [imani, noor] = await pair();
    const relay = await tcpRelay(network.nodes[0]?.httpPort ?? 0);
    const sotto = await imani.device({ baseUrl: `http://127.0.0.1:${relay.port}` });
    const talk = await openTalk(sotto, noor.sotto);
    relay.cut('reset');
    await until(sotto.connection, ({ state }) => state === 'waiting');
    for (const text of numbers(5, 'mine ')) talk.stores[0].send(text);
    expect(talk.stores[0].getSnapshot().pending.map(pending => pending.text)).toEqual(numbers(5, 'mine '));
    for (const text of numbers(5, 'theirs ')) talk.stores[1].send(text);
    await soon(() => textsOf(talk.stores[1]), numbers(5, 'theirs '));
    expect(textsOf(talk.stores[0])).toEqual([]);
    relay.mend();
    await expectTexts(talk, [...numbers(5, 'theirs '), ...numbers(5, 'mine ')], 20_000);
    await settle([{ sotto, call: imani.call }, noor]);
    await relay.close();
  });

  it('RT-6 past 100 missed events a conversation is loaded afresh', async () => {
    const [imani, noor] = await pair();
    const relay = await tcpRelay(network.nodes[1]?.httpPort ?? 0);
    const sotto = await noor.device({ baseUrl: `http://127.0.0.1:${relay.port}` });
    const talk = await openTalk(imani.sotto, sotto);
    relay.cut('reset');
    await until(sotto.connection, ({ state }) => state === 'waiting');
    for (const text of numbers(130)) talk.stores[0].send(text);
    await eventually(async () => (await logOf(imani, talk.id)).length === 130, { limit: 60_000 });
    relay.mend();
    // While so many were written, the device may have come to wait 30 s between two tries (RT-8).
    await soon(() => textsOf(talk.stores[1]).at(-1), '130', 45_000);
    const shown = talk.stores[1].getSnapshot().entries.map(entry => entry.seq);
    expect(shown).toEqual(shown.map((_, index) => (shown[0] ?? 0) + index));
    await settle([imani, { sotto, call: noor.call }]);
    await relay.close();
  }, 150_000);

  it('RT-9 signing out ends that session’s sockets, on every node, and no other', async () => {
    const [imani] = await pair();
    const other = await signIn(network.url(), imani.address, network.mailbox.code);
    const here = await startClient({ baseUrl: network.url(1), token: other.token });
    expect(await imani.call('DELETE /v1/me/sessions')).toEqual({ ended: 1 });
    await until(
      here.connection,
      ({ state }) => state === 'signedOut' || state === 'off',
      AbortSignal.timeout(2000),
    );
    await until(here.session.state, ({ state }) => state === 'signedOut');
    expect(imani.sotto.connection.getSnapshot().state).toBe('open');
    await expect(here.call('GET /v1/me')).rejects.toMatchObject({ code: 'not_signed_in' });
    here.stop();
  });

  it('PE-5 a block ends delivery both ways, and the conversation says that nobody can write', async () => {
    const [imani, noor] = await pair();
    const talk = await openTalk(imani.sotto, noor.sotto);
    talk.stores[0].send('before');
    await expectTexts(talk, ['before']);
    await imani.call('PUT /v1/people/:account/block', { params: { account: noor.id } });
    for (const { call } of [imani, noor])
      await expect(
        call('POST /v1/conversations/:conversation/messages', {
          params: { conversation: talk.id },
          body: { clientId: crypto.randomUUID(), text: 'after' },
        }),
      ).rejects.toMatchObject({ code: 'cannot_message' });
    talk.stores[1].send('after');
    await soon(() => talk.stores[1].getSnapshot().pending[0]?.status.state, 'failed');
    await soon(() => talk.stores[1].getSnapshot().conversation?.canWrite, false);
    expect(await logOf(imani, talk.id)).toHaveLength(1);
    await imani.call('DELETE /v1/people/:account/block', { params: { account: noor.id } });
    await soon(() => talk.stores[1].getSnapshot().conversation?.canWrite, true);
    const [failed] = talk.stores[1].getSnapshot().pending;
    noor.sotto.outbox.retry(failed?.clientId ?? '');
    await expectTexts(talk, ['before', 'after']);
  });

  it('BC-8 unread counts and read marks are right on every device', async () => {
    const [imani, noor] = await pair();
    const phone = await noor.device({ baseUrl: network.url(0) });
    const talk = await openTalk(imani.sotto, noor.sotto);
    for (const text of numbers(3)) talk.stores[0].send(text);
    const unreadOn = (device: typeof phone) => () =>
      device.inbox.getSnapshot().conversations.find(each => each.id === talk.id)?.unread;
    await soon(unreadOn(phone), 3);
    talk.stores[1].markRead();
    await soon(unreadOn(phone), 0);
    await soon(unreadOn(noor.sotto), 0);
    await settle([imani, noor, { sotto: phone, call: noor.call }]);
  });

  it('BC-8 typing shows on the other side, and not with who types', async () => {
    const [imani, noor] = await pair();
    const talk = await openTalk(imani.sotto, noor.sotto);
    talk.stores[0].send('hello');
    await expectTexts(talk, ['hello']);
    talk.stores[0].typing();
    await soon(() => talk.stores[1].getSnapshot().typing, [imani.id]);
    expect(talk.stores[0].getSnapshot().typing).toEqual([]);
  });
});

it('leaves no fault in the log', () => {
  expect(network.log.filter(line => line.level >= 50)).toEqual([]);
});
