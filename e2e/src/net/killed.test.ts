import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCaller, newId, type Sotto } from '@sotto/sdk';
import {
  eventually,
  type ServerProcess,
  serverProcess,
  settle,
  signIn,
  startClient,
  type TcpRelay,
  tcpRelay,
  testWake,
} from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { expectTexts, logOf, openTalk, type Talk, textOf } from './talk.ts';

/** A message's way to the server, by its first bytes. */
const isSend = (text: string) => (head: string) =>
  /^POST \/v1\/conversations\/[^/]+\/messages /.test(head) && head.includes(text);

describe('the server is killed', () => {
  let folder: string;
  let server: ServerProcess;
  let relay: TcpRelay;
  let talk: Talk;
  const wake = testWake();
  const clients: { sotto: Sotto; call: ReturnType<typeof createCaller> }[] = [];

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'sotto-killed-'));
    server = await serverProcess(folder);
    relay = await tcpRelay(server.port);
    const baseUrl = `http://127.0.0.1:${relay.port}`;
    for (const handle of ['imani', 'noor']) {
      const { token } = await signIn(baseUrl, `${handle}@people.test`, server.code);
      const call = createCaller({ baseUrl, token });
      await call('PATCH /v1/me', { body: { handle, name: handle } });
      clients.push({ call, sotto: await startClient({ baseUrl, token, wake }) });
    }
    const [imani, noor] = clients;
    if (!imani || !noor) throw new Error('two people were to be there');
    talk = await openTalk(imani.sotto, noor.sotto);
  }, 120_000);
  afterAll(async () => {
    for (const { sotto } of clients) sotto.stop();
    await relay?.close();
    await server?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  const comeBack = async () => {
    server = await serverProcess(folder);
    relay.pointTo(server.port);
    relay.mend();
    wake.online();
  };

  it('RT-2 RT-4 between the commit and the reply: nothing lost, nothing twice', async () => {
    const [, noor] = clients;
    if (!noor) throw new Error('nobody is there');
    talk.stores[0].send('one');
    await expectTexts(talk, ['one']);
    const swallowed = relay.swallowReplyTo(isSend('two'));
    talk.stores[0].send('two');
    talk.stores[0].send('three');
    await swallowed;
    expect(talk.stores[0].getSnapshot().pending.map(pending => pending.text)).toContain('three');
    await server.kill();
    relay.cut('reset');
    await comeBack();
    await expectTexts(talk, ['one', 'two', 'three'], 60_000);
    const log = await logOf(noor, talk.id);
    expect(log.map(entry => [entry.seq, textOf(entry)])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    await settle(clients, 60_000);
  }, 120_000);

  it('RT-4 at any moment of many sends: what was acknowledged is there, what was not comes once', async () => {
    const [imani] = clients;
    if (!imani) throw new Error('nobody is there');
    const before = (await logOf(imani, talk.id)).length;
    const acknowledged: string[] = [];
    let running = true;
    const writing = (async () => {
      for (let count = 1; running; count += 1) {
        const text = `direct ${count}`;
        const sent = await imani
          .call('POST /v1/conversations/:conversation/messages', {
            params: { conversation: talk.id },
            body: { clientId: newId(), text },
            timeout: 2000,
          })
          .then(
            () => true,
            () => false,
          );
        if (sent) acknowledged.push(text);
        if (count % 3 === 0) talk.stores[1].send(`outbox ${count}`);
      }
    })();
    await eventually(() => acknowledged.length >= 30, { limit: 30_000 });
    await server.kill();
    relay.cut('reset');
    running = false;
    await writing;
    const waiting = talk.stores[1].getSnapshot().pending.map(pending => pending.text);
    await comeBack();
    await settle(clients, 60_000);
    const texts = (await logOf(imani, talk.id)).slice(before).map(textOf);
    expect(new Set(texts).size).toBe(texts.length);
    expect(texts).toEqual(expect.arrayContaining(acknowledged));
    expect(texts).toEqual(expect.arrayContaining(waiting));
    const outbox = texts.filter(text => text.startsWith('outbox')).map(text => Number(text.split(' ')[1]));
    expect(outbox).toEqual(outbox.toSorted((a, b) => a - b));
  }, 120_000);
});
