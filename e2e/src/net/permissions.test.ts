import { createECDH } from 'node:crypto';
import { type CallKey, calls } from '@sotto/protocol';
import { createCaller, isSottoError, newId, type SottoErrorCode } from '@sotto/sdk';
import { type Network, signIn, startNetwork } from '@sotto/testkit';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Actor, actors, makeTown, openStage, pixel, type Town } from './town.ts';

type Answer = 'ok' | SottoErrorCode;
type Expected = Record<Actor, Answer>;

/** What a call is sent, given a fresh room. */
interface Parts {
  params?: Record<string, string>;
  query?: Record<string, unknown>;
  body?: unknown;
  bytes?: Uint8Array;
  type?: string;
}
interface Row {
  expect: Expected;
  parts?: (context: { town: Town; room: string; actor: Actor }) => Parts | Promise<Parts>;
  /** It ends sessions: the actor signs in again after it. */
  spendsSession?: boolean;
  /** Needs a room of its own to be sent to. */
  room?: boolean;
}

const public_: Expected = all('ok');
const session: Expected = { ...all('ok'), nobody: 'not_signed_in' };
const member: Expected = { ...session, incomplete: 'profile_incomplete' };
/** Of a conversation between the moderator and the member, nobody else learns that it is there. */
const conversation: Expected = {
  ...member,
  stranger: 'not_found',
  blocked: 'not_found',
  otherModerator: 'not_found',
  admin: 'not_found',
};
/** Of what the moderator uploads, nobody else learns that it is there. */
const moderatorsUpload: Expected = { ...conversation, member: 'not_found' };
const noRequest: Expected = { ...conversation, member: 'not_found', moderator: 'not_found' };
const adminOnly: Expected = {
  ...all('forbidden'),
  nobody: 'not_signed_in',
  incomplete: 'profile_incomplete',
  admin: 'ok',
};
/** Of the moderator's group, in which the member is only a member. */
const runningGroup: Expected = { ...conversation, member: 'group_admins_only' };
const aboutModerator: Expected = { ...member, blocked: 'not_found', moderator: 'not_yourself' };
/** Of an open room, only who is inside; someone its moderator has blocked does not find it. */
const inside: Expected = {
  ...member,
  stranger: 'not_in_room',
  blocked: 'not_found',
  otherModerator: 'not_in_room',
  admin: 'not_in_room',
};
const moderation: Expected = { ...inside, member: 'moderators_only' };

function all(answer: Answer): Expected {
  return Object.fromEntries(actors.map(actor => [actor, answer])) as Expected;
}

const inRoom = ({ room }: { room: string }): Parts => ({ params: { room } });
const onSpeaker = ({ town, room }: { town: Town; room: string }): Parts => ({
  params: { room, account: town.speaker.id },
});
const onUpload = ({ town }: { town: Town }): Parts => ({ params: { upload: town.upload } });
const onModerator = ({ town }: { town: Town }): Parts => ({
  params: { account: town.people.moderator.id },
});
/** Who is not in a room does not learn that it has a talk. */
const outsideOfTalk = {
  stranger: 'not_found',
  otherModerator: 'not_found',
  admin: 'not_found',
} satisfies Partial<Expected>;
/** In the talk of a room, with one message of the moderator in it. */
const inTalk =
  (body?: object) =>
  async ({ town, room }: { town: Town; room: string }): Promise<Parts> => {
    const call = town.call.moderator;
    const { id } = (await call('GET /v1/rooms/:room/talk', { params: { room } })).room;
    await call('POST /v1/conversations/:conversation/messages', {
      params: { conversation: id },
      body: { clientId: newId(), text: 'first' },
    });
    return { params: { conversation: id, ...(!body && { seq: '1' }) }, ...(body && { body }) };
  };
const inConversation =
  (body?: () => unknown) =>
  ({ town }: { town: Town }): Parts => ({
    params: { conversation: town.conversation },
    ...(body && { body: body() }),
  });
