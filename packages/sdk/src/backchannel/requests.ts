import type { ConversationId, Request, ServerFrame } from '@sotto/protocol';
import { isSottoError } from '../calls/error.ts';
import { createStore } from '../stores/store.ts';
import type { BackchannelContext } from './context.ts';
import type { InboxService } from './inbox.ts';
import type { RequestList, Requests, RequestsView } from './types.ts';

export interface RequestsService {
  readonly requests: Requests;
  handle(frame: ServerFrame): void;
  /** So many wait, the server says. */
  counted(waiting: number): void;
  /** Loads anew what a screen shows. */
  refresh(): void;
}

/** Decided at once by one call. */
const DECIDE_MAX = 100;
const PAGE = 50;

const emptyView: RequestsView = {
  state: 'loading',
  error: null,
  requests: [],
  hasMore: false,
  loadingMore: false,
  waiting: 0,
  held: 0,
};

interface List {
  readonly face: RequestList;
  /** Only if a screen shows it. */
  refresh(): void;
  count(counts: { waiting?: number; held?: number }): void;
  drop(ids: ReadonlySet<ConversationId>): number;
}

export function createRequests(context: BackchannelContext, inbox: InboxService): RequestsService {
  const { call, people } = context;

  const adopt = (requests: readonly Request[]) => {
    people.add(requests.flatMap(({ from, provenance }) => [from, ...provenance.mutual.people]));
    inbox.apply({ type: 'fetched', conversations: requests.map(request => request.conversation) });
  };
  const count = (counts: { waiting?: number; held?: number }) => {
    if (counts.waiting !== undefined) inbox.countRequests(counts.waiting);
    for (const list of lists) list.count(counts);
  };

  const createList = (view: 'waiting' | 'held'): List => {
    const store = createStore<RequestsView>(emptyView);
    let viewers = 0;
    let next: string | null = null;
    let loading: Promise<void> | null = null;
    let again = false;

    const read = async (after?: string): Promise<readonly Request[]> => {
      const query = after === undefined ? { view, limit: PAGE } : { view, limit: PAGE, after };
      const page = await call('GET /v1/requests', { query });
      next = page.next;
      adopt(page.requests);
      count({ waiting: page.waiting, held: page.held });
      return page.requests;
    };
    const attempt = async (work: () => Promise<readonly Request[]>) => {
      try {
        const requests = await work();
        store.update(now => ({ ...now, state: 'ready', error: null, requests, hasMore: next !== null }));
      } catch (thrown) {
        if (!isSottoError(thrown)) throw thrown;
        const { code } = thrown;
        store.update(now => ({ ...now, error: code, state: now.state === 'ready' ? 'ready' : 'failed' }));
      }
    };
    const load = async () => {
      do {
        again = false;
        await attempt(() => read());
      } while (again);
    };
    const reload = () => {
      again = true;
      loading ??= load().finally(() => {
        loading = null;
      });
      return loading;
    };

    return {
      face: {
        getSnapshot: store.getSnapshot,
        subscribe: store.subscribe,
        watch() {
          viewers += 1;
          if (viewers === 1) void reload();
          let stopped = false;
          return () => {
            if (!stopped) viewers -= 1;
            stopped = true;
          };
        },
        async loadMore() {
          const { loadingMore, requests } = store.getSnapshot();
          const after = next;
          if (after === null || loadingMore || loading !== null) return;
          store.update(now => ({ ...now, loadingMore: true }));
          const known = new Set(requests.map(each => each.conversation.id));
          await attempt(async () => {
            const more = await read(after);
            const now = store.getSnapshot().requests;
            return [...now, ...more.filter(each => !known.has(each.conversation.id))];
          });
          store.update(now => ({ ...now, loadingMore: false }));
        },
      },
      refresh() {
        if (viewers > 0) void reload();
      },
      count: counts => store.update(now => ({ ...now, ...counts })),
      drop(ids) {
        const { requests } = store.getSnapshot();
        const left = requests.filter(each => !ids.has(each.conversation.id));
        if (left.length < requests.length) store.update(now => ({ ...now, requests: left }));
        return requests.length - left.length;
      },
    };
  };

  const waiting = createList('waiting');
  const held = createList('held');
  const lists = [waiting, held];

  const drop = (ids: readonly ConversationId[]) => {
    const gone = new Set(ids);
    const dropped = waiting.drop(gone);
    if (dropped > 0) count({ waiting: Math.max(0, inbox.inbox.getSnapshot().requests - dropped) });
    const unheld = held.drop(gone);
    if (unheld > 0) count({ held: Math.max(0, held.face.getSnapshot().held - unheld) });
  };
  const refresh = () => {
    for (const list of lists) list.refresh();
  };

  return {
    requests: {
      waiting: waiting.face,
      held: held.face,
      async get(conversation) {
        const request = await call('GET /v1/requests/:conversation', { params: { conversation } });
        adopt([request]);
        return request;
      },
      async accept(conversation) {
        const accepted = await call('POST /v1/requests/:conversation/accept', { params: { conversation } });
        inbox.apply({ type: 'fetched', conversations: [accepted] });
        drop([conversation]);
        return accepted;
      },
      async remove(conversation) {
        await call('POST /v1/requests/:conversation/delete', { params: { conversation } });
        inbox.apply({ type: 'absent', conversation });
        drop([conversation]);
      },
      async decide(conversations, action) {
        const done: ConversationId[] = [];
        for (let from = 0; from < conversations.length; from += DECIDE_MAX) {
          const reply = await call('POST /v1/requests/decide', {
            body: { conversations: conversations.slice(from, from + DECIDE_MAX), action },
          });
          done.push(...reply.done);
          drop(reply.done);
          for (const conversation of reply.done)
            inbox.apply({ type: action === 'accept' ? 'doubted' : 'absent', conversation });
        }
        return done;
      },
      async report(conversations, reason, note = '') {
        for (const conversation of conversations) {
          await call('POST /v1/reports', { body: { conversation, reason, note, block: true } }).catch(
            error => {
              // Decided elsewhere, or gone with another request of the same person.
              if (!isSottoError(error) || error.code !== 'not_found') throw error;
            },
          );
          inbox.apply({ type: 'absent', conversation });
          drop([conversation]);
        }
      },
    },
    handle(frame) {
      if (frame.type === 'requests') {
        count({ waiting: frame.waiting });
        refresh();
      } else if (frame.type === 'conversationGone') drop([frame.conversation]);
      else if (frame.type === 'conversation' && frame.conversation.state === 'active')
        drop([frame.conversation.id]);
    },
    counted: waiting => count({ waiting }),
    refresh,
  };
}
