import type { LogEntry, ServerFrame } from '@sotto/protocol';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { uuidv7 } from '../../platform/ids.ts';
import { createStage, messageOf, type Person, type Stage } from './fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

const SECRET = 'the lighthouse key';
let count = 0;
const people = async <N extends number>(number: N): Promise<Person[] & { length: N }> => {
  const made: Person[] = [];
  while (made.length < number) made.push(await stage.person(`newcomer${++count}`));
  for (const one of made) for (const other of made) if (one !== other) await one.follow(other);
  return made as Person[] & { length: N };
};
const routes = () => stage.backchannel.routes;
const group = async (owner: Person, others: readonly Person[]): Promise<string> =>
  (
    await routes()['POST /v1/groups'](
      { body: { clientId: uuidv7(), title: 'Keepers', people: others.map(each => each.id) } },
      owner.caller,
    )
  ).id;
const add = (by: Person, conversation: string, account: string) =>
  routes()['PUT /v1/groups/:conversation/people/:account']({ params: { conversation, account } }, by.caller);
const answer = (who: Person, conversation: string, reply: number, text = 'yes') =>
  routes()['POST /v1/conversations/:conversation/messages'](
    { params: { conversation }, body: { clientId: uuidv7(), text, reply, attachments: [] } },
    who.caller,
  );
const entriesTo = (frames: readonly ServerFrame[]): LogEntry[] =>
  frames.flatMap(frame =>
    frame.type === 'entry' ? [frame.entry] : frame.type === 'entries' ? frame.entries : [],
  );
const entryOf = async (who: Person, conversation: string, seq: number): Promise<LogEntry | undefined> =>
  (await who.log(conversation)).entries.find(each => each.seq === seq);
const replyIn = (entry: LogEntry | undefined) => entry && messageOf(entry).reply;

