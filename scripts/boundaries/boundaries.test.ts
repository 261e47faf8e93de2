import { describe, expect, test } from 'vitest';
import { checkBoundaries } from './check.ts';
import { importsOf } from './imports.ts';

const server = 'packages/server/src';

/** The names of the rules that a file with this one line breaks. */
function broken(file: string, line: string): string[] {
  return checkBoundaries(importsOf(file, line)).map(sentence => sentence.split(':')[0] ?? '');
}

describe('boundaries', () => {
  test.each([
    ['packages', 'packages/protocol/src/a.ts', "import '@sotto/sdk';"],
    ['packages', 'packages/sfu/src/a.ts', "import type { A } from '@sotto/server';"],
    ['packages', 'packages/web/src/state/a.ts', "export { a } from '@sotto/server';"],
    ['package-faces', `${server}/edge/a.ts`, "import { a } from '../../../protocol/src/call.ts';"],
    ['package-faces', 'packages/web/src/state/a.ts', "import { a } from '@sotto/sdk/secrets';"],
    ['testkit-in-tests', 'packages/sdk/src/a.ts', "import { a } from '@sotto/testkit';"],
    ['test-helpers', 'packages/sdk/src/a.ts', "import { a } from './test/server.ts';"],
    ['protocol-anywhere', 'packages/protocol/src/a.ts', "import 'node:crypto';"],
    ['sdk-in-browsers', 'packages/sdk/src/a.ts', "import { readFile } from 'node:fs/promises';"],
    ['sdk-in-browsers', 'packages/sdk/src/a.ts', "const ws = await import('ws');"],
    ['sdk-in-browsers', 'packages/sdk/src/a.ts', "import './node/index.ts';"],
    ['web-in-browsers', 'packages/web/src/state/a.ts', "import '@sotto/sdk/node';"],
    ['web-parts', 'packages/web/src/ui/A.tsx', "import '../state/a.ts';"],
    ['sfu-by-media', `${server}/domains/rooms/actions.ts`, "import { a } from '@sotto/sfu';"],
    ['composition-root', `${server}/edge/http/a.ts`, "import { a } from '../../domains/rooms/index.ts';"],
    ['composition-root', `${server}/domains/rooms/a.ts`, "import { a } from '../../app.ts';"],
    ['platform-below', `${server}/platform/a.ts`, "import { a } from '../edge/a.ts';"],
    ['domain-faces', `${server}/domains/rooms/actions.ts`, "import { a } from '../accounts/store.ts';"],
    ['domain-levels', `${server}/domains/rooms/actions.ts`, "import { a } from '../backchannel/index.ts';"],
    ['domain-levels', `${server}/domains/accounts/actions.ts`, "import type { A } from '../graph/index.ts';"],
    ['domain-parts', `${server}/domains/rooms/store.ts`, "import { a } from './actions.ts';"],
    ['domain-parts', `${server}/domains/rooms/policy.ts`, "import { a } from './store/seats.ts';"],
    ['domain-parts', `${server}/domains/accounts/session-store.ts`, "import { a } from './actions/code.ts';"],
    [
      'actions-see-no-request',
      `${server}/domains/rooms/actions.ts`,
      "import type { FastifyRequest } from 'fastify';",
    ],
  ])('%s: %s may not have %s', (rule, file, line) => {
    expect(broken(file, line)).toContain(rule);
  });

  test.each([
    [`${server}/domains/media/node.ts`, "import { a } from '@sotto/sfu';"],
    [
      `${server}/domains/rooms/actions.ts`,
      "import { a } from '../accounts/index.ts'; import { b } from './store.ts';",
    ],
    [`${server}/domains/rooms/rooms.test.ts`, "import { a } from '@sotto/testkit';"],
    ['packages/sdk/src/node/socket.ts', "import { WebSocket } from 'ws'; import { a } from '../socket.ts';"],
    [
      'packages/web/src/features/room/Room.tsx',
      "import { a } from '@sotto/sdk'; import { B } from '../../ui/B.tsx';",
    ],
    ['e2e/src/a.test.ts', "import { a } from '@sotto/testkit'; import 'node:fs';"],
  ])('%s may have %s', (file, line) => {
    expect(broken(file, line)).toEqual([]);
  });

  test('a cycle is told with its way round, and one of types alone is none', () => {
    const cycle = (how: string) => [
      ...importsOf('packages/sdk/src/a.ts', "import { b } from './b.ts';"),
      ...importsOf('packages/sdk/src/b.ts', `${how} { c } from './c.ts';`),
      ...importsOf('packages/sdk/src/c.ts', "export { a } from './a.ts';"),
    ];
    expect(checkBoundaries(cycle('import'))).toEqual([
      'no-cycles: packages/sdk/src/a.ts → packages/sdk/src/b.ts → packages/sdk/src/c.ts → packages/sdk/src/a.ts',
    ]);
    expect(checkBoundaries(cycle('import type'))).toEqual([]);
  });
});
