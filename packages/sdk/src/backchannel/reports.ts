import type { OwnReport, ServerFrame } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import { createStore } from '../stores/store.ts';
import type { Reports } from './types.ts';

export interface ReportsService {
  readonly reports: Reports;
  handle(frame: ServerFrame): void;
  /** Loads anew what was loaded before. */
  refresh(): void;
}

/** One's own reports and what came of them (BC-7). */
export function createReports(call: Call): ReportsService {
  const own = createStore<readonly OwnReport[] | null>(null);
  const open = createStore<number | null>(null);
  const adopt = (report: OwnReport): OwnReport => {
    own.update(
      now =>
        now &&
        (now.some(each => each.id === report.id)
          ? now.map(each => (each.id === report.id ? report : each))
          : [report, ...now]),
    );
    return report;
  };
  const load = async (): Promise<readonly OwnReport[]> => {
    const { reports } = await call('GET /v1/me/reports');
    own.set(reports);
    return reports;
  };
  return {
    reports: {
      own,
      open,
      load,
      make: async report => adopt(await call('POST /v1/reports', { body: report })),
    },
    handle(frame) {
      if (frame.type === 'report') adopt(frame.report);
      else if (frame.type === 'reportsOpen') open.set(frame.open);
    },
    refresh() {
      if (own.getSnapshot()) void load().catch(() => {});
    },
  };
}
