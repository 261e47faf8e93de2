import type { LogEntry, ServerFrame } from '@sotto/protocol';
import { newId } from '@sotto/sdk';
import { acquaint, eventually, type Network, type NetworkPerson, startNetwork } from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { textOf } from './talk.ts';

/* The written side of rooms: two nodes, real sockets. */

let network: Network;
let clock = 0;
beforeAll(async () => {
  network = await startNetwork({ nodes: 2, now: () => new Date(Date.now() + clock) });
});
afterAll(() => network?.stop());

/** Someone with all that their socket was told. */
interface Guest extends NetworkPerson {
  frames: ServerFrame[];
}

let count = 0;
async function guest(name: string, node = 0): Promise<Guest> {
  count += 1;
  const person = await network.person(`${name} ${count}`, { node });
  const frames: ServerFrame[] = [];
  person.sotto.onFrame(frame => void frames.push(frame));
  return { ...person, frames };
}

const deviceOf = (person: NetworkPerson): string => `talk-${person.handle}`;
const open = async (person: NetworkPerson, body: { conversation?: string; visibility?: 'private' } = {}) =>
  person.call('POST /v1/rooms', { body: { title: 'The garden', device: deviceOf(person), ...body } });
const enter = (person: NetworkPerson, room: string, key?: string) =>
  person.call('POST /v1/rooms/:room/enter', {
    params: { room },
    body: { device: deviceOf(person), ...(key && { key }) },
  });
const leave = (person: NetworkPerson, room: string) =>
  person.call('POST /v1/rooms/:room/leave', { params: { room }, body: {} });
const talkOf = (person: NetworkPerson, room: string) =>
  person.call('GET /v1/rooms/:room/talk', { params: { room } });
const say = (person: NetworkPerson, conversation: string, text: string, clientId = newId()) =>
  person.call('POST /v1/conversations/:conversation/messages', {
    params: { conversation },
    body: { clientId, text },
  });
const read = async (person: NetworkPerson, conversation: string): Promise<LogEntry[]> =>
  (
    await person.call('GET /v1/conversations/:conversation/log', {
      params: { conversation },
      query: { after: 0, limit: 200 },
    })
  ).entries;
const texts = async (person: NetworkPerson, conversation: string) =>
  (await read(person, conversation)).map(textOf);
const change = (
  person: NetworkPerson,
  conversation: string,
  body: { on?: boolean; slowSeconds?: 0 | 5 | 15 | 60 },
) => person.call('PATCH /v1/conversations/:conversation/talk', { params: { conversation }, body });
const hide = (person: NetworkPerson, conversation: string, seq: number) =>
  person.call('POST /v1/conversations/:conversation/messages/:seq/hide', {
    params: { conversation, seq: String(seq) },
  });
const end = (person: NetworkPerson, room: string) =>
  person.call('POST /v1/rooms/:room/end', { params: { room } });
const refusal = (code: string) => expect.objectContaining({ code });
const heard = (person: Guest, conversation: string): LogEntry[] =>
  person.frames.flatMap(frame => {
    if (frame.type === 'entry' && frame.conversation === conversation) return [frame.entry];
    if (frame.type === 'entries' && frame.conversation === conversation) return frame.entries;
    return [];
  });
const heardTexts = (person: Guest, conversation: string): string[] => heard(person, conversation).map(textOf);

async function toStage(moderator: NetworkPerson, person: NetworkPerson, room: string): Promise<void> {
  await moderator.call('PUT /v1/rooms/:room/invitations/:account', { params: { room, account: person.id } });
  await person.call('POST /v1/rooms/:room/invitation/accept', { params: { room } });
}

/** A room with its moderator, and two more; who is on which node is mixed. */
async function house() {
  const mo = await guest('Mo', 0);
  const ann = await guest('Ann', 1);
  const bo = await guest('Bo', 1);
  const room = (await open(mo)).info.id;
  await enter(ann, room);
  await enter(bo, room);
  const { room: all, stage } = await talkOf(mo, room);
  if (!stage) throw new Error('house: the opener has no stage');
  return { mo, ann, bo, room, all: all.id, stage: stage.id };
}

