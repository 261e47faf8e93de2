import type { Routes } from '../../edge/http/caller.ts';
import type { Context } from './context.ts';
import { decideReport } from './decide.ts';
import { getReport, listReports } from './queue.ts';
import { listOwn, makeReport } from './report.ts';

export const moderationRoutes = (context: Context) =>
  ({
    'POST /v1/reports': async ({ body }, { viewer }) => makeReport(context, viewer.account, body),
    'GET /v1/me/reports': async (_, { viewer }) => ({ reports: await listOwn(context, viewer.account) }),
    'GET /v1/admin/reports': async ({ query }) => listReports(context, query),
    'GET /v1/admin/reports/:report': async ({ params }) => getReport(context, params.report),
    'POST /v1/admin/reports/:report/decision': async ({ params, body }, { viewer }) =>
      decideReport(context, viewer.account, params.report, body),
  }) satisfies Routes;
