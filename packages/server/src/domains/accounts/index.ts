import type { AccountId, Me, Person } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import type { Executor } from '../../platform/db/index.ts';
import type { Mailer } from '../../platform/mail/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { SmsSender } from '../../platform/sms/index.ts';
import type { Work } from '../../platform/work.ts';
import type { Context } from './context.ts';
import { readPicture } from './picture.ts';
import { searchWords } from './policy.ts';
import { joinedAt, meOf, people } from './projections.ts';
import { accountRoutes, type SignInWays, signInWays } from './routes.ts';
import { authenticate, sessionAlive } from './sessions.ts';
import { silence, standingOf, suspend } from './standing.ts';
import { findAdmins } from './store.ts';
import { sweep } from './sweep.ts';
import { redeemTicket } from './tickets.ts';
import { createViewerCache } from './viewer-cache.ts';

export type { SignInWays } from './routes.ts';

/** Who people are, and how the server knows it: codes, sessions, tickets, profiles, pictures (PE-1, PE-4). */
export interface Accounts {
  routes: ReturnType<typeof accountRoutes>;
  /** Whose session token this is; null for none that is alive. */
  authenticate(token: string): Promise<Viewer | null>;
  /** Whose socket ticket this is (RT-8); it is spent by asking. */
  redeemTicket(ticket: string): Promise<Viewer | null>;
  /** Which of these sessions are not over (RT-9). */
  sessionAlive(sessions: readonly string[]): Promise<Set<string>>;
  /** What others see of these accounts; absent and unfinished ones are left out. */
  people(ids: readonly AccountId[], executor?: Executor): Promise<Map<AccountId, Person>>;
  /** Since when these accounts are there; absent ones are left out. */
  joinedAt(ids: readonly AccountId[], executor?: Executor): Promise<Map<AccountId, Date>>;
  /** The words of a text as search knows them: folded, letters and digits only. */
  searchWords(text: string): string[];
  /** Who runs this server. */
  admins(executor?: Executor): Promise<AccountId[]>;
  /** Until when the account is kept from writing, and from signing in (PE-9). */
  standing(account: AccountId): Promise<{ silencedUntil: Date | null; suspendedUntil: Date | null }>;
  /** It writes nothing until then; a longer time stays. */
  silence(work: Work, account: AccountId, until: Date): Promise<void>;
  /** Its sessions end with the transaction, and nobody signs in to it until then; a longer time stays. */
  suspend(work: Work, account: AccountId, until: Date): Promise<void>;
  /** What the account sees of itself. */
  meOf(account: AccountId): Promise<Me>;
  /** The bytes of `/files/pictures/<name>`, a WebP that never changes; null if absent. */
  readPicture(name: string): Promise<Buffer | null>;
  /** How one signs in to this server. */
  describe(): SignInWays;
  /** Deletes codes, tickets and sessions that are over. To be called every few minutes, on any node. */
  sweep(): Promise<void>;
  /** Ends its listening to the bus. */
  close(): void;
}

export function createAccounts(platform: Platform, deps: { mailer: Mailer; smsSender: SmsSender }): Accounts {
  const context: Context = { ...platform, ...deps, viewers: createViewerCache(platform) };
  return {
    routes: accountRoutes(context),
    authenticate: token => authenticate(context, token),
    redeemTicket: ticket => redeemTicket(context, ticket),
    sessionAlive: sessions => sessionAlive(context, sessions),
    people: (ids, executor) => people(context, ids, executor),
    joinedAt: (ids, executor) => joinedAt(context, ids, executor),
    searchWords: text => searchWords(text),
    admins: (executor = platform.db) => findAdmins(executor),
    standing: account => standingOf(context, account),
    silence: async (work, account, until) => void (await silence(work, account, until)),
    suspend: (work, account, until) => suspend(context, work, account, until),
    meOf: account => meOf(context, account),
    readPicture: name => readPicture(context, name),
    describe: () => signInWays(context),
    sweep: () => sweep(context),
    close: () => context.viewers.close(),
  };
}
