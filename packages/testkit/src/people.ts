import type { Me } from '@sotto/protocol';
import { type Call, createCaller } from '@sotto/sdk';
import type { Mailbox } from './mailbox.ts';

export interface MakePerson {
  /** The node they reach the network by. Default 0. */
  node?: number;
  /** Instead of a node's own: where a relay listens. */
  url?: string;
  /** False: signed in only, without handle and name. */
  complete?: boolean;
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

export async function makePerson(
  options: { url: string; mailbox: Pick<Mailbox, 'code'>; name: string } & MakePerson,
): Promise<NetworkPerson> {
  const { url, mailbox, name } = options;
  const handle = handleOf(name);
  const address = `${handle}@people.test`;
  const signedIn = await signIn(url, address, mailbox.code);
  const call = createCaller({ baseUrl: url, token: signedIn.token });
  const me =
    options.complete === false ? signedIn.me : await call('PATCH /v1/me', { body: { handle, name } });
  return {
    name,
    handle,
    address,
    id: me.id,
    token: signedIn.token,
    me,
    call,
    stop: async () => {},
  };
}
