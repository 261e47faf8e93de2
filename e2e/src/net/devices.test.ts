import { readFile } from 'node:fs/promises';
import type { Conversation, LogEntry } from '@sotto/protocol';
import {
  type ConversationStore,
  createSotto,
  isSottoError,
  memoryStorage,
  memoryTabStorage,
  noTabs,
  type Sotto,
} from '@sotto/sdk';
import {
  acquaint,
  eventually,
  type Network,
  type NetworkPerson,
  settle,
  startNetwork,
  testWake,
} from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soon } from '../soon.ts';
import { openTalk, textOf, textsOf } from './talk.ts';
import { pixel } from './town.ts';

/* What one does on one device is there on the others: through the SDK, two nodes, real sockets. */

let network: Network;
beforeAll(async () => {
  network = await startNetwork({ nodes: 2 });
});
afterAll(() => network?.stop());

let count = 0;
async function people<N extends number>(number: N): Promise<NetworkPerson[] & { length: N }> {
  count += 1;
  const names = ['Imani', 'Noor', 'Oona'].slice(0, number);
  const made = await Promise.all(
    names.map((name, index) => network.person(`${name} ${count}`, { node: index % 2 })),
  );
  return made as NetworkPerson[] & { length: N };
}
const required = <T>(value: T | undefined | null): T => {
  if (value === undefined || value === null) throw new Error('it is not there');
  return value;
};
/** The person's second device, on the other node. */
const second = (person: NetworkPerson) => person.device({ baseUrl: network.url(1) });
const asClient = (person: NetworkPerson, sotto: Sotto) => ({ sotto, call: person.call });
const inInbox = (sotto: Sotto, id: string): Conversation | undefined =>
  sotto.inbox.getSnapshot().conversations.find(each => each.id === id);
const opened = async (sotto: Sotto, id: string): Promise<ConversationStore> => {
  const store = sotto.conversations.get(id);
  store.open();
  await eventually(() => store.getSnapshot().state === 'ready' && store.getSnapshot().conversation !== null);
  return store;
};
const messageAt = (store: ConversationStore, seq: number) => {
  const entry = store.getSnapshot().entries.find(each => each.seq === seq);
  return entry?.kind === 'message' ? entry.message : undefined;
};
const reactionsAt = (store: ConversationStore, seq: number) =>
  messageAt(store, seq)?.reactions.map(({ emoji, count: all }) => `${emoji}${all}`) ?? [];
const codeOf = (work: Promise<unknown>): Promise<string> =>
  work.then(
    () => 'ok',
    error => (isSottoError(error) ? error.code : String(error)),
  );

