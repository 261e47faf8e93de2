import { randomBytes } from 'node:crypto';
import { crc32, deflateSync } from 'node:zlib';
import type { Attachment, LogEntry } from '@sotto/protocol';
import {
  type Call,
  createCaller,
  isSottoError,
  newId,
  systemClock,
  type UploadOptions,
  uploadFile,
  uploadSource,
} from '@sotto/sdk';
import { acquaint, type Network, type NetworkPerson, startNetwork, tcpRelay, testWake } from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soon } from '../soon.ts';
import { pixel } from './town.ts';

let network: Network;
let ada: NetworkPerson;
let ben: NetworkPerson;
let eve: NetworkPerson;
beforeAll(async () => {
  network = await startNetwork();
  [ada, ben, eve] = await Promise.all([
    network.person('Ada', { online: false }),
    network.person('Ben', { online: false }),
    network.person('Eve', { online: false }),
  ]);
  await acquaint(ada, ben, eve);
});
afterAll(() => network?.stop());

const upload = (call: Call, file: Uint8Array, more: Partial<UploadOptions> = {}) =>
  uploadFile({
    call,
    clock: systemClock,
    random: Math.random,
    kind: 'image',
    file: uploadSource(Uint8Array.from(file)),
    ...more,
  });
const send = (person: NetworkPerson, conversation: string, attachments: string[]) =>
  person.call('POST /v1/conversations/:conversation/messages', {
    params: { conversation },
    body: { clientId: newId(), text: '', attachments },
  });
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    error => (isSottoError(error) ? error.code : String(error)),
  );
const get = (person: NetworkPerson, attachment: string) =>
  person.call('GET /v1/attachments/:attachment', { params: { attachment } });
const attachmentsOf = (entry: LogEntry | undefined): Attachment[] =>
  entry?.kind === 'message' ? entry.message.attachments : [];
const direct = async (person: NetworkPerson, other: NetworkPerson) =>
  (await person.call('PUT /v1/conversations/direct/:account', { params: { account: other.id } })).id;

describe('attachments of messages', () => {
  it('BC-20 BC-22 go once, with a message, and are seen by who sees it, without a cookie', async () => {
    const conversation = await direct(ada, ben);
    const images = await Promise.all([1, 2, 3].map(() => upload(ada.call, pixel)));
    const ids = images.map(({ id }) => id);
    const { seq } = await send(ada, conversation, ids);
    const { entries } = await ben.call('GET /v1/conversations/:conversation/log', {
      params: { conversation },
      query: { after: seq - 1 },
    });
    const seen = attachmentsOf(entries[0]);
    expect(seen.map(({ id }) => id)).toEqual(ids);
    for (const each of seen) {
      const response = await fetch(`${network.url()}${each.links.large}`);
      expect([response.status, response.headers.get('content-type')]).toEqual([200, 'image/webp']);
    }
    expect(await get(ben, ids[0] ?? '')).toEqual(seen[0]);
    expect(await codeOf(get(eve, ids[0] ?? ''))).toBe('not_found');
    expect(await codeOf(send(ada, conversation, ids))).toBe('attachment_unknown');
    const bens = await upload(ben.call, pixel);
    expect(await codeOf(send(ada, conversation, [bens.id]))).toBe('attachment_unknown');
    expect(await codeOf(send(ada, conversation, [newId()]))).toBe('attachment_unknown');
    // What was refused changed nothing.
    expect(await get(ben, bens.id)).toMatchObject({ id: bens.id });
  });

  it('BC-22 who was removed from a group gets no links any more', async () => {
    const group = await ada.call('POST /v1/groups', {
      body: { clientId: newId(), title: 'Trip', people: [ben.id, eve.id] },
    });
    const image = await upload(ada.call, pixel);
    await send(ada, group.id, [image.id]);
    await soon(() => codeOf(get(eve, image.id)), 'ok');
    await ada.call('DELETE /v1/groups/:conversation/people/:account', {
      params: { conversation: group.id, account: eve.id },
    });
    expect(await codeOf(get(eve, image.id))).toBe('not_found');
    expect(await codeOf(get(ben, image.id))).toBe('ok');
  });
});

