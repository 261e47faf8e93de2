import { SOCKET_FRAME_MAX, socketClose } from '@sotto/protocol';
import { type Network, type NetworkPerson, settle, startNetwork } from '@sotto/testkit';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { expectTexts, openTalk } from './talk.ts';

let network: Network;
let imani: NetworkPerson;
let noor: NetworkPerson;
beforeAll(async () => {
  network = await startNetwork();
  imani = await network.person('Imani Okafor');
  noor = await network.person('Noor Haddad');
});
afterAll(() => network?.stop());

async function openSocket(): Promise<WebSocket> {
  const { ticket } = await imani.call('POST /v1/socket-tickets');
  const url = `${network.url().replace('http', 'ws')}/socket?ticket=${ticket}`;
  const socket = new WebSocket(url, 'sotto.1');
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  return socket;
}

/** Sends it, and then asks for a pong: the close code that came of it, or 0 where the socket held. */
function codeAfter(socket: WebSocket, frame: string | Uint8Array): Promise<number> {
  return new Promise(resolve => {
    socket.on('close', code => resolve(code));
    socket.on('error', () => undefined);
    socket.on('pong', () => resolve(0));
    socket.send(frame);
    socket.ping();
  });
}

describe('RT-8 whatever comes over the socket', () => {
  it('a frame that is not in the contract ends it with 4400', async () => {
    const id = '0198c5d2-7c10-7a00-8000-000000000001';
    for (const frame of [
      '',
      '{',
      'null',
      '[]',
      '{"type":"nothing"}',
      '{"type":"resume"}',
      `{"type":"typing","conversation":"${id}","more":1}`,
      `{"type":"read","conversation":"${id}","seq":-1}`,
      '{"__proto__":{"type":"typing"}}',
    ])
      expect(await codeAfter(await openSocket(), frame), frame).toBe(socketClose.badFrame);
    expect([socketClose.badFrame, 1003]).toContain(
      await codeAfter(await openSocket(), new Uint8Array([1, 2])),
    );
  });

  it('a frame that is too large ends it, and is not read', async () => {
    const frame = JSON.stringify({ type: 'typing', conversation: 'x'.repeat(SOCKET_FRAME_MAX) });
    expect(await codeAfter(await openSocket(), frame)).toBe(1009);
  });

  it('somebody else’s conversation is as one that is not there', async () => {
    const sven = await network.person('Sven Berg');
    const talk = await openTalk(noor.sotto, sven.sotto);
    talk.stores[0].send('between us');
    await expectTexts(talk, ['between us']);
    const socket = await openSocket();
    for (const type of ['typing', 'read'])
      socket.send(JSON.stringify({ type, conversation: talk.id, ...(type === 'read' && { seq: 1 }) }));
    await codeAfter(socket, JSON.stringify({ type: 'hallway', watch: false }));
    expect(talk.stores.map(store => store.getSnapshot().typing)).toEqual([[], []]);
    await settle([noor, sven]);
    socket.terminate();
  });

  it('nothing that a client makes up harms the others', async () => {
    const text = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.jsonValue().map(value => JSON.stringify(value)),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(text, fc.uint8Array({ maxLength: 200 })), async frame => {
        const socket = await openSocket();
        const code = await codeAfter(socket, frame);
        expect([0, 1003, 1007, socketClose.badFrame]).toContain(code);
        socket.terminate();
      }),
      { numRuns: 60 },
    );
    expect(imani.sotto.connection.getSnapshot().state).toBe('open');
    const talk = await openTalk(imani.sotto, noor.sotto);
    talk.stores[0].send('still here');
    await expectTexts(talk, ['still here']);
    expect(network.log.filter(line => line.level >= 50)).toEqual([]);
  });
});
