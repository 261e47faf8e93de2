import type { CallOutput, Calls } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import { isViolation } from '../../platform/db/violation.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Context } from './context.ts';
import { TICKET_LIFETIME } from './policy.ts';
import { hashToken, newToken } from './secrets.ts';
import { insertTicket, takeTicket } from './session-store.ts';
import { viewerOfSession } from './sessions.ts';

/** A ticket for one socket of this session (RT-8). */
export async function doOpenTicket(
  context: Context,
  viewer: Viewer,
): Promise<CallOutput<Calls['POST /v1/socket-tickets']>> {
  const ticket = newToken();
  const expiresAt = new Date(context.now().getTime() + TICKET_LIFETIME);
  try {
    await insertTicket(context.db, {
      ticket_hash: hashToken(ticket),
      session_id: viewer.session,
      expires_at: expiresAt,
    });
  } catch (error) {
    // The session ended while the request was on its way.
    if (isViolation(error, 'foreign_key')) throw refuse('not_signed_in');
    throw error;
  }
  return { ticket, expiresAt: expiresAt.toISOString() };
}

/** Whose ticket this is; null for one that was used, ran out, never was, or whose session is over. */
export async function redeemTicket(context: Context, ticket: string): Promise<Viewer | null> {
  const row = await takeTicket(context.db, hashToken(ticket));
  if (!row || row.expires_at <= context.now()) return null;
  return viewerOfSession(context, row.session_id);
}
