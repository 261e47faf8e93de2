import type { Attachment, Conversation, EntryOf, LogEntry, Message, Person } from '@sotto/protocol';
import type { PendingMessage } from '@sotto/sdk';
import { people } from './people.ts';

/* Conversations in all their states, with the names and texts that break screens. */

export const me = 'me';
export const names: ReadonlyMap<string, Person> = new Map(
  [{ ...people[7], id: me, name: 'Noor Haddad', handle: 'noor' } as Person, ...people].map(each => [
    each.id,
    each,
  ]),
);
const BLUR = 'UklGRjQAAABXRUJQVlA4ICgAAABwAQCdASoQAAwACUBaJbACdAFAAAD+kxEPxesuxYcRk/2p9hHfdmAA';
const MINUTE = 60_000;
const start = new Date().setHours(9, 0, 0, 0);

const idOf = (index: number): string => people[index % people.length]?.id ?? '';
const picture = (width: number, height: number, hue: number): string =>
  `data:image/svg+xml,${encodeURIComponent(`<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}"><rect width="100%" height="100%" fill="hsl(${hue} 60% 60%)"/><circle cx="40%" cy="55%" r="30%" fill="hsl(${hue + 50} 70% 70%)"/></svg>`)}`;

let count = 0;
export function attachment(
  kind: Attachment['kind'],
  width: number,
  height: number,
  over: Partial<Attachment> = {},
): Attachment {
  count += 1;
  const still = picture(width, height, count * 37);
  return {
    id: `a${count}`,
    kind,
    type: kind === 'voice' ? 'audio/webm' : 'image/webp',
    bytes: 1000,
    width: kind === 'voice' ? null : width,
    height: kind === 'voice' ? null : height,
    seconds: kind === 'image' ? null : 73.4,
    moving: false,
    blur: kind === 'voice' ? null : BLUR,
    waveform:
      kind === 'voice'
        ? Array.from({ length: 64 }, (_, at) => Math.round(15 + 14 * Math.sin(at / 2.3) * Math.cos(at / 9)))
        : null,
    links: {
      expiresAt: '2099-01-01T00:00:00.000Z',
      original: kind === 'image' ? null : '/missing.webm',
      large: still,
      medium: still,
      small: still,
      poster: kind === 'video' ? still : null,
    },
    ...over,
  };
}

export function message(
  seq: number,
  sender: string,
  text: string,
  over: Partial<Message> = {},
): EntryOf<'message'> {
  return {
    seq,
    at: new Date(start + seq * MINUTE).toISOString(),
    kind: 'message',
    message: {
      id: `m${seq}`,
      sender,
      clientId: `m${seq}`,
      text,
      reply: null,
      attachments: [],
      card: null,
      previews: [],
      reactions: [],
      hidden: false,
      ...over,
    },
  };
}

const reply = (
  seq: number,
  sender: string,
  text: string,
  attachment: 'image' | 'video' | 'voice' | null = null,
) => ({
  seq,
  sender,
  text,
  attachment,
});
const crowd = people.map(({ id }) => id);

/** One of everything. */
export const everything: LogEntry[] = [
  {
    seq: 1,
    at: new Date(start - 86_400_000).toISOString(),
    kind: 'people',
    by: idOf(0),
    change: 'made',
    accounts: [idOf(0)],
  },
  {
    seq: 2,
    at: new Date(start - 86_400_000).toISOString(),
    kind: 'people',
    by: idOf(0),
    change: 'added',
    accounts: crowd,
  },
  message(3, idOf(0), 'Did you hear what Jonas said about the ending?'),
  message(4, idOf(0), 'https://review.example/the-unconsoled', {
    previews: [
      {
        url: 'https://review.example/the-unconsoled',
        title: 'The Unconsoled, reread after a long, long time away from it',
        description: 'A pianist arrives in a city, and nobody will let him sleep.',
        site: 'review.example',
        image: { path: picture(800, 420, 20), width: 800, height: 420, blur: BLUR },
      },
    ],
  }),
  message(5, me, 'I did. I think he’s wrong, but beautifully.', {
    reactions: [{ emoji: '❤️', count: 1, accounts: [idOf(0)] }],
  }),
  message(
    6,
    idOf(11),
    'A name that is far too long for any line, and a word: Donaudampfschifffahrtsgesellschaftskapitänsmützenabzeichen',
    {
      reply: reply(5, me, 'I did. I think he’s wrong, but beautifully.'),
      reactions: ['👍', '😂', '🎉', '🧑🏽‍🚀', '🫠', '❤️', '🏳️‍🌈', '🇩🇪'].map((emoji, index) => ({
        emoji,
        count: index === 0 ? 1234 : index + 1,
        accounts: index % 2 ? [me, idOf(3)] : crowd.slice(0, index + 1),
      })),
    },
  ),
  message(
    7,
    idOf(9),
    'مرحبا، كيف الحال؟ هذا نص طويل بعض الشيء لنرى كيف يلتف على السطر التالي مع https://example.org داخله.',
    {
      reply: reply(3, idOf(0), '', 'voice'),
    },
  ),
  message(8, idOf(10), '🌊'),
  message(9, me, '👩🏽‍👩🏽‍👧🏽‍👦🏽 ❤️'),
  message(10, idOf(12), '你好，這是一條用中文寫的訊息，沒有空格也應該正確換行，不會溢出氣泡的邊界。'),
  {
    seq: 11,
    at: new Date(start + 11 * MINUTE).toISOString(),
    kind: 'about',
    by: idOf(2),
    title: 'Poem people',
    picture: null,
  },
  message(12, idOf(1), '', { attachments: [attachment('image', 1600, 1200)] }),
  message(13, idOf(1), 'Two of them, and what to see.', {
    attachments: [attachment('image', 800, 1400), attachment('image', 1400, 800)],
  }),
  message(14, me, '', {
    attachments: Array.from({ length: 3 }, (_, at) => attachment(at === 1 ? 'video' : 'image', 900, 900)),
    reactions: [{ emoji: '😮', count: 2, accounts: [me, idOf(4)] }],
  }),
  message(15, idOf(4), 'Ten', {
    attachments: Array.from({ length: 10 }, () => attachment('image', 900, 700)),
  }),
  message(16, me, '', { attachments: [attachment('video', 720, 1280)] }),
  message(17, idOf(5), '', { attachments: [attachment('image', 8000, 30)] }),
  message(18, idOf(6), '', { attachments: [attachment('voice', 0, 0)] }),
  message(19, me, 'And in my voice', {
    attachments: [attachment('voice', 0, 0, { waveform: null, seconds: 299 })],
  }),
  message(20, idOf(3), '', { hidden: true }),
  message(21, idOf(0), 'Come up?', { card: { kind: 'profile', account: idOf(11) } }),
  message(22, me, '', { card: { kind: 'profile', account: idOf(2) }, reply: reply(21, idOf(0), 'Come up?') }),
  { seq: 23, at: new Date(start + 23 * MINUTE).toISOString(), kind: 'pin', by: idOf(0), of: 3 },
  {
    seq: 24,
    at: new Date(start + 24 * MINUTE).toISOString(),
    kind: 'talk',
    by: idOf(0),
    on: true,
    slowSeconds: 15,
  },
  message(25, idOf(13), 'long '.repeat(790).trim()),
  message(26, me, 'unbroken'.repeat(60)),
  message(27, me, 'Two minutes, my mic is shy.'),
];

