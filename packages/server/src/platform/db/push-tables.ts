import type { Generated } from 'kysely';

/** Tables of migration 005 for pushes. */
export interface PushTables {
  push_subscriptions: {
    id: Generated<string>;
    account_id: string;
    /** Signed out, it is gone. */
    session_id: string;
    endpoint: string;
    p256dh: string;
    auth: string;
    created_at: Date;
    /** The service asked to be left alone until then, or failed. */
    retry_at: Date | null;
    failures: Generated<number>;
  };
  push_choices: {
    account_id: string;
    direct: Generated<boolean>;
    groups: Generated<boolean>;
    mentions: Generated<boolean>;
    /** Minutes since midnight in `quiet_zone`; all three or none. */
    quiet_from: number | null;
    quiet_to: number | null;
    quiet_zone: string | null;
    hide_text: Generated<boolean>;
  };
  /** What is to be pushed, a row a conversation; written with the message, or by a trigger of the read mark. */
  push_owed: {
    account_id: string;
    conversation_id: string;
    /** The newest message it is about. */
    seq: number;
    mentioned: Generated<boolean>;
    due_at: Date;
    tries: Generated<number>;
    /** Subscriptions that have it already. */
    sent_to: Generated<string[]>;
    /** The message that these were told of; 0: that it is taken away (migration 010). */
    sent_seq: Generated<number | null>;
  };
  /** Conversations of which a notification was sent and nothing said it is read. */
  push_shown: {
    account_id: string;
    conversation_id: string;
    /** The message that stands in it. */
    seq: number;
    /** It is not to be seen any more: taken out of view, or its writer blocked (migration 010). */
    gone: Generated<boolean>;
  };
}
