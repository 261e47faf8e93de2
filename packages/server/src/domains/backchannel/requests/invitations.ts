import type { Work } from '../../../platform/work.ts';

/** What becomes of an invitation to a group: the groups' own part, under the conversation's lock. */
export interface GroupInvitations {
  /** They are in the group; everyone in it is told. */
  join(work: Work, account: string, conversation: string): Promise<void>;
  /** It is gone from their requests; nobody else is told. */
  decline(work: Work, account: string, conversation: string): Promise<void>;
  /** One that they have not seen never comes to them; nobody is told. */
  withhold(work: Work, account: string, conversation: string): Promise<void>;
}
