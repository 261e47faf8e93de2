/** PostgreSQL's class 23: what a constraint refused. */
const codes = { foreign_key: '23503', unique: '23505' } as const;

/** Whether a query failed for a constraint: the one that is named, if one is. */
export const isViolation = (error: unknown, kind: keyof typeof codes, constraint?: string): boolean =>
  error instanceof Error &&
  'code' in error &&
  error.code === codes[kind] &&
  (constraint === undefined || ('constraint' in error && error.constraint === constraint));
