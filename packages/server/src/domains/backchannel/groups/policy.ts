import type { GroupRole } from '@sotto/protocol';

/** Days after which someone who declined can be invited into the same group again. */
export const INVITE_AGAIN_DAYS = 30;

/** What is known of someone whom a member of a group would add. */
export interface Candidate {
  id: string;
  /** Their place in the group, if they ever had one. */
  state: string | null;
  /** They follow the one who adds them, or the two have talked. */
  known: boolean;
  /** A block, either way. */
  blocked: boolean;
  accepts: 'everyone' | 'following' | 'nobody';
  /** They declined to come into this group not long ago. */
  declined: boolean;
  /** Invitations and requests they were shown in the last 24 hours. */
  shownToday: number;
}

/** What becomes of them. `never`: to the others they are invited; they themselves hear nothing of it (BC-10, BC-15, PE-5). */
export type Admission = 'inside' | 'added' | 'invited' | 'queued' | 'never';

/** To the others, all who did not come in at once are invited alike. */
export function admissionOf(
  { state, known, blocked, accepts, declined, shownToday }: Candidate,
  shownPerDay: number,
): Admission {
  if (state === 'active' || isInvited(state)) return 'inside';
  // Who left of their own will is asked, whoever it is.
  if (known && !blocked && state !== 'left') return 'added';
  if (blocked || declined || (accepts !== 'everyone' && !known)) return 'never';
  return shownToday >= shownPerDay ? 'queued' : 'invited';
}

/** Whether the group shows them as invited: what they made of it is theirs to know. */
export const isInvited = (state: string | null): boolean =>
  state === 'invited' || state === 'queued' || state === 'held' || state === 'deleted';

/** Whether one may take somebody out of the group. */
export const mayRemove = (actor: GroupRole, target: GroupRole): boolean =>
  actor === 'owner' || (actor === 'admin' && target === 'member');

export interface MemberPlace {
  account: string;
  role: GroupRole;
  joinedAt: Date;
}

/** Who gets the owner's place: the longest-standing admin, else the longest-standing member; null where nobody is left. */
export function heirOf(members: readonly MemberPlace[]): string | null {
  const rank = ({ role }: MemberPlace): number => (role === 'admin' ? 0 : 1);
  const [heir] = members.toSorted(
    (a, b) =>
      rank(a) - rank(b) || a.joinedAt.getTime() - b.joinedAt.getTime() || (a.account < b.account ? -1 : 1),
  );
  return heir?.account ?? null;
}

/** Directional overrides and isolates: in a title they would turn the text around it. */
const bidi = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

export const cleanTitle = (title: string): string => title.replace(bidi, '').replace(/\s+/g, ' ').trim();