export const waiting: PendingMessage[] = [
  {
    clientId: 'p0',
    text: '',
    reply: null,
    card: null,
    createdAt: Date.now(),
    files: [
      {
        kind: 'image',
        name: 'a.jpg',
        size: 1,
        width: 1200,
        height: 800,
        seconds: null,
        waveform: null,
        hasPoster: false,
        attachment: null,
      },
    ],
    status: { state: 'uploading', part: 0.62, last: null },
  },
  {
    clientId: 'p1',
    text: 'On the tram, sending when there’s signal',
    reply: null,
    card: null,
    createdAt: Date.now(),
    files: [],
    status: { state: 'waiting', notBefore: 0, last: 'offline' },
  },
  {
    clientId: 'p2',
    text: 'Are you cross with me?',
    reply: reply(5, me, 'I did. I think he’s wrong, but beautifully.'),
    card: null,
    createdAt: Date.now(),
    files: [],
    status: { state: 'failed', code: 'slow_mode', details: { retryAfter: 12 }, file: null },
  },
];

const common = {
  id: 'gallery',
  head: 27,
  firstSeq: 1,
  readSeq: 27,
  unread: 0,
  markedUnread: false,
  mutedUntil: null,
  pinned: false,
  archived: false,
  last: null,
  at: null,
  state: 'active' as const,
  canWrite: true,
  whyNot: null,
  version: 1,
};

export const group: Conversation = {
  ...common,
  kind: 'group',
  title: 'Poem people',
  picture: null,
  count: 100,
  faces: people.slice(0, 4),
  you: 'member',
  blockedInside: false,
  readers: people.slice(0, 9).map(({ id }, index) => ({ account: id, seq: index < 6 ? 27 : 19 })),
};

export const direct: Conversation = {
  ...common,
  kind: 'direct',
  with: people[11] as Person,
  asRequest: false,
  readers: [{ account: idOf(11), seq: 3 }],
};

export const talk: Conversation = {
  ...common,
  kind: 'room',
  room: { id: 'r', title: 'What did you change your mind about this year?', ended: false },
  moderator: false,
  on: true,
  slowSeconds: 15,
  pin: null,
  readers: [],
};

const LINES = [
  'You were right about the ending.',
  'I’ll hand over to Jonas after this, and then it is your turn to say what you changed your mind about this year.',
  'ok',
  'Two minutes, my mic is shy.',
  'See https://review.example/the-unconsoled, it is long.',
  'مرحبا، كيف الحال؟',
  '👋',
  'Come up? There is a chair for you, the lamp is on, and nobody minds if you only listen for the first half an hour of it.',
];

/** A conversation of many messages: texts, pictures, answers, reactions. */
export function longLog(length: number): LogEntry[] {
  return Array.from({ length }, (_, index) => {
    const seq = index + 1;
    const sender = Math.floor(index / 3) % 2 ? me : idOf(0);
    const over: Partial<Message> = {};
    if (index % 11 === 0) over.attachments = [attachment('image', 900 + (index % 5) * 200, 800)];
    if (index % 17 === 0) over.reactions = [{ emoji: '👍', count: 2, accounts: [me] }];
    if (index % 13 === 0 && seq > 3) over.reply = reply(seq - 2, idOf(0), LINES[index % 7] ?? '');
    if (index % 29 === 0) over.attachments = [attachment('voice', 0, 0)];
    return message(seq, sender, LINES[index % LINES.length] ?? '', over);
  });
}
