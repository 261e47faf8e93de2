const secretKeys = new Set([
  'authorization',
  'cookie',
  'email',
  'ip',
  'otp',
  'password',
  'phone',
  'remoteaddress',
  'secret',
  'set-cookie',
  'text',
  'ticket',
  'token',
]);

const removed = '[removed]';
const deepest = 6;

/**
 * A copy of what is about to be logged without secrets and people's own things: by the name of the field at any depth,
 * and six digits called `code` (a sign-in code; error codes are words). A net under careful callers, not a licence.
 */
export function redact(fields: Record<string, unknown>): Record<string, unknown> {
  return redactObject(fields, 0);
}

function redactObject(fields: object, depth: number): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([key, value]) => [key, redactField(key, value, depth)]),
  );
}

function redactField(key: string, value: unknown, depth: number): unknown {
  if (secretKeys.has(key.toLowerCase())) return removed;
  if (key === 'code' && typeof value === 'string' && /^\d{6}$/.test(value)) return removed;
  return redactValue(value, depth + 1);
}

function redactValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value, depth);
  if (typeof value !== 'object' || value === null) return value;
  if (depth >= deepest) return '[too deep]';
  if (Array.isArray(value)) return value.map(item => redactValue(item, depth + 1));
  return redactObject(value, depth);
}

/** Only these of an error: database drivers hang the row's values on theirs. */
function describeError(error: Error, depth: number): Record<string, unknown> {
  const code = 'code' in error ? { code: error.code } : {};
  const cause =
    error.cause === undefined || depth >= deepest ? {} : { cause: redactValue(error.cause, depth + 1) };
  return { type: error.name, message: error.message, ...code, stack: error.stack, ...cause };
}
