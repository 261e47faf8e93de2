import type { Session } from '@sotto/protocol';
import type { Viewer } from '../../edge/http/caller.ts';
import { refuse } from '../../platform/refusal.ts';
import type { Work } from '../../platform/work.ts';
import type { Context } from './context.ts';
import { LAST_SEEN_STEP, SESSION_LIFETIME } from './policy.ts';
import { hashToken } from './secrets.ts';
import {
  aliveSessions,
  deleteSessions,
  deleteUnusedSessions,
  findBySession,
  findByToken,
  listSessions,
  touchSession,
} from './session-store.ts';

/** Sessions last used before this are over. */
const since = (context: Context): Date => new Date(context.now().getTime() - SESSION_LIFETIME);

type Row = Awaited<ReturnType<typeof findByToken>>;

async function viewerOf(context: Context, row: Row): Promise<Viewer | null> {
  if (!row) return null;
  const now = context.now();
  const before = new Date(now.getTime() - LAST_SEEN_STEP);
  if (row.last_seen_at < before) await touchSession(context.db, row.id, now, before);
  return { account: row.account_id, session: row.id, complete: row.complete, admin: row.admin };
}

export async function authenticate(context: Context, token: string): Promise<Viewer | null> {
  const hash = hashToken(token);
  const key = hash.toString('base64');
  const known = context.viewers.get(key);
  if (known) return known;
  return context.viewers.load(key, async () =>
    viewerOf(context, await findByToken(context.db, hash, since(context))),
  );
}

export const viewerOfSession = async (context: Context, session: string): Promise<Viewer | null> =>
  viewerOf(context, await findBySession(context.db, session, since(context)));

/** Which of these are not over (RT-9: asked again every 60 s for open sockets). */
export const sessionAlive = async (context: Context, sessions: readonly string[]): Promise<Set<string>> =>
  new Set(sessions.length === 0 ? [] : await aliveSessions(context.db, sessions, since(context)));

export async function sessionsOf(context: Context, viewer: Viewer): Promise<Session[]> {
  const rows = await listSessions(context.db, viewer.account, since(context));
  return rows.map(row => ({
    id: row.id,
    createdAt: row.created_at.toISOString(),
    lastSeenAt: row.last_seen_at.toISOString(),
    client: row.client,
    current: row.id === viewer.session,
  }));
}

/** This node forgets them before the reply, the others when the bus brings them the word. */
export function tellEnded(context: Context, work: Work, sessions: readonly string[]): void {
  if (sessions.length === 0) return;
  work.afterCommit(() => {
    context.viewers.forgetSessions(sessions);
    context.log.info({ sessions: sessions.length }, 'sessions ended');
  });
  work.emit({ kind: 'sessionsEnded', sessions });
}

/** Ends a session of the viewer's own; another's is as absent as one that never was. */
export const doEndSession = (context: Context, viewer: Viewer, session: string): Promise<void> =>
  context.transact(async work => {
    const ended = await deleteSessions(work.tx, viewer.account, { only: session });
    if (ended.length === 0) throw refuse('not_found');
    tellEnded(context, work, ended);
  });

/** Ends the session of this very request; that it is over already is no error. */
export const doSignOut = (context: Context, viewer: Viewer): Promise<void> =>
  context.transact(async work =>
    tellEnded(context, work, await deleteSessions(work.tx, viewer.account, { only: viewer.session })),
  );

/** @returns how many were ended */
export const doEndOtherSessions = (context: Context, viewer: Viewer): Promise<number> =>
  context.transact(async work => {
    const ended = await deleteSessions(work.tx, viewer.account, { except: viewer.session });
    tellEnded(context, work, ended);
    return ended.length;
  });

/** Deletes what was not used for the lifetime of a session. */
export const doEndUnusedSessions = (context: Context): Promise<void> =>
  context.transact(async work =>
    tellEnded(context, work, await deleteUnusedSessions(work.tx, since(context))),
  );
