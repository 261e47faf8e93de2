import { type DestinationStream, destination, type Logger, pino } from 'pino';
import { prettyLine } from './pretty.ts';
import { redact } from './redact.ts';

/** See `docs/LOGGING.md` for what is logged, at which level, and what never is. */
export type Log = Logger;

/**
 * The log, written to standard error line by line as it happens (nothing is lost in a crash). Standard output is left
 * to what the operator is told: the start-up lines and printed codes.
 */
export function createLog(
  options: { level: Log['level']; format: 'pretty' | 'json' },
  target: DestinationStream = destination({ dest: 2, sync: true }),
): Log {
  const colour = process.stderr.isTTY === true && !process.env.NO_COLOR;
  const stream: DestinationStream =
    options.format === 'json' ? target : { write: line => target.write(prettyLine(line, colour)) };
  return pino(
    {
      level: options.level,
      base: null,
      // Errors are described by redact, which also sees those further down.
      serializers: { err: (error: unknown) => error },
      formatters: { log: redact },
    },
    stream,
  );
}
