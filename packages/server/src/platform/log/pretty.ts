const levels: Record<number, string> = {
  10: 'trace',
  20: 'debug',
  30: 'info ',
  40: 'warn ',
  50: 'error',
  60: 'fatal',
};
const colours: Record<number, number> = { 40: 33, 50: 31, 60: 31 };

/** One log line of JSON as a person reads it: time of day, level, words, then `name=value`; stacks below. */
export function prettyLine(json: string, colour: boolean): string {
  const { level, time, msg, err, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const name = levels[Number(level)] ?? String(level);
  const clock = new Date(Number(time)).toTimeString().slice(0, 8);
  const rest = Object.entries(fields).map(([key, value]) => `${key}=${show(value)}`);
  const head = [clock, name, msg, ...rest].filter(part => part !== undefined && part !== '').join(' ');
  const paint = colour ? colours[Number(level)] : undefined;
  const line = paint === undefined ? head : `\u001b[${paint}m${head}\u001b[0m`;
  return `${line}\n${stackOf(err)}`;
}

function show(value: unknown): string {
  return typeof value === 'string' && /^[^\s"=]+$/.test(value) ? value : JSON.stringify(value);
}

function stackOf(error: unknown): string {
  if (typeof error !== 'object' || error === null) return '';
  const text = 'stack' in error ? String(error.stack) : JSON.stringify(error);
  const indented = text.replace(/^/gm, '  ');
  return `${indented}\n${'cause' in error ? stackOf(error.cause) : ''}`;
}
