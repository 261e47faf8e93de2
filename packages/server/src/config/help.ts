import type { Setting } from './settings.ts';
import { settings } from './settings.ts';

const rows: [string, Setting<unknown>][] = Object.entries(settings);

/** What `--help` prints. */
export function helpText(): string {
  const width = Math.max(...rows.map(([name]) => name.length));
  const lines = rows.map(
    ([name, { meaning, otherwise }]) => `  ${name.padEnd(width)}  ${plain(meaning)} Default: ${otherwise}.`,
  );
  return `Sotto: live audio rooms, and a Backchannel of messages around them.\n\nSettings are environment variables:\n${lines.join('\n')}\n`;
}

/** The whole of `docs/CONFIG.md`. */
export function configPage(): string {
  const table = rows.map(
    ([name, { kind, meaning, otherwise }]) => `| \`${name}\` | ${kind.label} | ${otherwise} | ${meaning} |`,
  );
  return `# Settings

All settings are environment variables; none is needed. An empty one counts as missing. A wrong one is named in one
sentence, with what would be right, and Sotto does not start. Paths are taken from the clone's folder.

<!-- Generated from packages/server/src/config/settings.ts by \`npm run docs\`; a test checks that it is current. -->

| variable | kind | default | meaning |
|---|---|---|---|
${table.join('\n')}
`;
}

/** Markdown's marks mean nothing in a terminal. */
function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');
}