describe.concurrent('the talk of a room', () => {
  it('BC-3 is everyone’s who is inside, from its beginning, on both nodes; of others nobody’s', async () => {
    const { mo, ann, room, all } = await house();
    await say(mo, all, 'welcome');
    await eventually(() => heardTexts(ann, all).includes('welcome'));
    const late = await guest('Late', 0);
    await expect(talkOf(late, room)).rejects.toEqual(refusal('not_found'));
    await expect(read(late, all)).rejects.toEqual(refusal('not_found'));
    await enter(late, room);
    const talk = await talkOf(late, room);
    expect(talk.stage).toBeNull();
    expect(talk.room).toMatchObject({ id: all, firstSeq: 1, unread: 0, moderator: false, on: true });
    expect(await texts(late, all)).toEqual(['welcome']);
    await say(late, all, 'hello');
    await eventually(() => heardTexts(ann, all).includes('hello') && heardTexts(mo, all).includes('hello'));
    await leave(late, room);
    await expect(talkOf(late, room)).rejects.toEqual(refusal('not_in_room'));
    await expect(read(late, all)).rejects.toEqual(refusal('not_found'));
    await say(mo, all, 'bye');
    await eventually(() => heardTexts(ann, all).includes('bye'));
    expect(heardTexts(late, all)).not.toContain('bye');
    await expect(say(late, all, 'still here')).rejects.toEqual(refusal('not_found'));
  });

  it('BC-3 the stage’s is exactly theirs who are on it, from when they came on; who goes loses it at once', async () => {
    const { mo, ann, bo, room, stage } = await house();
    await say(mo, stage, 'before');
    await expect(read(ann, stage)).rejects.toEqual(refusal('not_found'));
    await toStage(mo, ann, room);
    await eventually(() =>
      ann.frames.some(frame => frame.type === 'conversation' && frame.conversation.id === stage),
    );
    expect((await talkOf(ann, room)).stage).toMatchObject({ kind: 'stage', firstSeq: 2, unread: 0 });
    await say(mo, stage, 'with ann');
    await eventually(() => heardTexts(ann, stage).includes('with ann'));
    expect(await texts(ann, stage)).toEqual(['with ann']);
    await mo.call('POST /v1/rooms/:room/people/:account/move-down', { params: { room, account: ann.id } });
    await expect(read(ann, stage)).rejects.toEqual(refusal('not_found'));
    await expect(say(ann, stage, 'still here')).rejects.toEqual(refusal('not_found'));
    expect((await talkOf(ann, room)).stage).toBeNull();
    await eventually(() =>
      ann.frames.some(frame => frame.type === 'conversationGone' && frame.conversation === stage),
    );
    await say(mo, stage, 'without ann');
    await eventually(() => heardTexts(mo, stage).includes('without ann'));
    expect(heardTexts(ann, stage)).not.toContain('without ann');
    await toStage(mo, ann, room);
    await say(mo, stage, 'back');
    expect(await texts(ann, stage)).toEqual(['back']);
    expect(heardTexts(bo, stage)).toEqual([]);
    await leave(ann, room);
    await expect(read(ann, stage)).rejects.toEqual(refusal('not_found'));
  });

  it('BC-3, RT-9 who left the stage hears nothing more though every word about it was lost on the bus', async () => {
    const { mo, ann, room, stage } = await house();
    await toStage(mo, ann, room);
    await say(mo, stage, 'one');
    await eventually(() => heardTexts(ann, stage).includes('one'));
    const lift = network.bus.rule(message => {
      if (message.kind === 'unlisten' && message.account === ann.id) return 'drop';
      if (message.kind !== 'frame') return undefined;
      return message.frame.type === 'conversationGone' && message.frame.conversation === stage
        ? 'drop'
        : undefined;
    });
    await ann.call('POST /v1/rooms/:room/step-down', { params: { room } });
    await say(mo, stage, 'two');
    await say(mo, stage, 'three');
    await eventually(() => heardTexts(mo, stage).includes('three'));
    await say(mo, (await talkOf(mo, room)).room.id, 'marker');
    await eventually(() =>
      ann.frames.some(frame => frame.type === 'entry' && textOf(frame.entry) === 'marker'),
    );
    expect(heardTexts(ann, stage)).toEqual(['one']);
    lift();
  });

  it('BC-3 who was removed loses it for good: let back in, they read what came since', async () => {
    const { mo, ann, room, all } = await house();
    await say(ann, all, 'unkind');
    await mo.call('PUT /v1/rooms/:room/kept-out/:account', { params: { room, account: ann.id } });
    await expect(talkOf(ann, room)).rejects.toEqual(refusal('not_found'));
    await say(mo, all, 'sorry for that');
    await mo.call('DELETE /v1/rooms/:room/kept-out/:account', { params: { room, account: ann.id } });
    await enter(ann, room);
    await say(mo, all, 'welcome back');
    expect(await texts(ann, all)).toEqual(['sorry for that', 'welcome back']);
    await mo.call('PUT /v1/rooms/:room/kept-out/:account', { params: { room, account: ann.id } });
    await end(mo, room);
    await expect(talkOf(ann, room)).rejects.toEqual(refusal('not_found'));
    await expect(read(ann, all)).rejects.toEqual(refusal('not_found'));
  });

  it('BC-3 a room that ends freezes both; who was there reads on, the stage’s who were on it at the end', async () => {
    const { mo, ann, bo, room, all, stage } = await house();
    await toStage(mo, ann, room);
    await toStage(mo, bo, room);
    await say(bo, stage, 'psst');
    await say(bo, all, 'all of you');
    await bo.call('POST /v1/rooms/:room/step-down', { params: { room } });
    await leave(bo, room);
    await end(mo, room);
    await eventually(
      () => heardTexts(ann, all).includes('[frozen]') && heardTexts(ann, stage).includes('[frozen]'),
    );
    for (const person of [mo, ann, bo]) {
      expect(await texts(person, all)).toEqual(['all of you', '[frozen]']);
      const talk = await talkOf(person, room);
      expect(talk.room).toMatchObject({ canWrite: false, whyNot: 'frozen', room: { ended: true } });
      await expect(say(person, all, 'too late')).rejects.toEqual(refusal('frozen'));
    }
    expect(await texts(ann, stage)).toEqual(['psst', '[frozen]']);
    expect((await talkOf(ann, room)).stage).toMatchObject({ canWrite: false, whyNot: 'frozen' });
    expect((await talkOf(bo, room)).stage).toBeNull();
    await expect(read(bo, stage)).rejects.toEqual(refusal('not_found'));
    await expect(change(mo, all, { on: false })).rejects.toEqual(refusal('frozen'));
  });

  it('BC-3 a repeat of what was written before the room ended gets its first answer', async () => {
    const { mo, ann, room, all } = await house();
    const clientId = newId();
    const first = await say(ann, all, 'just in time', clientId);
    await end(mo, room);
    expect(await say(ann, all, 'just in time', clientId)).toEqual(first);
  });

  it('PE-5 what somebody with a block writes is kept from the other, on sockets and in history', async () => {
    const { mo, ann, bo, all } = await house();
    await ann.call('PUT /v1/people/:account/block', { params: { account: bo.id } });
    await say(bo, all, 'from bo');
    await say(ann, all, 'from ann');
    await eventually(() => heardTexts(mo, all).includes('from ann'));
    await eventually(() => heardTexts(ann, all).length === 2 && heardTexts(bo, all).length === 2);
    expect(heardTexts(ann, all)).toEqual(['[withheld]', 'from ann']);
    expect(heardTexts(bo, all)).toEqual(['from bo', '[withheld]']);
    expect(await texts(ann, all)).toEqual(['[withheld]', 'from ann']);
    expect(await texts(mo, all)).toEqual(['from bo', 'from ann']);

    // Nor do the words come back in what others answer to them.
    await mo.call('POST /v1/conversations/:conversation/messages', {
      params: { conversation: all },
      body: { clientId: newId(), text: 'yes', reply: 1 },
    });
    const answers = async () => Promise.all([mo, ann, bo].map(async one => (await read(one, all)).at(-1)));
    await eventually(() => [mo, ann, bo].every(one => heard(one, all).length === 3));
    expect([mo, ann, bo].map(one => heard(one, all).at(-1))).toEqual(await answers());
    expect(await answers()).toMatchObject(
      ['from bo', '', 'from bo'].map(words => ({ message: { text: 'yes', reply: { seq: 1, text: words } } })),
    );
  });
});

