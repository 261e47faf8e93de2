import type { Routes } from '../../edge/http/caller.ts';
import { checkPicture } from '../../platform/images/index.ts';
import { version } from '../../platform/version.ts';
import type { Context } from './context.ts';
import { doChangePicture, doRemovePicture } from './picture.ts';
import { checkProfile, doChangeProfile, handleIsFree } from './profile.ts';
import { meOf } from './projections.ts';
import { doEndOtherSessions, doEndSession, doSignOut, sessionsOf } from './sessions.ts';
import { checkAddress, checkCode, doRequestCode, doSignIn } from './sign-in.ts';
import { anyAccount } from './store.ts';
import { doOpenTicket } from './tickets.ts';

/** How one can sign in here. Where nothing is delivered, the operator passes on what the terminal shows. */
export interface SignInWays {
  email: boolean;
  phone: boolean;
  printed: boolean;
}

export const signInWays = ({ mailer, smsSender }: Context): SignInWays => {
  const printed = mailer.printed && smsSender.printed;
  return { email: printed || !mailer.printed, phone: printed || !smsSender.printed, printed };
};

export const accountRoutes = (context: Context) =>
  ({
    'GET /v1/server': async () => ({
      name: 'Sotto',
      version,
      signIn: signInWays(context),
      firstAccount: !(await anyAccount(context.db)),
    }),
    'POST /v1/sign-in/codes': async ({ body }) => doRequestCode(context, checkAddress(body.address)),
    'POST /v1/sign-in': async ({ body }, { client }, cookies) => {
      const address = checkAddress(body.address);
      const codeHash = await checkCode(context, address.address, body.code);
      const { me, token } = await doSignIn(context, address, codeHash, client);
      if (body.transport === 'token') return { me, token };
      cookies.setSession(token);
      return { me, token: null };
    },
    'POST /v1/sign-out': async (_, { viewer }, cookies) => {
      await doSignOut(context, viewer);
      cookies.clearSession();
    },
    'GET /v1/me': (_, { viewer }) => meOf(context, viewer.account),
    'PATCH /v1/me': ({ body }, { viewer }) => doChangeProfile(context, viewer, checkProfile(body)),
    'PUT /v1/me/picture': async ({ bytes }, { viewer }) =>
      doChangePicture(context, viewer, await checkPicture(bytes)),
    'DELETE /v1/me/picture': (_, { viewer }) => doRemovePicture(context, viewer),
    'GET /v1/handles/:handle': async ({ params }, { viewer }) => ({
      handle: params.handle,
      free: await handleIsFree(context, viewer, params.handle),
    }),
    'GET /v1/me/sessions': async (_, { viewer }) => ({ sessions: await sessionsOf(context, viewer) }),
    'DELETE /v1/me/sessions/:session': async ({ params }, { viewer }) => {
      await doEndSession(context, viewer, params.session);
    },
    'DELETE /v1/me/sessions': async (_, { viewer }) => ({ ended: await doEndOtherSessions(context, viewer) }),
    'POST /v1/socket-tickets': (_, { viewer }) => doOpenTicket(context, viewer),
  }) satisfies Routes;
