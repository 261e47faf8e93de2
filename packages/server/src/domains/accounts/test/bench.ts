import type { CallInput, CallKey, CallOutput, Calls, ErrorCode } from '@sotto/protocol';
import type { AllRoutes, Routes, Viewer } from '../../../edge/http/caller.ts';
import { createHttp } from '../../../edge/http/server.ts';
import { terminalMailer } from '../../../platform/mail/index.ts';
import { createMetrics } from '../../../platform/metrics/index.ts';
import { terminalSmsSender } from '../../../platform/sms/index.ts';
import { type TestPlatform, testPlatform } from '../../../platform/testing.ts';
import { type Accounts, createAccounts } from '../index.ts';
import { hashToken, newToken } from '../secrets.ts';
import { insertSession } from '../session-store.ts';
import { insertAccount } from '../store.ts';

type Everything<C> = C extends unknown ? Partial<C> : never;
type Input<K extends CallKey> = Everything<CallInput<Calls[K]>> | Record<string, unknown>;

interface Answer<K extends CallKey> {
  status: number;
  headers: Record<string, unknown>;
  body: CallOutput<Calls[K]>;
  /** Set where the status is not 2xx. */
  error: { code: ErrorCode; details: Record<string, unknown> };
}

/** A call through the real edge: its validation, access and error mapping, each reply checked against the contract. */
export type CallApi = <K extends CallKey>(
  key: K,
  input?: Input<K>,
  caller?: { token?: string; address?: string; headers?: Record<string, string> },
) => Promise<Answer<K>>;

export async function testApi(
  platform: TestPlatform,
  accounts: Pick<Accounts, 'authenticate'>,
  routes: Routes,
): Promise<{ call: CallApi; close(): Promise<void> }> {
  const app = await createHttp({
    // The calls of other domains are registered too, and not called here.
    routes: routes as AllRoutes,
    authenticate: accounts.authenticate,
    log: platform.log,
    // A registry takes each metric once, and a platform may have several edges here.
    metrics: createMetrics(),
    trustProxy: false,
    publicUrl: () => 'http://localhost',
    limitFactor: 1000,
    checkReplies: true,
  });
  const call: CallApi = async (key, given = {}, caller = {}) => {
    const input: { params?: object; query?: object; body?: object; bytes?: Uint8Array; type?: string } =
      given;
    const [method = '', template = ''] = key.split(' ');
    const params = new Map(Object.entries(input.params ?? {}));
    const url = template.replace(/:(\w+)/g, (_, name) => encodeURIComponent(String(params.get(name))));
    const response = await app.inject({
      method: method as 'GET',
      url,
      ...(input.query && {
        query: Object.fromEntries(Object.entries(input.query).map(([k, v]) => [k, String(v)])),
      }),
      ...(input.body && { payload: input.body }),
      ...(input.bytes && { payload: Buffer.from(input.bytes) }),
      ...(caller.address && { remoteAddress: caller.address }),
      headers: {
        ...(caller.token && { authorization: `Bearer ${caller.token}` }),
        ...(input.type && { 'content-type': input.type }),
        ...caller.headers,
      },
    });
    const body = response.body === '' ? {} : JSON.parse(response.body);
    return { status: response.statusCode, headers: response.headers, body, error: body.error };
  };
  return { call, close: () => app.close() };
}

/** Somebody with a session. */
export interface TestPerson {
  id: string;
  token: string;
  viewer: Viewer;
  handle: string;
}

export interface AccountsBench {
  platform: TestPlatform;
  accounts: Accounts;
  call: CallApi;
  /** What the terminal showed. */
  printed: string[];
  /** The newest code that was printed for an address. */
  codeFor(address: string): string;
  /** A session for this address, by a code. */
  signIn(address: string): Promise<{ id: string; token: string }>;
  /** Signed in without the detour of a code, the profile made. */
  person(handle: string, name?: string): Promise<TestPerson>;
  close(): Promise<void>;
}

const makeAccount = (platform: TestPlatform, address: string) =>
  platform.transact(async ({ tx }) => {
    const id = await insertAccount(tx, { kind: 'email', address }, platform.now());
    const token = newToken();
    await insertSession(tx, { account_id: id, token_hash: hashToken(token), client: 'test' }, platform.now());
    return { id, token };
  });

/** The accounts domain behind the real edge, on a real database, with the terminal for mail and SMS. */
export async function accountsBench(
  more: (platform: TestPlatform, accounts: Accounts) => Routes = () => ({}),
): Promise<AccountsBench> {
  const platform = await testPlatform();
  const printed: string[] = [];
  const write = (line: string): void => void printed.push(line);
  const accounts = createAccounts(platform, {
    mailer: terminalMailer(write),
    smsSender: terminalSmsSender(write),
  });
  const api = await testApi(platform, accounts, { ...accounts.routes, ...more(platform, accounts) });
  const codeFor = (address: string): string => {
    const line = printed.findLast(text => text.startsWith(`Sign-in code for ${address}: `));
    const code = line && /: (\d{3}) (\d{3})\n$/.exec(line);
    if (!code) throw new Error(`no code was printed for ${address}`);
    return `${code[1]}${code[2]}`;
  };
  const signIn = async (address: string) => {
    await api.call('POST /v1/sign-in/codes', { body: { address } });
    const body = { address, code: codeFor(address), transport: 'token' };
    const answer = await api.call('POST /v1/sign-in', { body });
    if (answer.status !== 200 || !answer.body.token) throw new Error(`sign-in: ${answer.error?.code}`);
    return { id: answer.body.me.id, token: answer.body.token };
  };
  return {
    platform,
    accounts,
    call: api.call,
    printed,
    codeFor,
    signIn,
    person: async (handle, name = handle) => {
      const { id, token } = await makeAccount(platform, `${handle}@people.test`);
      const changed = await api.call('PATCH /v1/me', { body: { handle, name } }, { token });
      if (changed.status !== 200) throw new Error(`profile: ${changed.error.code}`);
      const viewer = await accounts.authenticate(token);
      if (!viewer) throw new Error('person: the session is gone');
      return { id, token, viewer, handle };
    },
    close: async () => {
      await api.close();
      await platform.close();
    },
  };
}