/** Every call of the contract: a new one does not compile until it says here who may. */
const rows: Record<CallKey, Row> = {
  'GET /v1/server': { expect: public_ },
  'POST /v1/sign-in/codes': {
    expect: public_,
    parts: ({ actor }) => ({ body: { address: `${actor.toLowerCase()}@codes.test` } }),
  },
  'POST /v1/sign-in': {
    expect: all('code_expired'),
    parts: () => ({ body: { address: 'none@codes.test', code: '123456', transport: 'token' } }),
  },
  'POST /v1/sign-out': { expect: session, spendsSession: true },
  'GET /v1/me': { expect: session },
  'PATCH /v1/me': { expect: session, parts: () => ({ body: { bio: 'walked' } }) },
  'PUT /v1/me/picture': { expect: session, parts: () => ({ bytes: pixel, type: 'image/png' }) },
  'DELETE /v1/me/picture': { expect: session },
  'GET /v1/handles/:handle': { expect: session, parts: () => ({ params: { handle: 'free.one' } }) },
  'GET /v1/me/sessions': { expect: session },
  'DELETE /v1/me/sessions/:session': {
    // Somebody else's session: absent, as any that never was.
    expect: { ...all('not_found'), nobody: 'not_signed_in' },
    parts: () => ({ params: { session: newId() } }),
  },
  'DELETE /v1/me/sessions': { expect: session, spendsSession: true },
  'POST /v1/socket-tickets': { expect: session },

  'GET /v1/people': { expect: member },
  'GET /v1/people/:handle': {
    expect: { ...member, blocked: 'not_found' },
    parts: ({ town }) => ({ params: { handle: town.people.moderator.handle } }),
  },
  'GET /v1/people/:account/followers': {
    expect: { ...member, blocked: 'not_found' },
    parts: onModerator,
  },
  'GET /v1/people/:account/following': {
    expect: { ...member, blocked: 'not_found' },
    parts: onModerator,
  },
  'PUT /v1/people/:account/follow': { expect: aboutModerator, parts: onModerator },
  'DELETE /v1/people/:account/follow': { expect: aboutModerator, parts: onModerator },
  'PUT /v1/people/:account/block': {
    expect: member,
    parts: ({ town }) => ({ params: { account: town.speaker.id } }),
  },
  'DELETE /v1/people/:account/block': {
    expect: member,
    parts: ({ town }) => ({ params: { account: town.speaker.id } }),
  },
  'GET /v1/me/blocks': { expect: member },

  'POST /v1/uploads': { expect: member, parts: () => ({ body: { kind: 'image', bytes: pixel.length } }) },
  'GET /v1/uploads/:upload': { expect: moderatorsUpload, parts: onUpload },
  'PUT /v1/uploads/:upload/bytes': {
    expect: moderatorsUpload,
    parts: context => ({
      ...onUpload(context),
      query: { offset: 0 },
      bytes: pixel,
      type: 'application/octet-stream',
    }),
  },
  'POST /v1/uploads/:upload/finish': {
    expect: moderatorsUpload,
    parts: context => ({ ...onUpload(context), body: {} }),
  },
  'DELETE /v1/uploads/:upload': { expect: moderatorsUpload, parts: onUpload },
  'GET /v1/attachments/:attachment': {
    // Sent to the member (BC-22).
    expect: conversation,
    parts: ({ town }) => ({ params: { attachment: town.attachment } }),
  },

  'GET /v1/requests': { expect: member },
  // Nothing waits for anybody: a request that is none, or is someone else’s, is not there.
  'GET /v1/requests/:conversation': { expect: noRequest, parts: inConversation() },
  'POST /v1/requests/:conversation/accept': {
    // The two have agreed already: again is no error.
    expect: conversation,
    parts: inConversation(),
  },
  'POST /v1/requests/:conversation/delete': { expect: noRequest, parts: inConversation() },
  'POST /v1/requests/decide': {
    expect: member,
    parts: ({ town }) => ({ body: { conversations: [town.conversation], action: 'delete' } }),
  },
  'GET /v1/me/backchannel': { expect: member },
  'PATCH /v1/me/backchannel': { expect: member, parts: () => ({ body: { receipts: true } }) },
  'POST /v1/reports': {
    // The message is the moderator’s own.
    expect: { ...conversation, moderator: 'not_yourself' },
    parts: ({ town }) => ({ body: { conversation: town.conversation, seq: 1, reason: 'other' } }),
  },
  'GET /v1/me/reports': { expect: member },
  'GET /v1/admin/reports': { expect: adminOnly },
  'GET /v1/admin/reports/:report': {
    expect: { ...adminOnly, admin: 'not_found' },
    parts: () => ({ params: { report: newId() } }),
  },
  'POST /v1/admin/reports/:report/decision': {
    expect: { ...adminOnly, admin: 'not_found' },
    parts: () => ({ params: { report: newId() }, body: { outcome: 'dismissed' } }),
  },
  'GET /v1/admin/requests': { expect: adminOnly },
  'GET /v1/admin/rules': { expect: adminOnly },
  'PUT /v1/admin/rules': { expect: adminOnly, parts: () => ({ body: { words: [], hosts: [] } }) },

  'GET /v1/conversations': { expect: member },
  'PUT /v1/conversations/direct/:account': { expect: aboutModerator, parts: onModerator },
  'GET /v1/conversations/:conversation': { expect: conversation, parts: inConversation() },
  'GET /v1/conversations/:conversation/log': { expect: conversation, parts: inConversation() },
  'POST /v1/conversations/:conversation/messages': {
    expect: conversation,
    parts: inConversation(() => ({ clientId: newId(), text: 'walk' })),
  },
  'PUT /v1/conversations/:conversation/read': {
    expect: conversation,
    parts: inConversation(() => ({ seq: 1 })),
  },
  'PATCH /v1/conversations/:conversation': {
    expect: conversation,
    parts: inConversation(() => ({ pinned: false })),
  },
  'PUT /v1/conversations/:conversation/messages/:seq/reactions/:emoji': {
    expect: conversation,
    parts: ({ town }) => ({ params: { conversation: town.conversation, seq: '1', emoji: '👍' } }),
  },
  'DELETE /v1/conversations/:conversation/messages/:seq/reactions/:emoji': {
    expect: conversation,
    parts: ({ town }) => ({ params: { conversation: town.conversation, seq: '1', emoji: '👍' } }),
  },
  'GET /v1/messages': {
    expect: conversation,
    parts: ({ town }) => ({ query: { query: 'walk', conversation: town.conversation } }),
  },

  'POST /v1/groups': { expect: member, parts: () => ({ body: { clientId: newId(), title: 'Mine' } }) },
  'PATCH /v1/groups/:conversation': {
    expect: runningGroup,
    parts: ({ town }) => ({ params: { conversation: town.group }, body: { title: 'Walked' } }),
  },
  'PUT /v1/groups/:conversation/picture': {
    expect: runningGroup,
    parts: ({ town }) => ({ params: { conversation: town.group }, bytes: pixel, type: 'image/png' }),
  },
  'DELETE /v1/groups/:conversation/picture': {
    expect: runningGroup,
    parts: ({ town }) => ({ params: { conversation: town.group } }),
  },
  'GET /v1/groups/:conversation/people': {
    expect: conversation,
    parts: ({ town }) => ({ params: { conversation: town.group } }),
  },
  'PUT /v1/groups/:conversation/people/:account': {
    expect: runningGroup,
    parts: ({ town }) => ({ params: { conversation: town.group, account: town.speaker.id } }),
  },
  'DELETE /v1/groups/:conversation/people/:account': {
    expect: runningGroup,
    parts: ({ town }) => ({ params: { conversation: town.group, account: town.speaker.id } }),
  },
  'PUT /v1/groups/:conversation/people/:account/role': {
    expect: runningGroup,
    parts: ({ town }) => ({
      params: { conversation: town.group, account: town.people.member.id },
      body: { role: 'member' },
    }),
  },
  'POST /v1/groups/:conversation/leave': {
    expect: conversation,
    parts: ({ town }) => ({ params: { conversation: town.groupToLeave } }),
  },

  'GET /v1/push/key': { expect: member },
  'PUT /v1/me/push': {
    // Whoever may subscribe gets as far as the address, which is inside.
    expect: { ...all('push_endpoint_refused'), nobody: 'not_signed_in', incomplete: 'profile_incomplete' },
    parts: () => ({
      body: {
        endpoint: 'https://127.0.0.1/push',
        keys: { p256dh: createECDH('prime256v1').generateKeys('base64url'), auth: 'A'.repeat(22) },
      },
    }),
  },
  'DELETE /v1/me/push': { expect: member },
  'GET /v1/me/push/choices': { expect: member },
  'PATCH /v1/me/push/choices': { expect: member, parts: () => ({ body: { hideText: true } }) },

  'GET /v1/rooms': { expect: member },
  'POST /v1/rooms': {
    expect: member,
    parts: () => ({ body: { title: 'Mine', device: 'walk-device' } }),
    room: true,
  },
  'GET /v1/rooms/:room': { expect: { ...member, blocked: 'not_found' }, parts: inRoom, room: true },
  'POST /v1/rooms/:room/enter': {
    expect: { ...member, blocked: 'not_found' },
    parts: ({ room }) => ({ params: { room }, body: { device: 'walk-device' } }),
    room: true,
  },
  'GET /v1/rooms/:room/snapshot': { expect: inside, parts: inRoom, room: true },
  'GET /v1/rooms/:room/audience': { expect: inside, parts: inRoom, room: true },
  'POST /v1/rooms/:room/audio': {
    // Whoever is inside gets as far as the offer, which is none.
    expect: { ...inside, member: 'bad_offer', moderator: 'bad_offer' },
    parts: ({ room, town, actor }) => ({
      params: { room },
      body: {
        device: actor === 'nobody' ? 'walk-device' : `walk-${town.people[actor].handle}`,
        offer: 'v=0',
      },
    }),
    room: true,
  },
  'POST /v1/rooms/:room/leave': {
    // Leaving a room one is not in is no error, be there such a room or not: so nothing is told.
    expect: member,
    parts: ({ room, actor }) => ({ params: { room: actor === 'admin' ? newId() : room }, body: {} }),
    room: true,
  },
  'POST /v1/rooms/:room/end': { expect: moderation, parts: inRoom, room: true },
  'PATCH /v1/rooms/:room': {
    expect: moderation,
    parts: ({ room }) => ({ params: { room }, body: { title: 'Renamed' } }),
    room: true,
  },
  'PUT /v1/rooms/:room/hand': {
    expect: { ...inside, moderator: 'already_on_stage' },
    parts: ({ room }) => ({ params: { room }, body: { line: 'me' } }),
    room: true,
  },
  'DELETE /v1/rooms/:room/hand': { expect: inside, parts: inRoom, room: true },
  'DELETE /v1/rooms/:room/hands/:account': { expect: moderation, parts: onSpeaker, room: true },
  'PUT /v1/rooms/:room/invitations/:account': {
    expect: moderation,
    parts: ({ room, town }) => ({ params: { room, account: town.people.member.id } }),
    room: true,
  },
  'POST /v1/rooms/:room/invitation/accept': {
    expect: { ...inside, member: 'not_invited', moderator: 'not_invited' },
    parts: inRoom,
    room: true,
  },
  'POST /v1/rooms/:room/invitation/decline': { expect: inside, parts: inRoom, room: true },
  'POST /v1/rooms/:room/step-down': {
    expect: { ...inside, member: 'stage_only' },
    parts: inRoom,
    room: true,
  },
  'PUT /v1/rooms/:room/mute': {
    expect: { ...inside, member: 'stage_only' },
    parts: ({ room }) => ({ params: { room }, body: { muted: false } }),
    room: true,
  },
  'POST /v1/rooms/:room/people/:account/mute': { expect: moderation, parts: onSpeaker, room: true },
  'POST /v1/rooms/:room/people/:account/move-down': { expect: moderation, parts: onSpeaker, room: true },
  'PUT /v1/rooms/:room/moderators/:account': { expect: moderation, parts: onSpeaker, room: true },
  'POST /v1/rooms/:room/moderation/accept': {
    expect: { ...inside, member: 'not_invited', moderator: 'not_invited' },
    parts: inRoom,
    room: true,
  },
  'PUT /v1/rooms/:room/kept-out/:account': { expect: moderation, parts: onSpeaker, room: true },
  'DELETE /v1/rooms/:room/kept-out/:account': { expect: moderation, parts: onSpeaker, room: true },
  'GET /v1/rooms/:room/kept-out': { expect: moderation, parts: inRoom, room: true },
  'GET /v1/rooms/:room/talk': {
    expect: { ...inside, ...outsideOfTalk },
    parts: inRoom,
    room: true,
  },
  'PATCH /v1/conversations/:conversation/talk': {
    expect: { ...moderation, ...outsideOfTalk },
    parts: inTalk({ on: false }),
    room: true,
  },
  'PUT /v1/conversations/:conversation/pin': {
    expect: { ...moderation, ...outsideOfTalk },
    parts: inTalk({ seq: 1 }),
    room: true,
  },
  'POST /v1/conversations/:conversation/messages/:seq/hide': {
    expect: { ...moderation, ...outsideOfTalk },
    parts: inTalk(),
    room: true,
  },
  'PUT /v1/rooms/:room/pings/:account': {
    // Nobody of the town follows them.
    expect: { ...inside, member: 'not_reachable', moderator: 'not_reachable' },
    parts: ({ room, town }) => ({ params: { room, account: town.people.stranger.id } }),
    room: true,
  },
};

