/**
 * A reason not to start that the operator can put right: a taken port, a folder that cannot be written, a wrong
 * setting. Its message is one sentence for a person, printed alone (no stack), and the process exits with code 1.
 */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** The sentence for a port that could not be opened, from the system's error; rethrows what it does not know. */
export function portError(
  protocol: 'TCP' | 'UDP',
  port: number,
  setting: string,
  error: unknown,
): StartError {
  const code = systemCode(error);
  if (code === 'EADDRINUSE')
    return new StartError(
      `${protocol} port ${port} is taken by another program: stop that one, or set ${setting} to a free port.`,
      { cause: error },
    );
  if (code === 'EACCES')
    return new StartError(
      `${protocol} port ${port} may not be opened by this user: set ${setting} to a port above 1023.`,
      { cause: error },
    );
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND')
    return new StartError(
      `${protocol} port ${port} could not be opened: the address to listen on is not one of this machine's.`,
      { cause: error },
    );
  throw error;
}

/** The `code` of a system error (`ENOENT`, `EACCES`, …), or undefined for anything else. */
export function systemCode(error: unknown): string | undefined {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : undefined;
}