describe.concurrent('a busy talk', () => {
  it('RT-10, RT-3 many who write at once make one gapless log, heard by everyone once and in bundles', async () => {
    const { mo, ann, bo, all } = await house();
    await ann.call('PUT /v1/people/:account/block', { params: { account: bo.id } });
    const sends = Array.from({ length: 120 }, (_, n) => {
      const who = [mo, ann, bo][n % 3] ?? mo;
      return say(who, all, `${who.id} ${n}`);
    });
    const seqs = (await Promise.all(sends)).map(({ seq }) => seq);
    expect(seqs.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 120 }, (_, n) => n + 1));
    for (const person of [mo, ann, bo]) {
      await eventually(() => heardTexts(person, all).length === 120);
      // Of two nodes either may be told of first: each entry comes once, and `seq` puts them in order.
      const inOrder = heard(person, all).toSorted((a, b) => a.seq - b.seq);
      expect(inOrder.map(textOf)).toEqual(await texts(person, all));
      expect(
        person.frames.filter(frame => frame.type === 'entry' || frame.type === 'entries').length,
      ).toBeLessThan(60);
    }
    expect(heardTexts(ann, all).filter(text => text === '[withheld]')).toHaveLength(40);
    expect(heardTexts(ann, all).join()).not.toContain(bo.id);
    expect(heardTexts(bo, all).join()).not.toContain(ann.id);
    for (const frame of ann.frames)
      if (frame.type === 'entries') expect(frame.people.map(({ id }) => id)).not.toContain(bo.id);
  });
});

