import type { Routes } from '../../edge/http/caller.ts';
import { listAudience } from './audience.ts';
import { connectAudio } from './audio.ts';
import type { Context } from './context.ts';
import { enterRoom, leaveRoom, openRoom } from './enter.ts';
import { listRooms, roomDoor } from './hallway.ts';
import * as moderation from './moderation.ts';
import { freshSnapshot } from './snapshot.ts';
import * as stage from './stage.ts';

/** Contract to action. */
export const roomRoutes = (context: Context) =>
  ({
    'GET /v1/rooms': async (_, { viewer }) => ({ rooms: await listRooms(context, viewer.account) }),
    'POST /v1/rooms': ({ body }, { viewer }) => openRoom(context, viewer, body),
    'GET /v1/rooms/:room': ({ params, query }, { viewer }) =>
      roomDoor(context, viewer.account, params.room, query.key),
    'POST /v1/rooms/:room/enter': ({ params, body }, { viewer }) =>
      enterRoom(context, viewer, { ...params, ...body }),
    'GET /v1/rooms/:room/snapshot': ({ params }, { viewer }) =>
      freshSnapshot(context, params.room, viewer.account),
    'GET /v1/rooms/:room/audience': ({ params, query }, { viewer }) =>
      listAudience(context, viewer.account, params.room, query),
    'POST /v1/rooms/:room/audio': ({ params, body }, { viewer }) =>
      connectAudio(context, viewer.account, { ...params, ...body }),
    'POST /v1/rooms/:room/leave': async ({ params, body }, { viewer }) => {
      await leaveRoom(context, viewer.account, { ...params, ...body });
      return undefined;
    },
    'POST /v1/rooms/:room/end': nothing(({ params }, who) => stage.endRoom(context, who, params)),
    'PATCH /v1/rooms/:room': async ({ params, body }, { viewer }) => {
      await stage.changeRoom(context, viewer.account, params, body);
      return undefined;
    },
    'PUT /v1/rooms/:room/hand': ({ params, body }, { viewer }) =>
      stage.raiseHand(context, viewer.account, params, body.line),
    'DELETE /v1/rooms/:room/hand': nothing(({ params }, who) => stage.lowerHand(context, who, params)),
    'POST /v1/rooms/:room/invitation/accept': nothing(({ params }, who) =>
      stage.acceptInvitation(context, who, params),
    ),
    'POST /v1/rooms/:room/invitation/decline': nothing(({ params }, who) =>
      stage.declineInvitation(context, who, params),
    ),
    'POST /v1/rooms/:room/step-down': nothing(({ params }, who) => stage.stepDown(context, who, params)),
    'PUT /v1/rooms/:room/mute': async ({ params, body }, { viewer }) => {
      await stage.setMuted(context, viewer.account, params, body.muted);
      return undefined;
    },
    'POST /v1/rooms/:room/moderation/accept': nothing(({ params }, who) =>
      stage.acceptModeration(context, who, params),
    ),
    ...aboutSomeone(context),
  }) satisfies Routes;

const aboutSomeone = (context: Context) =>
  ({
    'DELETE /v1/rooms/:room/hands/:account': nothing(({ params }, who) =>
      stage.lowerHandOf(context, who, params),
    ),
    'PUT /v1/rooms/:room/invitations/:account': nothing(({ params }, who) =>
      stage.inviteToStage(context, who, params),
    ),
    'POST /v1/rooms/:room/people/:account/mute': nothing(({ params }, who) =>
      stage.mutePerson(context, who, params),
    ),
    'POST /v1/rooms/:room/people/:account/move-down': nothing(({ params }, who) =>
      stage.moveDown(context, who, params),
    ),
    'PUT /v1/rooms/:room/moderators/:account': nothing(({ params }, who) =>
      stage.makeModerator(context, who, params),
    ),
    'PUT /v1/rooms/:room/kept-out/:account': nothing(({ params }, who) =>
      moderation.removePerson(context, who, params),
    ),
    'DELETE /v1/rooms/:room/kept-out/:account': nothing(({ params }, who) =>
      moderation.letBackIn(context, who, params),
    ),
    'GET /v1/rooms/:room/kept-out': ({ params }, { viewer }) =>
      moderation.listKeptOut(context, viewer.account, params.room),
    'PUT /v1/rooms/:room/pings/:account': nothing(({ params }, who) =>
      moderation.pingPerson(context, who, params),
    ),
  }) satisfies Routes;

/** For the calls that answer nothing but that it is done. */
function nothing<P>(
  action: (input: { params: P }, viewer: string) => Promise<void>,
): (input: { params: P }, caller: { viewer: { account: string } }) => Promise<undefined> {
  return async (input, { viewer }) => {
    await action(input, viewer.account);
    return undefined;
  };
}
