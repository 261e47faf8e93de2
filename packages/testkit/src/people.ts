import type { Me } from '@sotto/protocol';
import {
  type Call,
  createCaller,
  createSotto,
  memoryStorage,
  memoryTabStorage,
  noTabs,
  type Sotto,
  type SottoOptions,
  until,
} from '@sotto/sdk';
import type { Mailbox } from './mailbox.ts';

export interface MakePerson {
  /** The node they reach the network by. Default 0. */
  node?: number;
  /** Instead of a node's own: where a relay listens. */
  url?: string;
  /** False: signed in only, without handle and name. */
  complete?: boolean;
  /** Default: made from the name. */
  handle?: string;
  /** False: no client is started, `sotto` is not to be used. Default true. */
  online?: boolean;
}

/** Someone of the network, signed in. */
export interface NetworkPerson {
  readonly name: string;
  readonly handle: string;
  readonly address: string;
  readonly id: string;
  readonly token: string;
  readonly me: Me;
  /** Calls as this person. */
  readonly call: Call;
  /** Their client: socket, stores, outbox. Further ones are further devices of theirs. */
  readonly sotto: Sotto;
  /** Another device of theirs, started, its socket open. */
  device(options?: Partial<SottoOptions>): Promise<Sotto>;
  stop(): Promise<void>;
}

/** `Noor Haddad` gives `noor.haddad`. */
export const handleOf = (name: string): string =>
  name
    .normalize('NFD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '.')
    .replace(/^[^a-z]+|\.$/g, '')
    .slice(0, 24);

/** Signs in as anybody would: asks for a code, reads it, trades it for a session. */
export async function signIn(
  url: string,
  address: string,
  readCode: (address: string) => Promise<string>,
): Promise<{ me: Me; token: string }> {
  const call = createCaller({ baseUrl: url });
  const sent = await call('POST /v1/sign-in/codes', { body: { address } });
  const code = await readCode(sent.address);
  const { me, token } = await call('POST /v1/sign-in', { body: { address, code, transport: 'token' } });
  if (token === null) throw new Error('signIn: no token came');
  return { me, token };
}

/** A client as the web app makes it, but for what only a browser has; its socket open, and what was missed there. */
export async function startClient(options: SottoOptions): Promise<Sotto> {
  const sotto = createSotto({
    storage: memoryStorage(),
    tab: memoryTabStorage(),
    tabs: () => noTabs,
    ...options,
  });
  const resumed = new Promise<void>(resolve => {
    const stop = sotto.onFrame(frame => {
      if (frame.type !== 'resumed') return;
      stop();
      resolve();
    });
  });
  await sotto.start();
  await until(sotto.connection, ({ state }) => state === 'open', AbortSignal.timeout(10_000));
  await resumed;
  return sotto;
}

export async function makePerson(
  options: { url: string; mailbox: Pick<Mailbox, 'code'>; name: string } & MakePerson,
): Promise<NetworkPerson> {
  const { url, mailbox, name } = options;
  const handle = options.handle ?? handleOf(name);
  const address = `${handle}@people.test`;
  const signedIn = await signIn(url, address, mailbox.code);
  const { token } = signedIn;
  const call = createCaller({ baseUrl: url, token });
  const me =
    options.complete === false ? signedIn.me : await call('PATCH /v1/me', { body: { handle, name } });
  const devices: Sotto[] = [];
  const device = async (more: Partial<SottoOptions> = {}): Promise<Sotto> => {
    const sotto = await startClient({ baseUrl: url, token, ...more });
    devices.push(sotto);
    return sotto;
  };
  const sotto = options.online === false ? createSotto({ baseUrl: url, token }) : await device();
  return {
    name,
    handle,
    address,
    id: me.id,
    token,
    me,
    call,
    sotto,
    device,
    stop: async () => {
      for (const each of devices) each.stop();
    },
  };
}

/** They follow each other: what one writes to another is no request (BC-10). */
export async function acquaint(...people: readonly Pick<NetworkPerson, 'call' | 'id'>[]): Promise<void> {
  for (const one of people)
    for (const other of people)
      if (one !== other) await one.call('PUT /v1/people/:account/follow', { params: { account: other.id } });
}