describe.concurrent('moderation of a talk', () => {
  it('BC-3 moderators switch it off and on; they themselves still write', async () => {
    const { mo, ann, all } = await house();
    await expect(change(ann, all, { on: false })).rejects.toEqual(refusal('moderators_only'));
    expect(await change(mo, all, { on: false })).toMatchObject({ on: false, canWrite: true });
    await change(mo, all, { on: false });
    await expect(say(ann, all, 'hm')).rejects.toEqual(refusal('talk_off'));
    await say(mo, all, 'a moment please');
    expect(await read(ann, all)).toMatchObject([
      { kind: 'talk', by: mo.id, on: false, slowSeconds: 0 },
      { kind: 'message' },
    ]);
    await change(mo, all, { on: true });
    await say(ann, all, 'thank you');
    await eventually(() => heardTexts(ann, all).includes('thank you'));
  });

  it('BC-3 slowed down, one writes once in so many seconds and is told for how long to wait', async () => {
    const { mo, ann, bo, all } = await house();
    await change(mo, all, { slowSeconds: 15 });
    const clientId = newId();
    const first = await say(ann, all, 'one', clientId);
    const failed = await say(ann, all, 'two').catch((error: unknown) => error);
    expect(failed).toMatchObject({ code: 'slow_mode' });
    const { retryAfter } = (failed as { details: { retryAfter: number } }).details;
    expect(retryAfter).toBeGreaterThan(0);
    expect(retryAfter).toBeLessThanOrEqual(15);
    expect(await say(ann, all, 'one', clientId)).toEqual(first);
    await say(bo, all, 'mine');
    await say(mo, all, 'as often');
    await say(mo, all, 'as I like');
    await change(mo, all, { slowSeconds: 0 });
    await say(ann, all, 'two');
    await change(mo, all, { slowSeconds: 5 });
    await expect(say(ann, all, 'three')).rejects.toEqual(refusal('slow_mode'));
    clock += 5000;
    await say(ann, all, 'three');
    expect((await texts(ann, all)).filter(text => !text.startsWith('['))).toEqual([
      'one',
      'mine',
      'as often',
      'as I like',
      'two',
      'three',
    ]);
  });

  it('BC-3 a message is pinned on top, and taken down', async () => {
    const { mo, ann, room, all } = await house();
    const pin = (person: NetworkPerson, seq: number | null) =>
      person.call('PUT /v1/conversations/:conversation/pin', {
        params: { conversation: all },
        body: { seq },
      });
    const pinned = async () => {
      const talk = (await talkOf(ann, room)).room;
      return talk.kind === 'room' ? talk.pin : undefined;
    };
    const { seq } = await say(ann, all, 'the address is 4 Elm');
    await expect(pin(ann, seq)).rejects.toEqual(refusal('moderators_only'));
    await expect(pin(mo, seq + 1)).rejects.toEqual(refusal('not_found'));
    await pin(mo, seq);
    await pin(mo, seq);
    expect(await pinned()).toMatchObject({ seq, message: { text: 'the address is 4 Elm' } });
    expect((await read(ann, all)).at(-1)).toMatchObject({ kind: 'pin', by: mo.id, of: seq });
    await hide(mo, all, seq);
    expect(await pinned()).toBeNull();
    await expect(pin(mo, seq)).rejects.toEqual(refusal('not_found'));
    const other = await say(ann, all, 'the doors open at 8');
    await pin(mo, other.seq);
    expect(await pinned()).toMatchObject({ seq: other.seq });
    await pin(mo, null);
    expect(await pinned()).toBeNull();
  });

  it('BC-3, BC-6 a message taken out of view leaves a trace and nothing else, in every read', async () => {
    const { mo, ann, bo, room, all } = await house();
    const { seq } = await say(ann, all, 'xylophone insults');
    await bo.call('POST /v1/conversations/:conversation/messages', {
      params: { conversation: all },
      body: { clientId: newId(), text: 'what do you mean', reply: seq },
    });
    await expect(hide(ann, all, seq)).rejects.toEqual(refusal('moderators_only'));
    await expect(hide(mo, all, 99)).rejects.toEqual(refusal('not_found'));
    await hide(mo, all, seq);
    await hide(mo, all, seq);
    await eventually(() => heardTexts(bo, all).includes('[hidden]'));
    const log = await read(bo, all);
    expect(log.filter(entry => entry.kind === 'hidden')).toMatchObject([{ by: mo.id, of: seq }]);
    expect(log[0]).toMatchObject({ message: { hidden: true, text: '' } });
    for (const person of [mo, ann, bo]) {
      const page = await person.call('GET /v1/messages', { query: { query: 'xylophone' } });
      expect(page.found).toEqual([]);
      const everything = JSON.stringify([
        await read(person, all),
        await talkOf(person, room),
        await person.call('GET /v1/conversations', { query: {} }),
        page,
      ]);
      expect(everything).not.toContain('xylophone');
    }
    const later = await guest('Later', 0);
    await enter(later, room);
    expect(JSON.stringify(await read(later, all))).not.toContain('xylophone');
    await end(mo, room);
    const second = (await read(bo, all)).find(entry => textOf(entry) === 'what do you mean');
    await hide(mo, all, second?.seq ?? 0);
    expect(await texts(bo, all)).not.toContain('what do you mean');
  });

  it('BC-3 moderation goes with moderating the room: who becomes a moderator may, who was one may no more', async () => {
    const { mo, ann, bo, room, all, stage } = await house();
    await toStage(mo, ann, room);
    await mo.call('PUT /v1/rooms/:room/moderators/:account', { params: { room, account: ann.id } });
    expect((await talkOf(ann, room)).room).toMatchObject({ moderator: true });
    await change(ann, all, { slowSeconds: 5 });
    await change(ann, stage, { on: false });
    await mo.call('POST /v1/rooms/:room/people/:account/move-down', { params: { room, account: ann.id } });
    await expect(change(ann, all, { slowSeconds: 0 })).rejects.toEqual(refusal('moderators_only'));
    await leave(ann, room);
    await end(mo, room);
    const { seq } = (await read(bo, all))[0] ?? { seq: 0 };
    await expect(hide(ann, all, seq)).rejects.toEqual(refusal('moderators_only'));
  });
});