describe('BC-21: an upload over a bad network', () => {
  it('BC-21 goes on where it broke off, its progress never goes back, and it is stored once', async () => {
    await using relay = await relayed();
    const call = createCaller({ baseUrl: relay.url, token: ada.token });
    const wake = testWake();
    const told: { sent: number; state: string }[] = [];
    const [first] = await Promise.all([
      upload(call, noisyPng(), {
        wake,
        random: () => 0,
        onProgress: progress => {
          told.push(progress);
          if (told.length === 2) {
            relay.cut('reset');
            setTimeout(() => {
              relay.mend();
              wake.online();
            }, 300);
          }
        },
      }),
      relay.swallowReplyTo(head => /^PUT \/v1\/uploads\/[^ ]+offset=262144/.test(head)),
    ]);
    expect(first).toMatchObject({ kind: 'image', width: 900, height: 900 });
    expect(told.some(({ state }) => state === 'waiting')).toBe(true);
    expect(told.at(-1)?.state).toBe('checking');
    const sent = told.map(progress => progress.sent);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
  });

  it('BC-21 is taken up again by a program that was started anew', async () => {
    const bytes = noisyPng();
    const stop = new AbortController();
    let id = '';
    const begun = upload(ada.call, bytes, {
      signal: stop.signal,
      onUpload: uploadId => {
        id = uploadId;
      },
      onProgress: ({ sent }) => {
        if (sent > 0) stop.abort('closed');
      },
    });
    expect(await begun.catch(reason => reason)).toBe('closed');
    const sent: number[] = [];
    const made = await upload(ada.call, bytes, {
      resume: id,
      onProgress: progress => sent.push(progress.sent),
    });
    expect(made.id).toBe(id);
    expect(sent[0]).toBeGreaterThan(0);
    // Long done, and asked again: the same.
    expect(await upload(ada.call, bytes, { resume: id })).toEqual(made);
  });

  it('BC-21 begins anew where the server has forgotten it, and ends where the file is refused', async () => {
    const ids: string[] = [];
    const made = await upload(ada.call, pixel, { resume: newId(), onUpload: id => ids.push(id) });
    expect(ids).toEqual([made.id]);
    expect(await codeOf(upload(ada.call, Buffer.from('<svg/>')))).toBe('attachment_rejected');
    expect(await codeOf(upload(ada.call, Buffer.alloc(0)))).toBe('attachment_rejected');
  });
});

const chunkOf = (type: string, data: Buffer): Buffer => {
  const body = Buffer.concat([Buffer.from(type), data]);
  const numbers = Buffer.alloc(8);
  numbers.writeUInt32BE(data.length);
  numbers.writeUInt32BE(crc32(body), 4);
  return Buffer.concat([numbers.subarray(0, 4), body, numbers.subarray(4)]);
};

/** 900 by 900 pixels of noise: some two megabytes, so that it takes several chunks. */
function noisyPng(): Buffer {
  const header = Buffer.from('00000384000003840802000000', 'hex');
  const rows = Array.from({ length: 900 }, () => Buffer.concat([Buffer.alloc(1), randomBytes(900 * 3)]));
  return Buffer.concat([
    Buffer.from('89504e470d0a1a0a', 'hex'),
    chunkOf('IHDR', header),
    chunkOf('IDAT', deflateSync(Buffer.concat(rows))),
    chunkOf('IEND', Buffer.alloc(0)),
  ]);
}

async function relayed() {
  const relay = await tcpRelay(network.nodes[0]?.httpPort ?? 0);
  return {
    ...relay,
    url: `http://127.0.0.1:${relay.port}`,
    [Symbol.asyncDispose]: () => relay.close(),
  };
}