describe.concurrent('one person’s devices', () => {
  it('BC-8 a conversation that is opened before the inbox is there still knows where reading stood', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    for (const text of ['one', 'two', 'three']) talk.stores[0].send(text);
    await soon(() => textsOf(talk.stores[1]), ['one', 'two', 'three']);
    talk.stores[1].markRead(1);
    await eventually(async () => {
      const { readSeq } = await noor.call('GET /v1/conversations/:conversation', {
        params: { conversation: talk.id },
      });
      return readSeq === 1;
    });
    const cold = createSotto({
      baseUrl: network.url(1),
      token: noor.token,
      storage: memoryStorage(),
      tab: memoryTabStorage(),
      tabs: () => noTabs,
    });
    try {
      void cold.start();
      await eventually(() => cold.me.getSnapshot() !== null);
      const store = cold.conversations.get(talk.id);
      store.open();
      await eventually(() => store.getSnapshot().state === 'ready');
      expect(store.getSnapshot().firstUnreadSeq).toBe(2);
    } finally {
      cold.stop();
    }
  });

  it('BC-8 agree on what is unread, muted, pinned, put away and marked unread', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    const phone = await second(noor);
    talk.stores[0].send('one');
    talk.stores[0].send('two');
    for (const each of [noor.sotto, phone])
      await soon(
        () => [inInbox(each, talk.id)?.unread, each.inbox.getSnapshot().unreadConversations],
        [2, 1],
      );
    talk.stores[1].markRead();
    for (const each of [noor.sotto, phone])
      await soon(
        () => [inInbox(each, talk.id)?.unread, each.inbox.getSnapshot().unreadConversations],
        [0, 0],
      );

    await phone.inbox.setPlace(talk.id, { markedUnread: true });
    for (const each of [noor.sotto, phone]) await soon(() => each.inbox.getSnapshot().unreadConversations, 1);
    await phone.inbox.setPlace(talk.id, { mute: 'always', pinned: true });
    await soon(() => inInbox(noor.sotto, talk.id)?.pinned, true);
    for (const each of [noor.sotto, phone]) await soon(() => each.inbox.getSnapshot().unreadConversations, 0);
    phone.conversations.get(talk.id).markRead(2);
    for (const each of [noor.sotto, phone]) await soon(() => inInbox(each, talk.id)?.markedUnread, false);

    await noor.sotto.inbox.setPlace(talk.id, { mute: 'off', archived: true });
    for (const each of [noor.sotto, phone]) {
      await soon(() => inInbox(each, talk.id), undefined);
      await each.inbox.archive.loadMore();
      expect(each.inbox.archive.getSnapshot().conversations.map(({ id }) => id)).toEqual([talk.id]);
    }
    talk.stores[0].send('three');
    for (const each of [noor.sotto, phone]) {
      await soon(() => inInbox(each, talk.id)?.archived, false);
      await soon(() => each.inbox.archive.getSnapshot().conversations, []);
    }
    await settle([imani, noor, asClient(noor, phone)]);
  });

  it('BC-8 show a wish at once, and take it back where the server refuses', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    talk.stores[0].send('one');
    await soon(() => inInbox(noor.sotto, talk.id)?.unread, 1);
    const work = noor.sotto.inbox.setPlace(talk.id, { pinned: true });
    expect(inInbox(noor.sotto, talk.id)?.pinned).toBe(true);
    await work;
    expect(inInbox(noor.sotto, talk.id)?.pinned).toBe(true);
    const refused = talk.stores[1].react(77, '👍', true);
    expect(await codeOf(refused)).toBe('not_found');
    await imani.sotto.people.block(noor.id);
    await soon(() => talk.stores[1].getSnapshot().conversation?.canWrite, false);
    const hoped = talk.stores[1].react(1, '👍', true);
    expect(reactionsAt(talk.stores[1], 1)).toEqual(['👍1']);
    expect(await codeOf(hoped)).toBe('cannot_message');
    expect(reactionsAt(talk.stores[1], 1)).toEqual([]);
  });

  it('BC-8 agree on answers, reactions and who has read, however often a thing is tapped', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    const phone = await second(noor);
    const onPhone = await opened(phone, talk.id);
    const [mine, theirs] = talk.stores;
    mine.send('shall we?');
    await soon(() => textsOf(theirs), ['shall we?']);
    theirs.send({ text: 'yes', reply: 1 });
    await soon(() => messageAt(mine, 2)?.reply, {
      seq: 1,
      sender: imani.id,
      text: 'shall we?',
      attachment: null,
    });
    await Promise.all([
      theirs.react(1, '👍', true),
      theirs.react(1, '👍', false),
      theirs.react(1, '👍', true),
      mine.react(1, '👍', true),
      onPhone.react(1, '🎉', true),
    ]);
    for (const store of [mine, theirs, onPhone])
      await soon(() => reactionsAt(store, 1).toSorted(), ['🎉1', '👍2'].toSorted());
    theirs.markRead();
    await soon(() => mine.getSnapshot().conversation?.readers.map(({ account }) => account), [noor.id]);
    await soon(() => (mine.getSnapshot().conversation?.readers[0]?.seq ?? 0) >= 2, true);
    await settle([imani, noor, asClient(noor, phone)]);
  });

  it('BC-8 go back to a message, read on from there, and see what happens to it meanwhile', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    for (let number = 1; number <= 160; number += 1) talk.stores[0].send(`m${number}`);
    await soon(() => talk.stores[1].getSnapshot().lastSeq, 160, 60_000);
    const phone = await second(noor);
    const store = await opened(phone, talk.id);
    expect(store.getSnapshot().entries[0]?.seq).toBe(111);
    expect(await store.jumpTo({ seq: 20 })).toBe(20);
    expect(store.getSnapshot().hasNewer).toBe(true);
    expect(messageAt(store, 20)?.text).toBe('m20');
    await talk.stores[0].react(20, '👍', true);
    await soon(() => reactionsAt(store, 20), ['👍1']);
    while (store.getSnapshot().hasNewer) await store.loadNewer();
    const seqs = store.getSnapshot().entries.map(entry => entry.seq);
    expect(seqs).toEqual(seqs.map((_, index) => (seqs[0] ?? 0) + index));
    expect(reactionsAt(store, 20)).toEqual(['👍1']);
    const at = required(messageAt(store, 60) && store.getSnapshot().entries.find(each => each.seq === 60)).at;
    expect(await store.jumpTo({ at })).toBeLessThanOrEqual(60);
    store.toLatest();
    expect(store.getSnapshot().entries.at(-1)?.seq).toBe(160);
    await settle([asClient(noor, phone)]);
  });

  it('BC-8 a mark of a moment before the page is left is not lost', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    let leave = () => {};
    const wake = {
      ...testWake(),
      onLeave: (listener: () => void) => {
        leave = listener;
        return () => {};
      },
    };
    const phone = await noor.device({ wake });
    const store = await opened(phone, talk.id);
    talk.stores[0].send('one');
    await soon(() => textsOf(store), ['one']);
    store.markRead();
    leave();
    phone.stop();
    await soon(() => inInbox(noor.sotto, talk.id)?.unread, 0);
  });
});

