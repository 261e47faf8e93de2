import type { RoomCard, ServerFrame } from '@sotto/protocol';

export type HallwayFrame = Extract<ServerFrame, { type: 'hallwayRoom' | 'hallwayGone' }>;

/**
 * What an event makes of the hallway. The server's order stays, so that nothing jumps under a finger; a new room
 * comes first. The list is fetched again now and then: these events carry no sequence.
 */
export function reduceHallway(rooms: readonly RoomCard[], frame: HallwayFrame): readonly RoomCard[] {
  if (frame.type === 'hallwayGone') {
    return rooms.some(card => card.id === frame.room) ? rooms.filter(card => card.id !== frame.room) : rooms;
  }
  const { card } = frame;
  const known = rooms.find(room => room.id === card.id);
  if (!known) return [card, ...rooms];
  const next = { ...card, why: card.why ?? known.why };
  return rooms.map(room => (room === known ? next : room));
}
