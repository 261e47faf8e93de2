import type { ConversationId, Person } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import type { Page } from '../stores/log-window.ts';

export type LogQuery =
  | { readonly after: number }
  | { readonly before: number }
  | { readonly around: number }
  | { readonly at: string }
  | Record<never, never>;

/** Messages on a page that a person turns; and on one that fills a gap. */
export const PAGE = 50;
const GAP_PAGE = 200;

export interface LogPage extends Page {
  /** With `at`: the `seq` it fell on. */
  readonly at: number | null;
}

/** Reads pages of one conversation's log. */
export const logSource =
  (
    call: Call,
    conversation: ConversationId,
    options: {
      /** The head that is known now. */
      knownHead: () => number;
      onPeople: (people: readonly Person[]) => void;
    },
  ) =>
  async (query: LogQuery, limit = 'after' in query ? GAP_PAGE : PAGE): Promise<LogPage> => {
    const knownHead = options.knownHead();
    const { people, ...page } = await call('GET /v1/conversations/:conversation/log', {
      params: { conversation },
      query: { ...query, limit },
    });
    options.onPeople(people);
    return { ...page, knownHead };
  };
