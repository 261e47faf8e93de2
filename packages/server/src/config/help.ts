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

## Where data lies
Everything is in \`SOTTO_DATA\`, which is made at the first start: \`blobs/\` (pictures), \`postgres/\` (the database, its log
and its socket file). Copy the folder while Sotto is stopped and you have a backup.

With \`S3_URL\` files lie in the bucket instead. Nothing is deleted that is in use; an upload that was cut by a crash leaves
parts there which nobody sees: give the bucket a lifecycle rule that aborts incomplete multipart uploads after a day.

PostgreSQL does not run as root. Started as root, Sotto runs it as the user \`nobody\`, who owns \`postgres/\`. Where that
user cannot reach the data folder, in root's own home for one, the database lies in \`/var/lib/sotto/data-…\` and \`postgres\`
is a link to it, which the start-up lines tell; a backup then needs both. Without \`SOTTO_DATA\` the link is gone and the next
start makes a new database. For the same reason PostgreSQL's programs may be copied to \`/var/lib/sotto/postgresql-…\`.
A path too long for a socket file has it in \`/tmp/sotto-…\`, a folder that only PostgreSQL's user can enter.

If PostgreSQL ends by itself, Sotto starts it again, at once and then ever more slowly; the sixth time in a row Sotto ends
too, with exit code 1. If Sotto is killed, PostgreSQL ends by itself, and the next start waits for that.

## Several nodes
One node is enough until a machine is full. More of the same program share one PostgreSQL (\`DATABASE_URL\`), one NATS
(\`NATS_URL\`) and one bucket (\`S3_URL\`), each with a folder of its own, behind a proxy that spreads calls and sockets as it
likes: no client belongs to a node. NATS carries only what is new; it needs no JetStream and no disk, and nothing is lost
when it is away: nodes look at the database as soon as it is back. It must not be reachable by anyone else.

Live audio is on one node yet: run exactly one with \`ROLE=all\`, the others with \`ROLE=app\`, and let the proxy send
\`/v1/rooms/…/audio\` to that one. Its UDP port is the one that clients reach. A node for audio alone, and rooms that
span nodes, come later.
`;
}

/** Markdown's marks mean nothing in a terminal. */
function plain(text: string): string {
  return text.replace(/\[([^\]]+)\]\([^)]+\)/g, '$1').replaceAll('`', '');
}