/** Of a private room, those outside learn nothing: it is absent, whatever is asked. */
const outsideOfPrivate = (expected: Expected): Expected => ({
  ...expected,
  stranger: 'not_found',
  blocked: 'not_found',
  otherModerator: 'not_found',
  admin: 'not_found',
});

let network: Network;
let town: Town;
beforeAll(async () => {
  network = await startNetwork();
  town = await makeTown(network);
});
afterAll(() => network?.stop());

async function ask(key: CallKey, row: Row, actor: Actor, room: string): Promise<Answer> {
  const call = town.call[actor];
  const parts = (await row.parts?.({ town, room, actor })) ?? {};
  try {
    await (call as (key: CallKey, parts: Parts) => Promise<unknown>)(key, parts);
    return 'ok';
  } catch (error) {
    if (isSottoError(error)) return error.code;
    throw error;
  } finally {
    if (row.spendsSession && actor !== 'nobody') await comeBack(actor);
  }
}

async function comeBack(actor: Exclude<Actor, 'nobody'>): Promise<void> {
  const { token } = await signIn(network.url(), town.people[actor].address, network.mailbox.code);
  town.call[actor] = createCaller({ baseUrl: network.url(), token });
}

async function walk(key: CallKey, row: Row, visibility: 'open' | 'private'): Promise<Expected> {
  const answers: Partial<Expected> = {};
  let room: string | undefined;
  for (const actor of actors) {
    if (row.room) room ??= (await openStage(town, visibility)).info.id;
    const answer = await ask(key, row, actor, room ?? '');
    // What was refused changed nothing; after what was done, the next one finds a fresh room.
    if (answer === 'ok' && !key.startsWith('GET ')) room = undefined;
    answers[actor] = answer;
  }
  return answers as Expected;
}

describe('every call, as everyone', () => {
  it('names every call of the contract', () => {
    expect(Object.keys(rows).sort()).toEqual(Object.keys(calls).sort());
  });

  for (const [key, row] of Object.entries(rows) as [CallKey, Row][])
    it(key, async () => {
      expect(await walk(key, row, 'open')).toEqual(row.expect);
    });

  it('leaves no fault in the log', () => {
    expect(network.log.filter(line => line.level >= 50)).toEqual([]);
  });
});

describe('RO-1 a private room does not exist for those outside', () => {
  const inPrivate = (Object.entries(rows) as [CallKey, Row][]).filter(([key]) =>
    key.includes('/rooms/:room'),
  );
  for (const [key, row] of inPrivate)
    it(key, async () => {
      const expected = key.endsWith('/leave') ? row.expect : outsideOfPrivate(row.expect);
      expect(await walk(key, row, 'private')).toEqual(expected);
    });
});
