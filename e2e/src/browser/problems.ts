import type { Page } from 'playwright-core';

/** A browser logs these by itself for replies that the app expects: nobody is signed in yet; the network is away. */
const expected = [/status of 401 .*\/v1\/me$/, /net::ERR_INTERNET_DISCONNECTED/];

/** Collects what a page should never meet, from now on. */
export function watchProblems(page: Page): string[] {
  const problems: string[] = [];
  page.on('pageerror', error => problems.push(`thrown: ${error.stack ?? error.message}`));
  page.on('console', message => {
    if (message.type() !== 'error' && !/Content Security Policy/i.test(message.text())) return;
    const line = `console: ${message.text()} ${message.location().url}`;
    if (!expected.some(pattern => pattern.test(line))) problems.push(line);
  });
  page.on('requestfailed', request => {
    const why = request.failure()?.errorText ?? '';
    if (why !== 'net::ERR_ABORTED' && why !== 'net::ERR_INTERNET_DISCONNECTED')
      problems.push(`request: ${request.method()} ${request.url()} ${why}`);
  });
  return problems;
}
