import type { RoomSnapshot } from '@sotto/protocol';
import { type Call, createCaller, newId } from '@sotto/sdk';
import type { Network, NetworkPerson } from '@sotto/testkit';

/** Who walks the calls. */
export const actors = [
  'nobody',
  'incomplete',
  'stranger',
  'blocked',
  'member',
  'otherModerator',
  'admin',
  'moderator',
] as const;
export type Actor = (typeof actors)[number];

/** The people of a permission walk, and what they stand before. */
export interface Town {
  network: Network;
  call: Record<Actor, Call>;
  /** On stage in `room`, without being its moderator: whom others act on. */
  speaker: NetworkPerson;
  people: Record<Exclude<Actor, 'nobody'>, NetworkPerson>;
  /** Between moderator and member. */
  conversation: string;
  /** A group of the moderator with the member in it; and one to leave. */
  group: string;
  groupToLeave: string;
  /** Begun by the moderator, no byte of it there yet. */
  upload: string;
  /** Sent by the moderator to the member. */
  attachment: string;
}

/** One pixel, a PNG. */
export const pixel = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);

const deviceOf = (person: NetworkPerson): string => `walk-${person.handle}`;

/** Everybody arrives. The moderator has blocked `blocked`. */
export async function makeTown(network: Network): Promise<Town> {
  const person = (name: string, complete = true) => network.person(name, { online: false, complete });
  const admin = await person('Ada Admin');
  const people = {
    admin,
    moderator: await person('Mo Moderator'),
    member: await person('Mem Ber'),
    stranger: await person('Stran Ger'),
    blocked: await person('Blo Cked'),
    otherModerator: await person('Other Mod'),
    incomplete: await person('Not Yet', false),
  };
  const speaker = await person('Spea Ker');
  const { moderator, member, blocked } = people;
  await moderator.call('PUT /v1/people/:account/block', { params: { account: blocked.id } });
  const { id } = await moderator.call('PUT /v1/conversations/direct/:account', {
    params: { account: member.id },
  });
  await moderator.call('POST /v1/conversations/:conversation/messages', {
    params: { conversation: id },
    body: { clientId: newId(), text: 'only for you' },
  });
  await member.call('PUT /v1/people/:account/follow', { params: { account: moderator.id } });
  const group = () =>
    moderator.call('POST /v1/groups', { body: { clientId: newId(), title: 'Walk', people: [member.id] } });
  const groups = { group: (await group()).id, groupToLeave: (await group()).id };
  const open = () => moderator.call('POST /v1/uploads', { body: { kind: 'image', bytes: pixel.length } });
  const { upload: attachment } = await open();
  await moderator.call('PUT /v1/uploads/:upload/bytes', {
    params: { upload: attachment },
    query: { offset: 0 },
    bytes: new Uint8Array(pixel),
    type: 'application/octet-stream',
  });
  await moderator.call('POST /v1/uploads/:upload/finish', { params: { upload: attachment }, body: {} });
  await moderator.call('POST /v1/conversations/:conversation/messages', {
    params: { conversation: id },
    body: { clientId: newId(), text: '', attachments: [attachment] },
  });
  const { upload } = await open();
  const call = { nobody: createCaller({ baseUrl: network.url() }) } as Record<Actor, Call>;
  for (const [name, each] of Object.entries(people)) call[name as Actor] = each.call;
  return { network, call, speaker, people, conversation: id, ...groups, upload, attachment };
}

/** A fresh room with its moderator, the speaker on stage, and the member in the audience; one more elsewhere. */
export async function openStage(town: Town, visibility: 'open' | 'private'): Promise<RoomSnapshot> {
  const { moderator, member, otherModerator } = town.people;
  const { speaker, call } = town;
  await call.otherModerator('POST /v1/rooms', {
    body: { title: 'Elsewhere', device: deviceOf(otherModerator) },
  });
  const snapshot = await call.moderator('POST /v1/rooms', {
    body: { title: 'Walk', visibility, device: deviceOf(moderator) },
  });
  const params = { room: snapshot.info.id };
  const key = snapshot.you.key ?? undefined;
  const enter = (as: Call, person: NetworkPerson) =>
    as('POST /v1/rooms/:room/enter', { params, body: { device: deviceOf(person), ...(key && { key }) } });
  await enter(speaker.call, speaker);
  await enter(call.member, member);
  await call.moderator('PUT /v1/rooms/:room/invitations/:account', {
    params: { ...params, account: speaker.id },
  });
  await speaker.call('POST /v1/rooms/:room/invitation/accept', { params });
  return snapshot;
}
