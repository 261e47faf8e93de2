import { type Import, notExported } from './imports.ts';

/** What is broken, and why it is a rule. `docs/ARCHITECTURE.md` has the picture. */
export type Rule = { name: string; why: string; breaks(one: Import): boolean };

/** Who may use whom: the first list's packages may import the second's. */
const packageMayUse: Record<string, string[]> = {
  protocol: [],
  sfu: ['protocol'],
  sdk: ['protocol'],
  server: ['protocol', 'sfu'],
  web: ['protocol', 'sdk'],
  testkit: ['protocol', 'sdk', 'server', 'sfu'],
};

/** Lower levels know nothing of higher ones, and neighbours nothing of each other. */
const domainLevel: Record<string, number> = {
  accounts: 0,
  attachments: 1,
  graph: 1,
  links: 1,
  rooms: 2,
  backchannel: 2,
  media: 3,
  moderation: 3,
  notifications: 3,
};

/** Within a domain: routes → actions → {access, policy, store}. */
const partMayNotUse: Record<string, string[]> = {
  actions: ['routes'],
  access: ['routes', 'actions'],
  store: ['routes', 'actions', 'access'],
  policy: ['routes', 'actions', 'access', 'store'],
};

export const rules: Rule[] = [
  {
    name: 'packages',
    why: 'protocol imports nothing of ours; server, sfu and sdk import protocol; web imports sdk and protocol',
    breaks: ({ from, to }) => {
      const [user, used] = [packageOf(from), packageOf(to)];
      if (user === undefined || used === undefined || user === used) return false;
      if (isTest(from) && user !== 'protocol') return false;
      return !(packageMayUse[user] ?? []).includes(used);
    },
  },
  {
    name: 'package-faces',
    why: 'a package is entered by its exports, never by a path into it',
    breaks: ({ from, to, byPath }) =>
      packageOf(to) !== undefined &&
      packageOf(from) !== packageOf(to) &&
      (byPath || to.endsWith(notExported)),
  },
  {
    name: 'testkit-in-tests',
    why: 'nothing in src imports testkit, but tests',
    breaks: ({ from, to }) =>
      packageOf(to) === 'testkit' &&
      packageOf(from) !== 'testkit' &&
      from.startsWith('packages/') &&
      !isTest(from),
  },
  {
    name: 'test-helpers',
    why: 'fixtures, and what lies in a folder test, are for tests',
    breaks: ({ from, to }) => isTest(to) && from.startsWith('packages/') && !isTest(from),
  },
  {
    name: 'protocol-anywhere',
    why: 'protocol runs in browsers and servers alike',
    breaks: ({ from, to }) => packageOf(from) === 'protocol' && !isTest(from) && to.startsWith('node:'),
  },
  {
    name: 'sdk-in-browsers',
    why: 'the main entry of sdk runs in browsers; what needs Node is behind sdk/node',
    breaks: ({ from, to }) =>
      packageOf(from) === 'sdk' &&
      !from.startsWith('packages/sdk/src/node/') &&
      !isTest(from) &&
      (/^(node:|npm:(ws|node-datachannel)$)/.test(to) || to.startsWith('packages/sdk/src/node/')),
  },
  {
    name: 'web-in-browsers',
    why: 'the web client has no Node',
    breaks: ({ from, to }) =>
      from.startsWith('packages/web/src/') && !isTest(from) && /^(node:|packages\/sdk\/src\/node\/)/.test(to),
  },
  {
    name: 'web-parts',
    why: 'views stand on view models, and both on parts that know no product',
    breaks: ({ from, to }) =>
      (inWeb(from, 'ui') && (inWeb(to, 'features') || inWeb(to, 'state') || inWeb(to, 'app'))) ||
      (inWeb(from, 'state') && (inWeb(to, 'features') || inWeb(to, 'app'))) ||
      (inWeb(from, 'features') && inWeb(to, 'app')),
  },
  {
    name: 'sfu-by-media',
    why: 'server imports sfu only in domains/media and app.ts',
    breaks: ({ from, to }) =>
      packageOf(from) === 'server' &&
      packageOf(to) === 'sfu' &&
      !isTest(from) &&
      domainOf(from) !== 'media' &&
      from !== 'packages/server/src/app.ts',
  },
  {
    name: 'composition-root',
    why: 'app.ts alone knows every domain; edge and platform know none, and nobody but main.ts and index.ts knows app.ts',
    breaks: ({ from, to }) =>
      (/^packages\/server\/src\/(edge|platform|config)\//.test(from) &&
        !isTest(from) &&
        domainOf(to) !== undefined) ||
      (to === 'packages/server/src/app.ts' &&
        !/^packages\/server\/src\/(main|index)\.ts$/.test(from) &&
        !isTest(from)),
  },
  {
    name: 'platform-below',
    why: 'platform stands below the edge, the domains and the configuration',
    breaks: ({ from, to, typeOnly }) =>
      from.startsWith('packages/server/src/platform/') &&
      !isTest(from) &&
      !typeOnly &&
      /^packages\/server\/src\/(edge|domains|config)\//.test(to),
  },
  {
    name: 'domain-faces',
    why: 'a domain is used by its index.ts alone',
    breaks: ({ from, to }) => {
      const used = domainOf(to);
      return (
        used !== undefined &&
        used !== domainOf(from) &&
        to !== `packages/server/src/domains/${used}/index.ts` &&
        !isTest(from)
      );
    },
  },
  {
    name: 'domain-levels',
    why: 'accounts ← {graph, attachments} ← {rooms, backchannel} ← {media, moderation, notifications}; upward goes by an event or a port',
    breaks: ({ from, to }) => {
      const [user, used] = [domainOf(from), domainOf(to)];
      if (user === undefined || used === undefined || user === used || isTest(from)) return false;
      return (domainLevel[used] ?? Number.POSITIVE_INFINITY) >= (domainLevel[user] ?? -1);
    },
  },
  {
    name: 'domain-parts',
    why: 'routes → actions → {access, policy, store}; a store never imports actions, a policy is pure',
    breaks: ({ from, to }) => {
      if (domainOf(from) === undefined || domainOf(from) !== domainOf(to) || isTest(from)) return false;
      return (partMayNotUse[partOf(from)] ?? []).includes(partOf(to));
    },
  },
  {
    name: 'actions-see-no-request',
    why: 'an action never sees a request or a socket',
    breaks: ({ from, to }) =>
      domainOf(from) !== undefined &&
      ['actions', 'access', 'policy', 'store'].includes(partOf(from)) &&
      !isTest(from) &&
      /^(packages\/server\/src\/edge\/|npm:(fastify|ws)$)/.test(to),
  },
];

function packageOf(path: string): string | undefined {
  return /^packages\/([a-z]+)\//.exec(path)?.[1];
}

function domainOf(path: string): string | undefined {
  return /^packages\/server\/src\/domains\/([a-z]+)\//.exec(path)?.[1];
}

/** `store` for `rooms/store.ts`, `rooms/store/seats.ts` and `rooms/session-store.ts`. */
function partOf(path: string): string {
  return /^packages\/server\/src\/domains\/[a-z]+\/(?:\w+-)*(\w+)[./]/.exec(path)?.[1] ?? '';
}

function inWeb(path: string, part: string): boolean {
  return path.startsWith(`packages/web/src/${part}/`);
}

function isTest(path: string): boolean {
  return /\.test\.tsx?$|\/test\/|\/fixture\.ts$/.test(path);
}
