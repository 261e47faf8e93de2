import type { AccountId, Id, RoomId } from '@sotto/protocol';
import type { MediaNode } from '@sotto/sfu';

interface Session {
  room: RoomId;
  account: AccountId;
}

/** Who has audio on this node, so that the rooms can check it against the database (RT-9). */
export function watchSessions({ events }: MediaNode): { all(): Session[] } {
  const sessions = new Map<Id, Session>();
  events.on('connected', ({ roomId, participantId, sessionId }) =>
    sessions.set(sessionId, { room: roomId, account: participantId }),
  );
  events.on('closed', ({ sessionId }) => sessions.delete(sessionId));
  return { all: () => [...sessions.values()] };
}