describe('BC-2 what was written before somebody came', () => {
  it('BC-2 comes to them in no quote: not live, not in the log, the inbox, a resume, a search or a report', async () => {
    const [ada, bob, cleo] = (await people(3)) as [Person, Person, Person];
    const id = await group(ada, [bob]);
    const { seq } = await ada.send(id, SECRET);
    await add(ada, id, cleo.id);
    const first = (await cleo.get(id)).firstSeq;
    expect(first).toBeGreaterThan(seq);
    const { seq: answered } = await answer(bob, id, seq);
    const empty = { seq, sender: ada.id, text: '', attachment: null };

    const live = entriesTo(stage.framesTo(cleo.id)).find(each => each.seq === answered);
    expect(replyIn(live)).toEqual(empty);
    expect(await entryOf(cleo, id, answered)).toEqual(live);
    expect((await cleo.get(id)).last).toEqual(live);
    expect((await cleo.list()).conversations[0]?.last).toEqual(live);
    const resumed = await stage.backchannel.resume(cleo.viewer, [{ conversation: id, seq: first - 1 }]);
    expect(resumed.entries[0]?.entries.at(-1)).toEqual(live);
    const unnamed = await stage.backchannel.resume(cleo.viewer, []);
    expect(unnamed.conversations[0]?.last).toEqual(live);
    const { found } = await routes()['GET /v1/messages']({ query: { query: 'yes', limit: 20 } }, cleo.caller);
    expect(found).toEqual([{ conversation: id, entry: live }]);
    const reported = await stage.backchannel.evidence(cleo.id, id, answered);
    expect(reported.entries.at(-1)).toEqual(live);
    const everything = [stage.framesTo(cleo.id), resumed, unnamed, found, reported, await cleo.log(id)];
    expect(JSON.stringify(everything)).not.toContain(SECRET);
    expect(await stage.backchannel.notice(cleo.id, id)).toMatchObject({ text: 'yes' });

    // Who was there reads it as ever, all of them in one frame.
    const whole = { ...empty, text: SECRET };
    for (const who of [ada, bob]) {
      expect(replyIn(entriesTo(stage.framesTo(who.id)).at(-1))).toEqual(whole);
      expect(replyIn(await entryOf(who, id, answered))).toEqual(whole);
    }
    expect(
      stage.published.filter(
        message =>
          message.kind === 'frame' && message.frame.type === 'entry' && message.frame.entry.seq === answered,
      ),
    ).toHaveLength(2);
    // What was written since they came is quoted to them.
    const { seq: again } = await answer(ada, id, answered);
    expect(replyIn(await entryOf(cleo, id, again))).toMatchObject({ text: 'yes' });
    expect(replyIn(entriesTo(stage.framesTo(cleo.id)).at(-1))).toMatchObject({ text: 'yes' });
  });

  it('BC-2 comes to them in no preview of a link either, if they came before it was looked at', async () => {
    const [ada, bob, cleo] = (await people(3)) as [Person, Person, Person];
    const id = await group(ada, [bob]);
    const url = 'https://site.test/lighthouse';
    const { seq } = await ada.send(id, `look: ${url}`);
    await add(ada, id, cleo.id);
    const preview = { url, title: SECRET, description: '', site: 'site.test', image: null };
    const running = stage.backchannel.startPreviews({ preview: async () => preview });
    await vi.waitFor(async () => expect(await entryOf(bob, id, seq + 2)).toMatchObject({ kind: 'preview' }));
    await running.stop();
    const live = entriesTo(stage.framesTo(cleo.id)).at(-1);
    expect(live).toEqual({ seq: seq + 2, at: expect.any(String), kind: 'withheld' });
    expect(await entryOf(cleo, id, seq + 2)).toEqual(live);
    expect(entriesTo(stage.framesTo(bob.id)).at(-1)).toMatchObject({ of: seq, previews: [preview] });
  });

  it('BC-3 who was removed from a room and let in again is not told by quotes what was said before', async () => {
    const [ada, bob, cleo] = (await people(3)) as [Person, Person, Person];
    const { db, transact } = stage.platform;
    const { id: room } = await db
      .insertInto('rooms')
      .values({ title: 'Quay', topics: [], visibility: 'open', key: uuidv7(), opened_by: ada.id })
      .returning('id')
      .executeTakeFirstOrThrow();
    const change = {
      room,
      left: [],
      stageEntered: [],
      stageLeft: [],
      promoted: [],
      demoted: [],
      ended: false,
    };
    const enter = (entered: readonly string[]) =>
      transact(work => stage.backchannel.onRoomChanged(work, { ...change, entered }));
    await transact(work => stage.backchannel.onRoomOpened(work, room));
    await enter([ada.id, bob.id, cleo.id]);
    const { id } = await db
      .selectFrom('conversations')
      .where('room_id', '=', room)
      .where('kind', '=', 'room')
      .select('id')
      .executeTakeFirstOrThrow();
    const { seq } = await ada.send(id, SECRET);
    await transact(work => stage.backchannel.onRoomRemoved(work, room, cleo.id));
    await enter([cleo.id]);
    const { seq: answered } = await answer(bob, id, seq);
    const framesOf = (whom: (to: { only?: readonly string[]; except?: readonly string[] }) => boolean) =>
      stage.published.flatMap(message =>
        message.kind === 'frame' && 'channel' in message.to && whom(message.to)
          ? entriesTo([message.frame]).filter(each => each.seq === answered)
          : [],
      );
    await vi.waitFor(() => expect(framesOf(to => to.only?.includes(cleo.id) ?? false)).toHaveLength(1));
    expect(replyIn(framesOf(to => to.only?.includes(cleo.id) ?? false)[0])).toMatchObject({ text: '' });
    expect(framesOf(to => to.only === undefined && !to.except?.includes(cleo.id))).toEqual([]);
    expect(replyIn(framesOf(to => to.except?.includes(cleo.id) ?? false)[0])).toMatchObject({ text: SECRET });
    expect(replyIn(await entryOf(cleo, id, answered))).toMatchObject({ seq, text: '' });
    expect(replyIn(await entryOf(bob, id, answered))).toMatchObject({ seq, text: SECRET });
  });
});