describe.concurrent('from a conversation to a room', () => {
  it('BC-4 its people are called and let in, and nobody else', async () => {
    const [ann, bo, cy] = [await guest('Ann', 0), await guest('Bo', 1), await guest('Cy', 1)];
    await acquaint(ann, bo);
    const { id } = await ann.call('PUT /v1/conversations/direct/:account', { params: { account: bo.id } });
    await say(ann, id, 'shall we talk?');
    const { info } = await open(ann, { conversation: id });
    expect(info.visibility).toBe('private');
    await eventually(() => bo.frames.some(frame => frame.type === 'ping' && frame.card.id === info.id));
    expect(bo.frames.find(frame => frame.type === 'ping')).toMatchObject({ by: ann.id, byName: ann.name });
    await enter(bo, info.id);
    await expect(enter(cy, info.id)).rejects.toEqual(refusal('not_found'));
    await expect(open(cy, { conversation: id })).rejects.toEqual(refusal('not_found'));
    expect(cy.frames.some(frame => frame.type === 'ping')).toBe(false);
  });

  it('BC-4 who has muted the conversation is let in without being called; who has a block, neither', async () => {
    const [ann, bo] = [await guest('Ann', 0), await guest('Bo', 1)];
    await acquaint(ann, bo);
    const { id } = await ann.call('PUT /v1/conversations/direct/:account', { params: { account: bo.id } });
    await say(ann, id, 'one');
    await bo.call('PATCH /v1/conversations/:conversation', {
      params: { conversation: id },
      body: { mute: '8h' },
    });
    const { info } = await open(ann, { conversation: id });
    await enter(bo, info.id);
    await bo.call('PUT /v1/people/:account/block', { params: { account: ann.id } });
    const second = await open(ann, { conversation: id });
    await expect(enter(bo, second.info.id)).rejects.toEqual(refusal('not_found'));
    expect(bo.frames.some(frame => frame.type === 'ping')).toBe(false);
  });
});

