declare global {
  /** What `start.js` has asked for before any of this was there: answers on their way, by URL. */
  var sottoEarly: Map<string, Promise<Response>> | undefined;
}

export interface Early {
  /** As `fetch`; the first to ask for what is on its way already gets that. */
  readonly fetch: typeof fetch;
  /** What is not there yet is older than what is known from now on. */
  forget(): void;
}

/** @param asked answers by URL; those beside `me` count only while the session that `me` found is there */
export function earlyAnswers(asked: Map<string, Promise<Response>>, me: string, ask: typeof fetch): Early {
  const found = asked.get(me)?.then(
    answer => answer.ok,
    () => false,
  );
  let isOver = false;
  const take = async (url: string, early: Promise<Response>, init: RequestInit | undefined) => {
    if (url === me) return orAborted(early, init?.signal);
    // Refused as nobody's: whoever has signed in meanwhile asks anew.
    if (!(await found)) return ask(url, init);
    const answer = await orAborted(early, init?.signal);
    return isOver ? ask(url, init) : answer;
  };
  return {
    fetch: (input, init) => {
      const answer =
        typeof input === 'string' && (init?.method ?? 'GET') === 'GET' ? asked.get(input) : undefined;
      if (typeof input !== 'string' || !answer) return ask(input, init);
      asked.delete(input);
      return take(input, answer, init);
    },
    forget() {
      isOver = true;
      asked.clear();
    },
  };
}

const orAborted = (answer: Promise<Response>, signal: AbortSignal | null | undefined): Promise<Response> =>
  new Promise((resolve, reject) => {
    const abort = () => reject(signal?.reason);
    if (signal?.aborted) abort();
    signal?.addEventListener('abort', abort, { once: true });
    answer.then(resolve, reject);
  });
