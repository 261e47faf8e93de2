import { newId } from '@sotto/sdk';
import { type Network, type NetworkPerson, startNetwork } from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import WebSocket from 'ws';
import { raw } from './wire.ts';

/* What the sender of a request hears over the wire, whatever became of it: every byte of each reply and of each frame. */

let network: Network;
beforeAll(async () => {
  network = await startNetwork();
});
afterAll(() => network?.stop());

const fates = ['ignored', 'deleted', 'blocked', 'held'] as const;

/** A socket of the sender, and all that came over it. */
async function listen(person: NetworkPerson): Promise<{ frames: string[]; socket: WebSocket }> {
  const { ticket } = await person.call('POST /v1/socket-tickets');
  const url = `${network.url().replace('http', 'ws')}/socket?ticket=${ticket}`;
  const socket = new WebSocket(url, 'sotto.1');
  const frames: string[] = [];
  const resumed = new Promise<void>((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', data => {
      const text = String(data);
      // The beat of the heart depends on when the socket opened.
      if (!text.startsWith('{"type":"heads"')) frames.push(text);
      if (text.startsWith('{"type":"resumed"')) resolve();
    });
  });
  await new Promise(resolve => socket.once('open', resolve));
  const resume = { type: 'resume', device: 'silence-device', have: [], room: null, hallway: false };
  socket.send(JSON.stringify(resume));
  await resumed;
  return { frames, socket };
}

/** Everything sent before is answered. */
const flushed = (socket: WebSocket): Promise<void> =>
  new Promise(resolve => {
    socket.once('pong', () => resolve());
    socket.ping();
  });

/** Headers that tell the time, or count requests: that they are there is compared, and their order, not what they say. */
const changing = /^(date|x-request-id|retry-after|x-ratelimit-(remaining|reset))$/;

/** Ids, names and instants in the order of their first appearance: two people's stories become comparable. */
function anonymous(story: string, people: readonly NetworkPerson[]): string {
  const names = new Map(
    people.flatMap(({ id, handle, name }, n) => [
      [id, `#${n}`],
      [handle, `@${n}`],
      [name, `name ${n}`],
    ]),
  );
  let told = story;
  for (const [from, to] of names) told = told.replaceAll(from, to);
  const seen = new Map<string, string>();
  return told
    .replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'then')
    .replace(/"requestId":"[^"]+"/g, '"requestId":""')
    .replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f-]{22}/g, id => {
      if (!seen.has(id)) seen.set(id, `id ${seen.size}`);
      return seen.get(id) ?? '';
    });
}

let count = 0;
async function storyOf(fate: (typeof fates)[number]): Promise<string> {
  count += 1;
  const [sender, recipient] = await Promise.all([
    network.person(`Sender ${count}`, { online: false }),
    network.person(`Recipient ${count}`, { online: false }),
  ]);
  if (fate === 'held') await recipient.call('PATCH /v1/me/backchannel', { body: { heldWords: ['tram'] } });
  const { frames, socket } = await listen(sender);
  const told: string[] = [];
  const ask = async (method: string, path: string, body?: unknown): Promise<string> => {
    const reply = await raw(network.url(), method, path, {
      headers: {
        authorization: `Bearer ${sender.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const headers = Object.entries(reply.headers).map(
      ([name, value]) => `${name}: ${changing.test(name) ? '' : value}`,
    );
    told.push(`${method} ${path} ${reply.status}\n${headers.join('\n')}\n${reply.text}`);
    return reply.text;
  };

  const { id } = JSON.parse(await ask('PUT', `/v1/conversations/direct/${recipient.id}`)) as { id: string };
  const at = `/v1/conversations/${id}`;
  const first = { clientId: newId(), text: 'Hello, we met at the tram.' };
  await ask('POST', `${at}/messages`, first);

  if (fate === 'deleted')
    await recipient.call('POST /v1/requests/:conversation/delete', { params: { conversation: id } });
  if (fate === 'blocked')
    await recipient.call('PUT /v1/people/:account/block', { params: { account: sender.id } });

  await ask('GET', at);
  await ask('GET', '/v1/conversations');
  await ask('GET', '/v1/conversations?view=archived');
  await ask('GET', `${at}/log`);
  await ask('PUT', `${at}/read`, { seq: 1 });
  await ask('POST', `${at}/messages`, first);
  await ask('POST', `${at}/messages`, { clientId: newId(), text: 'Are you there?' });
  await ask('POST', `${at}/messages`, { clientId: newId(), text: 'x'.repeat(600) });
  await ask('PUT', `${at}/messages/1/reactions/${encodeURIComponent('👋')}`);
  await ask('PATCH', at, { pinned: true });
  await ask('GET', '/v1/messages?query=tram');
  await ask('GET', '/v1/requests');
  await ask('PUT', `/v1/conversations/direct/${recipient.id}`);
  socket.send(JSON.stringify({ type: 'typing', conversation: id }));
  socket.send(JSON.stringify({ type: 'read', conversation: id, seq: 1 }));
  await ask('GET', at);
  await flushed(socket);
  socket.close();
  const again = await listen(sender);
  await flushed(again.socket);
  again.socket.close();
  return anonymous([...told, ...frames, ...again.frames].join('\n\n'), [sender, recipient]);
}

describe('silence over the wire', () => {
  it('BC-11 an ignored, a deleted, a blocked and a held request give their sender the same bytes, headers too, over HTTP and the socket', async () => {
    const ignored = await storyOf('ignored');
    expect(ignored).toContain('"code":"request_waiting"');
    expect(ignored).toContain('"whyNot":"waiting"');
    expect(ignored).toContain('"type":"conversation"');
    expect(ignored).toMatch(/^content-length: \d+$/m);
    for (const fate of fates.slice(1)) expect(await storyOf(fate), fate).toBe(ignored);
  });
});