describe.concurrent('files', () => {
  it('BC-20 BC-30 a picture that waited on the device goes once, with its message, in order', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    const storage = memoryStorage();
    let isOnline = false;
    const flaky: typeof fetch = (input, init) =>
      isOnline || !/uploads|messages/.test(String(input))
        ? fetch(input, init)
        : Promise.reject(new TypeError('no network'));
    const first = await imani.device({ storage, fetch: flaky });
    const store = await opened(first, talk.id);
    const clientId = required(
      store.send({
        text: 'look',
        files: [{ kind: 'image', bytes: pixel, name: 'a.png', width: 1, height: 1 }],
      }),
    );
    store.send('and');
    await soon(() => store.getSnapshot().pending.map(each => each.text), ['look', 'and']);
    await soon(async () => (await storage.list(`outbox:${imani.id}`)).length, 2);
    expect((await first.outbox.file(clientId, 0))?.size).toBe(pixel.byteLength);
    first.stop();

    isOnline = true;
    const again = await imani.device({ storage, fetch: flaky });
    await soon(() => textsOf(talk.stores[1]), ['look', 'and']);
    await soon(() => again.outbox.items.getSnapshot(), []);
    const [attachment] = required(messageAt(talk.stores[1], 1)).attachments;
    expect(attachment).toMatchObject({ kind: 'image', width: 1, height: 1 });
    await soon(() => storage.keys(`files:${imani.id}`), []);
    const fresh = required(attachment);
    expect(await noor.sotto.conversations.freshLinks(fresh)).toBe(fresh);
    const old = { ...fresh, links: { ...fresh.links, expiresAt: '2020-01-01T00:00:00.000Z' } };
    const [one, other] = await Promise.all([
      noor.sotto.conversations.freshLinks(old),
      noor.sotto.conversations.freshLinks(old),
    ]);
    expect(one).toBe(other);
    expect(Date.parse(one.links.expiresAt)).toBeGreaterThan(Date.now());
    await settle([imani, noor]);
  });

  it('BC-21 a file that is refused keeps its message, with the reason, and gives it back', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const talk = await openTalk(imani.sotto, noor.sotto);
    const bytes = Uint8Array.from(await readFile(new URL(import.meta.url)));
    const clientId = required(
      talk.stores[0].send({
        text: 'mine',
        files: [
          { kind: 'image', bytes: pixel },
          { kind: 'image', bytes },
        ],
      }),
    );
    talk.stores[0].send('after');
    await soon(() => textsOf(talk.stores[1]), ['after']);
    const status = () => talk.stores[0].getSnapshot().pending[0]?.status;
    await soon(() => status()?.state, 'failed');
    expect(status()).toMatchObject({ code: 'attachment_rejected', details: { reason: 'type' }, file: 1 });
    const back = required(await imani.sotto.outbox.takeBack(clientId));
    expect([back.text, back.files?.length]).toEqual(['mine', 2]);
    expect(imani.sotto.outbox.items.getSnapshot()).toEqual([]);
    talk.stores[0].send({ ...back, files: back.files?.slice(0, 1) ?? [] });
    await soon(() => textsOf(talk.stores[1]), ['after', 'mine']);
    expect(messageAt(talk.stores[1], 2)?.attachments).toHaveLength(1);
    await settle([imani, noor]);
  });
});

