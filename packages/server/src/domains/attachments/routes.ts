import type { Routes } from '../../edge/http/caller.ts';
import { ownUpload, visibleAttachment } from './access.ts';
import type { Context } from './context.ts';
import { doFinishUpload } from './finish.ts';
import { doCancelUpload, doOpenUpload, doStoreChunk } from './uploads.ts';

export const attachmentRoutes = (context: Context) =>
  ({
    'POST /v1/uploads': ({ body }, { viewer }) => doOpenUpload(context, viewer, body),

    'PUT /v1/uploads/:upload/bytes': ({ params, query, bytes }, { viewer }) =>
      doStoreChunk(context, viewer, params.upload, query.offset, bytes),

    'GET /v1/uploads/:upload': async ({ params }, { viewer }) => {
      const { stored, bytes } = await ownUpload(context.db, viewer.account, params.upload);
      return { offset: stored, bytes };
    },

    'DELETE /v1/uploads/:upload': async ({ params }, { viewer }) => {
      await doCancelUpload(context, viewer, params.upload);
      return undefined;
    },

    'POST /v1/uploads/:upload/finish': ({ params, body }, { viewer }) =>
      doFinishUpload(context, viewer, params.upload, body),

    'GET /v1/attachments/:attachment': async ({ params }, { viewer }) =>
      context.links.present(
        await visibleAttachment(context.db, context.ports, viewer.account, params.attachment),
      ),
  }) satisfies Routes;
