import type { CallKey, CallOutput, CallParsed, Calls } from '@sotto/protocol';

/** Whose session a request came with. */
export interface Viewer {
  account: string;
  session: string;
  /** Handle and name are set. */
  complete: boolean;
  admin: boolean;
}

/** Who is calling, as far as the edge can tell. */
export interface Caller {
  viewer: Viewer | null;
  /** The address the request came from, behind the proxies that `TRUST_PROXY` names. */
  address: string;
  /** User-Agent, cut to 200 characters. */
  client: string;
}

type SignedIn = Caller & { viewer: Viewer };
type CallerOf<C> = C extends { access: 'public' } ? Caller : SignedIn;

/** What a route may do to the reply beside answering: browsers keep their session in a cookie. */
export interface ReplyCookies {
  setSession(token: string): void;
  clearSession(): void;
}

export type Handler<K extends CallKey> = (
  input: CallParsed<Calls[K]>,
  caller: CallerOf<Calls[K]>,
  cookies: ReplyCookies,
) => Promise<CallOutput<Calls[K]>>;

/** A domain's routes: contract to action. */
export type Routes = { [K in CallKey]?: Handler<K> };
/** Every call answered: `app.ts` puts the domains' routes together, and the compiler finds what is missing. */
export type AllRoutes = { [K in CallKey]: Handler<K> };

/** Port to the accounts domain: whose token this is. Null for none, ended or unknown. */
export type Authenticate = (token: string) => Promise<Viewer | null>;
