import { readFile } from 'node:fs/promises';
import { type Call, systemClock, uploadFile, uploadSource } from '@sotto/sdk';
import type { Connection } from '@sotto/server';
import { openDatabase } from '@sotto/server';
import type { NetworkPerson } from '@sotto/testkit';
import { sql } from 'kysely';
import { photo } from '../uploads/files.ts';

const PICTURES = 12;
/** Messages are so many seconds apart on average: the whole reaches back a good year. */
const APART = 3600;

interface Row {
  seq: number;
  kind: string;
  sender: string;
  text: string;
  extra: unknown;
  target: number | null;
  previews: unknown;
}

/**
 * A group's log as a busy year leaves it: short words and long ones, answers, reactions, pictures with their blurred
 * previews, voice notes, link cards, people who come and go. The same on each run.
 * @returns the conversation
 */
export async function fillThread(
  connection: Connection,
  people: readonly NetworkPerson[],
  messages: number,
): Promise<{ conversation: string; entries: number }> {
  const [owner, ...others] = people;
  if (!owner) throw new Error('fillThread: nobody is there');
  const { id: conversation } = await owner.call('POST /v1/groups', {
    body: {
      clientId: '01900000-0000-7000-8000-000000000001',
      title: 'The year in the kitchen',
      people: others.map(({ id }) => id),
    },
  });
  const pictures: string[] = [];
  for (let at = 0; at < PICTURES; at++)
    pictures.push(await upload(owner.call, 'image', photo(at % 3 === 0 ? 900 : 1400, 1200)));
  const speech = new URL('../../../packages/sdk/fixtures/speech.opus', import.meta.url);
  const notes = [await upload(owner.call, 'voice', await readFile(speech))];

  const { db, close } = openDatabase({ connection });
  try {
    const { head } = await db
      .selectFrom('conversations')
      .select('head')
      .where('id', '=', conversation)
      .executeTakeFirstOrThrow();
    const ids = people.map(({ id }) => id);
    const { rows, reactions } = logOf({ ids, pictures, notes, from: head + 1, messages });
    const last = rows.at(-1)?.seq ?? head;
    // Without what follows a message (previews, pushes): only the reading of it is measured.
    await sql`alter table log_entries disable trigger user`.execute(db);
    for (let at = 0; at < rows.length; at += 1000)
      await sql`
        insert into log_entries
          (conversation_id, seq, id, kind, sender_id, client_id, text, extra, target_seq, previews, search, created_at)
        select ${conversation}::uuid, r.seq, uuidv7(make_interval(secs => (r.seq - ${last}) * ${APART})), r.kind,
          r.sender, case when r.kind = 'message' then uuidv7() end, r.text, r.extra, r.target, r.previews,
          to_tsvector('simple', r.text), now() - make_interval(secs => (${last} - r.seq) * ${APART})
        from jsonb_to_recordset(${JSON.stringify(rows.slice(at, at + 1000))}::jsonb)
          as r(seq int, kind text, sender uuid, text text, extra jsonb, target int, previews jsonb)`.execute(
        db,
      );
    await sql`
      insert into reactions (conversation_id, seq, emoji, account_id)
      select ${conversation}::uuid, r.seq, r.emoji, r.account
      from jsonb_to_recordset(${JSON.stringify(reactions)}::jsonb) as r(seq int, emoji text, account uuid)`.execute(
      db,
    );
    await sql`alter table log_entries enable trigger user`.execute(db);
    await sql`
      update conversations set head = ${last}, last_seq = ${last}, last_entry_at = now()
      where id = ${conversation}`.execute(db);
    await sql`update members set read_seq = ${last} where conversation_id = ${conversation}`.execute(db);
    await sql`analyze log_entries`.execute(db);
    return { conversation, entries: rows.length };
  } finally {
    await close();
  }
}

const upload = async (call: Call, kind: 'image' | 'voice', file: Buffer): Promise<string> => {
  const { id } = await uploadFile({
    call,
    clock: systemClock,
    random: Math.random,
    kind,
    file: uploadSource(new Uint8Array(file.buffer as ArrayBuffer, file.byteOffset, file.length)),
  });
  return id;
};

/** Numbers from 0 to 1 that are the same on each run (mulberry32). */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

const words =
  'the door was open and someone had left soup on the stove so we stayed until the rain went by'.split(' ');
const emoji = ['❤️', '😂', '👍', '🎉', '😮'];

interface Ingredients {
  ids: readonly string[];
  pictures: readonly string[];
  notes: readonly string[];
  from: number;
  messages: number;
}

function logOf({ ids, pictures, notes, from, messages }: Ingredients) {
  const roll = dice(2026);
  const some = <T>(list: readonly T[]): T => list[Math.floor(roll() * list.length)] as T;
  const say = (count: number) => Array.from({ length: count }, () => some(words)).join(' ');
  const rows: Row[] = [];
  const reactions: { seq: number; emoji: string; account: string }[] = [];
  let seq = from - 1;
  let sender = some(ids);
  const add = (row: Partial<Row>) =>
    rows.push({ seq, kind: 'message', sender, text: '', extra: null, target: null, previews: null, ...row });
  for (let at = 0; at < messages; at++) {
    seq += 1;
    if (roll() < 0.55) sender = some(ids);
    const kind = roll();
    if (kind < 0.06) {
      const attachments = roll() < 0.25 ? pictures.slice(at % 8, (at % 8) + 4) : [some(pictures)];
      add({ text: roll() < 0.5 ? say(6) : '', extra: { attachments } });
    } else if (kind < 0.09) add({ extra: { attachments: [some(notes)] } });
    else if (kind < 0.12) {
      const url = `https://example.org/soup/${at}`;
      const preview = { url, title: say(5), description: say(16), site: 'example.org', image: null };
      add({ text: `${say(4)} ${url}`, previews: [preview] });
    } else if (kind < 0.13) add({ text: '🎉🎉' });
    else if (kind < 0.25 && at > 20)
      add({ text: say(8), extra: { reply: seq - 1 - Math.floor(roll() * 15) } });
    else if (kind < 0.37) add({ text: Array.from({ length: 3 }, () => say(30)).join('\n') });
    else add({ text: say(1 + Math.floor(roll() * 14)) });
    if (roll() < 0.08) {
      const of = seq;
      for (const by of ids.slice(0, 1 + Math.floor(roll() * 4))) {
        const given = some(emoji);
        reactions.push({ seq: of, emoji: given, account: by });
        seq += 1;
        add({ kind: 'reaction', sender: by, target: of, extra: { emoji: given, on: true } });
      }
    }
    if (roll() < 0.01) {
      seq += 1;
      const who = { change: 'added', accounts: [some(ids)] };
      add(
        roll() < 0.5
          ? { kind: 'people', extra: who }
          : { kind: 'about', extra: { title: say(3), picture: null } },
      );
    }
  }
  return { rows, reactions };
}
