import { describe, expect, it } from 'vitest';
import { earlyAnswers } from './early.ts';

const ME = 'https://sotto.example/v1/me';
const LOG = 'https://sotto.example/v1/conversations/1/log';
const INBOX = 'https://sotto.example/v1/conversations';

function early(asked: Record<string, Promise<Response>>) {
  const sent: string[] = [];
  const answers = earlyAnswers(new Map(Object.entries(asked)), ME, async input => {
    sent.push(String(input));
    return new Response('asked');
  });
  return {
    ...answers,
    sent,
    read: async (url: string, init?: RequestInit) => (await answers.fetch(url, init)).text(),
  };
}
const refused = () => Promise.resolve(new Response('nobody', { status: 401 }));
const answered = (text: string) => Promise.resolve(new Response(text));

describe('what is asked for beside the script', () => {
  it('is given to whoever asks first, and once', async () => {
    const { read, sent } = early({ [ME]: answered('me'), [INBOX]: answered('inbox') });
    expect([await read(ME), await read(INBOX), await read(ME), await read(INBOX)]).toEqual([
      'me',
      'inbox',
      'asked',
      'asked',
    ]);
    expect(sent).toEqual([ME, INBOX]);
  });

  it('is no answer to a change', async () => {
    const { read } = early({ [ME]: answered('me') });
    expect(await read(ME, { method: 'PATCH' })).toBe('asked');
    expect(await read(ME)).toBe('me');
  });

  it('is asked for anew where the session was over', async () => {
    const { read, fetch } = early({ [ME]: refused(), [INBOX]: refused() });
    expect((await fetch(ME)).status).toBe(401);
    expect(await read(INBOX)).toBe('asked');
  });

  it('is not given any more once it is forgotten, nor what comes later', async () => {
    const late = Promise.withResolvers<Response>();
    const { read, forget } = early({ [ME]: answered('me'), [INBOX]: answered('inbox'), [LOG]: late.promise });
    const log = read(LOG);
    forget();
    late.resolve(new Response('log'));
    expect([await read(INBOX), await log]).toEqual(['asked', 'asked']);
  });

  it('fails as it would have, and is given up when whoever asked gives up', async () => {
    const { fetch } = early({
      [ME]: Promise.reject(new TypeError('no signal')),
      [INBOX]: new Promise(() => {}),
    });
    await expect(fetch(ME)).rejects.toThrow('no signal');
    const { fetch: waiting } = early({ [ME]: new Promise(() => {}) });
    const given = new AbortController();
    const asked = waiting(ME, { signal: given.signal });
    given.abort(new Error('too long'));
    await expect(asked).rejects.toThrow('too long');
  });
});
