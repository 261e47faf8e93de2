import { codeOf } from '../../state/errors.ts';
import { words } from '../../words/index.ts';

/** Which of the hosts the server did not take, in words; undefined where that was not what went wrong. */
export function hostProblem(error: unknown, hosts: readonly string[]): string | undefined {
  if (codeOf(error) !== 'invalid_input') return undefined;
  const { details } = error as { details?: { issues?: { path: string }[] } };
  const at = /osts\.(\d+)$/.exec(details?.issues?.[0]?.path ?? '')?.[1];
  const host = at === undefined ? undefined : hosts[Number(at)];
  return host === undefined ? undefined : words.requests.hostWrong(host);
}