describe.concurrent('requests, groups and talks', () => {
  it('BC-10 BC-13 a request waits on all devices until it is decided on one', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const phone = await second(noor);
    for (const each of [noor.sotto, phone]) each.requests.waiting.watch();
    imani.sotto.conversations.writeTo(noor.id, 'hello, you do not know me');
    for (const each of [noor.sotto, phone]) {
      await soon(() => each.inbox.getSnapshot().requests, 1);
      await soon(() => each.requests.waiting.getSnapshot().requests.map(({ from }) => from.id), [imani.id]);
      expect(each.inbox.getSnapshot().conversations).toEqual([]);
    }
    const { conversation } = required(phone.requests.waiting.getSnapshot().requests[0]);
    await phone.requests.accept(conversation.id);
    for (const each of [noor.sotto, phone]) {
      await soon(() => each.inbox.getSnapshot().conversations.map(({ id }) => id), [conversation.id]);
      await soon(() => each.requests.waiting.getSnapshot().requests, []);
      await soon(() => each.inbox.getSnapshot().requests, 0);
    }
    await soon(() => imani.sotto.conversations.findDirect(noor.id)?.canWrite, true);
    await settle([imani, noor, asClient(noor, phone)]);
  });

  it('BC-2 a group is the same for all in it, whoever comes, goes and runs it', async () => {
    const [imani, noor, oona] = await people(3);
    if (!imani || !noor || !oona) throw new Error('three people');
    await acquaint(imani, noor, oona);
    const group = await imani.sotto.groups.make({ title: 'Choir', people: [noor.id] });
    await soon(() => inInbox(noor.sotto, group.id)?.kind, 'group');
    const stores = [await opened(imani.sotto, group.id), await opened(noor.sotto, group.id)];
    required(stores[0]).send('welcome');
    await soon(() => textsOf(required(stores[1])).includes('welcome'), true);
    await imani.sotto.groups.add(group.id, oona.id);
    await imani.sotto.groups.rename(group.id, 'The choir');
    await imani.sotto.groups.setRole(group.id, noor.id, 'admin');
    await soon(() => inInbox(oona.sotto, group.id)?.kind, 'group');
    const late = await opened(oona.sotto, group.id);
    for (const each of [imani, noor, oona])
      await soon(() => {
        const shown = inInbox(each.sotto, group.id);
        return shown?.kind === 'group' && [shown.title, shown.count];
      }, ['The choir', 3]);
    late.send('hello all');
    await soon(() => required(stores[0]).getSnapshot().people.get(oona.id)?.name, oona.name);
    expect(textsOf(late)).not.toContain('welcome');
    await settle([imani, noor, oona]);
    await noor.sotto.groups.remove(group.id, oona.id);
    await soon(() => inInbox(oona.sotto, group.id), undefined);
    await soon(() => late.getSnapshot().conversation, null);
    expect(late.getSnapshot().error).toBe('not_found');
    await imani.sotto.groups.leave(group.id);
    await soon(() => {
      const shown = inInbox(noor.sotto, group.id);
      return shown?.kind === 'group' && [shown.you, shown.count];
    }, ['owner', 1]);
    await settle([imani, noor, oona]);
  });

  it('BC-3 the written side of a room follows the stage', async () => {
    const [imani, noor] = await people(2);
    if (!imani || !noor) throw new Error('two people');
    const { info } = await imani.sotto.rooms.open({ title: 'Bees' });
    await noor.sotto.rooms.enter(info.id);
    const [talk, other] = [imani.sotto.talk(info.id), noor.sotto.talk(info.id)];
    talk.open();
    other.open();
    await soon(() => [talk.getSnapshot().state, talk.getSnapshot().stage !== null], ['ready', true]);
    await soon(() => [other.getSnapshot().state, other.getSnapshot().stage], ['ready', null]);
    const room = required(talk.getSnapshot().room);
    const store = await opened(noor.sotto, room.id);
    (await opened(imani.sotto, room.id)).send('welcome');
    await soon(() => textsOf(store), ['welcome']);
    await talk.pin(room.id, 1);
    const pin = (): LogEntry | null | undefined => {
      const conversation = other.getSnapshot().room;
      return conversation?.kind === 'room' ? conversation.pin : undefined;
    };
    await soon(() => textOf(required(pin())), 'welcome');
    await talk.change(room.id, { on: false });
    await soon(() => other.getSnapshot().room?.whyNot, 'off');
    await talk.hide(room.id, 1);
    await soon(() => messageAt(store, 1)?.hidden, true);
    const place = { params: { room: info.id } };
    await imani.call('PUT /v1/rooms/:room/invitations/:account', {
      params: { room: info.id, account: noor.id },
    });
    await noor.call('POST /v1/rooms/:room/invitation/accept', place);
    await soon(() => other.getSnapshot().stage?.kind, 'stage');
    const backstage = required(other.getSnapshot().stage);
    await opened(noor.sotto, backstage.id);
    (await opened(imani.sotto, backstage.id)).send('you are next');
    await soon(() => textsOf(noor.sotto.conversations.get(backstage.id)), ['you are next']);
    await noor.call('POST /v1/rooms/:room/step-down', place);
    await soon(() => other.getSnapshot().stage, null);
    await soon(() => textsOf(noor.sotto.conversations.get(backstage.id)), []);
  });
});
