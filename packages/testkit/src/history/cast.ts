import { createCaller } from '@sotto/sdk';
import { signIn } from '../people.ts';
import type { Cluster } from './cluster.ts';
import type { Device } from './device.ts';
import type { Place } from './events.ts';

/** Somebody of a history. */
export interface Person {
  account: string;
  handle: string;
  devices: Device[];
  /** Talks of rooms that they believe to be in now. */
  inside: Set<string>;
  /** The room they are in by the session of a device: with its end they are out of these talks (RT-9). */
  visit: { by: Device; talks: readonly string[] } | null;
}

/** A conversation; the first of its people reads all of it. */
export interface Talk {
  id: string;
  place: Place;
  people: Person[];
  /** It is looked at no more: no device has to have all of it. */
  closed?: boolean;
}

/** Signs everybody up, with so many devices each; all follow all. */
export async function signUp(
  cluster: Cluster,
  { people, devicesEach }: { people: number; devicesEach: number },
  startDevice: (account: string, handle: string, token: string) => Promise<Device>,
): Promise<Person[]> {
  const made: Person[] = [];
  for (let number = 0; number < people; number += 1) {
    const handle = `person${number}`;
    const baseUrl = `http://127.0.0.1:${cluster.port(0)}`;
    const { me, token } = await signIn(baseUrl, `${handle}@people.test`, address => cluster.code(0, address));
    const call = createCaller({ baseUrl, token });
    await call('PATCH /v1/me', { body: { handle, name: `Person ${number}` } });
    const person: Person = { account: me.id, handle, devices: [], inside: new Set(), visit: null };
    for (let which = 0; which < devicesEach; which += 1)
      person.devices.push(
        await startDevice(me.id, handle, which === 0 ? token : await cluster.session(me.id)),
      );
    made.push(person);
  }
  // Nobody is a stranger: a first message is no request, and whoever is added to a group is in it.
  for (const one of made)
    for (const other of made)
      if (one !== other)
        await one.devices[0]?.call('PUT /v1/people/:account/follow', { params: { account: other.account } });
  return made;
}

/** Everyone with the next two, and two groups of everyone. */
export async function openTalks(people: Person[]): Promise<Talk[]> {
  const talks: Talk[] = [];
  for (const [number, one] of people.entries())
    for (const step of [1, 2]) {
      const other = people[(number + step) % people.length];
      if (!other || other === one) continue;
      const opened = await one.devices[0]?.call('PUT /v1/conversations/direct/:account', {
        params: { account: other.account },
      });
      if (opened && !talks.some(talk => talk.id === opened.id))
        talks.push({ id: opened.id, place: 'direct', people: [one, other] });
    }
  for (const number of [0, 1]) {
    const owner = people[number];
    const made = await owner?.devices[0]?.call('POST /v1/groups', {
      body: {
        clientId: crypto.randomUUID(),
        title: `Group ${number}`,
        people: people.filter(person => person !== owner).map(person => person.account),
      },
    });
    if (made && owner)
      talks.push({ id: made.id, place: 'group', people: [owner, ...people.filter(p => p !== owner)] });
  }
  return talks;
}
