import type { ServerFrame } from '@sotto/protocol';
import type { CloseReason, MediaNode } from '@sotto/sfu';
import type { Channel } from '../../platform/bus/index.ts';
import type { Platform } from '../../platform/platform.ts';

/** Ends that nobody decided: the client makes a new offer (AU-7). The others have an event of their own. */
const lost: ReadonlySet<CloseReason> = new Set(['timeout', 'lost', 'failed', 'flooding', 'node_stopped']);

/** What happens in the audio plane, as frames (AU-8, AU-10). */
export function tellEvents(platform: Platform, node: MediaNode): void {
  const { events } = node;
  const toRoom = (room: string, frame: ServerFrame): void => {
    const channel: Channel = `room:${room}`;
    platform.bus.publish({ kind: 'frame', to: { channel }, frame });
  };
  const toPerson = (account: string, frame: ServerFrame): void =>
    platform.bus.publish({ kind: 'frame', to: { accounts: [account] }, frame });

  events.on('speaking', ({ roomId, speakers }) =>
    toRoom(roomId, {
      type: 'roomSpeaking',
      room: roomId,
      speaking: speakers.map(({ participantId, level }) => ({ account: participantId, level })),
    }),
  );
  events.on('slots', ({ roomId, slots }) =>
    toRoom(roomId, { type: 'roomSlots', room: roomId, slots: [...slots] }),
  );
  events.on('silentUplink', ({ roomId, participantId }) =>
    toPerson(participantId, { type: 'roomSilentMicrophone', room: roomId }),
  );
  events.on('closed', ({ roomId, participantId, sessionId, reason }) => {
    if (!lost.has(reason)) return;
    toPerson(participantId, { type: 'roomAudioLost', room: roomId, session: sessionId, reason });
  });
}