describe.concurrent('share cards', () => {
  it('BC-5 a card shows what its sender may see, and a key only if it is the room’s', async () => {
    const [ann, bo, cy] = [await guest('Ann', 0), await guest('Bo', 1), await guest('Cy', 0)];
    await acquaint(ann, bo);
    const { id } = await ann.call('PUT /v1/conversations/direct/:account', { params: { account: bo.id } });
    const share = (
      card: { kind: 'room'; room: string; key?: string } | { kind: 'profile'; account: string },
      clientId = newId(),
    ) =>
      ann.call('POST /v1/conversations/:conversation/messages', {
        params: { conversation: id },
        body: { clientId, card },
      });
    const hidden = await open(cy, { visibility: 'private' });
    const key = hidden.you.key ?? '';
    const room = hidden.info.id;
    await expect(share({ kind: 'room', room })).rejects.toEqual(refusal('card_unknown'));
    await expect(share({ kind: 'room', room, key: 'guessed' })).rejects.toEqual(refusal('card_unknown'));
    const clientId = newId();
    const first = await share({ kind: 'room', room, key }, clientId);
    const shown = (await read(bo, id)).at(-1);
    expect(shown).toMatchObject({ message: { card: { kind: 'room', room, key } } });
    await bo.call('GET /v1/rooms/:room', { params: { room }, query: { key } });
    await enter(bo, room, key);
    await enter(ann, room, key);
    await expect(share({ kind: 'room', room, key: 'guessed' })).rejects.toEqual(refusal('card_unknown'));
    await share({ kind: 'room', room });
    await share({ kind: 'profile', account: cy.id });
    // Who hears of it as it happens sees whom it shows, though the two have nothing to do with each other.
    const named = () =>
      bo.frames.flatMap(frame => (frame.type === 'entry' ? frame.people.map(person => person.id) : []));
    await eventually(() => named().includes(cy.id));
    await cy.call('PUT /v1/people/:account/block', { params: { account: ann.id } });
    await expect(share({ kind: 'profile', account: cy.id })).rejects.toEqual(refusal('card_unknown'));
    await expect(share({ kind: 'profile', account: newId() })).rejects.toEqual(refusal('card_unknown'));
    await expect(share({ kind: 'room', room: newId() })).rejects.toEqual(refusal('card_unknown'));
    await end(cy, room);
    expect(await share({ kind: 'room', room, key }, clientId)).toEqual(first);
  });
});

describe.concurrent('requests', () => {
  it('BC-12 a request names the latest room where both were at the same time; who missed each other, none', async () => {
    const [host, reader, asks, missed] = [
      await guest('Host'),
      await guest('Rea'),
      await guest('Ask'),
      await guest('Mis'),
    ];
    const both: string[] = [];
    for (let n = 0; n < 2; n += 1) {
      const room = (await open(host)).info.id;
      both.push(room);
      await enter(missed, room);
      await leave(missed, room);
      await enter(reader, room);
      await enter(asks, room);
      await leave(asks, room);
      await leave(reader, room);
    }
    // Later, and one after the other.
    const last = (await open(host)).info.id;
    for (const one of [reader, asks, missed]) {
      await enter(one, last);
      await leave(one, last);
    }
    for (const one of [asks, missed]) {
      const { id } = await one.call('PUT /v1/conversations/direct/:account', {
        params: { account: reader.id },
      });
      await say(one, id, 'Hello from the garden');
    }
    const { requests } = await reader.call('GET /v1/requests', { query: {} });
    const roomOf = (one: NetworkPerson) =>
      requests.find(request => request.from.id === one.id)?.provenance.room;
    expect(roomOf(asks)).toMatchObject({ id: both[1], title: 'The garden' });
    expect(roomOf(missed)).toBeNull();
  });
});
