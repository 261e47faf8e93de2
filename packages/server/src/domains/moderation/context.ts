import type {
  AccountId,
  Attachment,
  ConversationId,
  ConversationKind,
  Id,
  LogEntry,
  Person,
} from '@sotto/protocol';
import type { Executor } from '../../platform/db/index.ts';
import type { Platform } from '../../platform/platform.ts';
import type { Work } from '../../platform/work.ts';

/** What moderation asks of accounts. */
export interface AccountsPort {
  people(ids: readonly AccountId[], executor?: Executor): Promise<ReadonlyMap<AccountId, Person>>;
  admins(executor?: Executor): Promise<AccountId[]>;
  standing(account: AccountId): Promise<{ silencedUntil: Date | null; suspendedUntil: Date | null }>;
  /** They write nothing until then. */
  silence(work: Work, account: AccountId, until: Date): Promise<void>;
  /** All of their sessions end, and nobody signs in to the account until then. */
  suspend(work: Work, account: AccountId, until: Date): Promise<void>;
}

/** What moderation asks of the graph. */
export interface GraphPort {
  /** Part of a transaction. Whether the account has blocked the viewer or not: that must not show (PE-5). */
  blockUnseen(work: Work, viewer: AccountId, account: AccountId): Promise<unknown>;
}

/** What moderation asks of the Backchannel. */
export interface BackchannelPort {
  /**
   * What the account reports, as it sees it now.
   * @throws Refusal `not_found`, `not_yourself`
   */
  evidence(
    account: AccountId,
    conversation: ConversationId,
    seq: number | undefined,
  ): Promise<{
    about: AccountId;
    kind: ConversationKind;
    seq: number | null;
    group: { title: string; picture: string | null } | null;
    entries: LogEntry[];
    people: Person[];
  }>;
  /** Takes a message out of view, with a trace; twice is once. */
  hide(work: Work, conversation: ConversationId, seq: number): Promise<void>;
  /** The request of `about` to `by`, if it is one, was reported. */
  markReported(
    work: Work,
    report: { conversation: ConversationId; about: AccountId; by: AccountId },
  ): Promise<void>;
}

/** What moderation asks of attachments. */
export interface FilesPort {
  present(ids: readonly Id[], executor?: Executor): Promise<ReadonlyMap<Id, Attachment>>;
}

export interface ModerationPorts {
  accounts: AccountsPort;
  graph: GraphPort;
  backchannel: BackchannelPort;
  files: FilesPort;
}

/** What the actions of this domain stand on. */
export interface Context extends Platform {
  ports: ModerationPorts;
}
