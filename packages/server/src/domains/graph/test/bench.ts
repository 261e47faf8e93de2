import type { Person, Profile, Relation, ServerFrame } from '@sotto/protocol';
import { type AccountsBench, accountsBench, type TestPerson } from '../../accounts/test/bench.ts';
import { createGraph, type Graph, type GraphPorts } from '../index.ts';

export const none: Relation = { following: false, followsYou: false, blocked: false };
export const by = (person: TestPerson) => ({ token: person.token });
export const about = (person: { id: string }) => ({ params: { account: person.id } });
export const handles = (people: readonly { handle: string }[]) => people.map(person => person.handle);

type Whom = { id: string };
type Listed = Person & { relation: Relation };

/** The graph behind the real edge, and the calls that its tests make again and again. */
export async function graphBench() {
  let made: Graph | undefined;
  /** What the domains above would do; a test may put its own in their place. */
  const above: { room: Profile['room']; onBlock: GraphPorts['onBlock'] } = {
    room: null,
    onBlock: async () => {},
  };
  const bench: AccountsBench = await accountsBench((platform, accounts) => {
    made = createGraph(platform, accounts, {
      roomOf: async () => above.room,
      writing: async () => 'open',
      onBlock: (work, blocker, blocked) => above.onBlock(work, blocker, blocked),
    });
    return made.routes;
  });
  if (!made) throw new Error('graphBench: no graph was made');
  const { call, platform } = bench;

  let count = 0;
  /** Somebody new, so that no test knows of another's people. */
  const somebody = (): Promise<TestPerson> => {
    count += 1;
    return bench.person(`p${count}x`);
  };
  const many = async (number: number): Promise<TestPerson[]> => {
    const people: TestPerson[] = [];
    while (people.length < number) people.push(await somebody());
    return people;
  };

  return {
    ...bench,
    graph: made,
    above,
    somebody,
    two: async (): Promise<[TestPerson, TestPerson]> => [await somebody(), await somebody()],
    many,
    follow: (a: TestPerson, b: Whom) => call('PUT /v1/people/:account/follow', about(b), by(a)),
    unfollow: (a: TestPerson, b: Whom) => call('DELETE /v1/people/:account/follow', about(b), by(a)),
    block: (a: TestPerson, b: Whom) => call('PUT /v1/people/:account/block', about(b), by(a)),
    unblock: (a: TestPerson, b: Whom) => call('DELETE /v1/people/:account/block', about(b), by(a)),
    profile: (a: TestPerson, handle: string) => call('GET /v1/people/:handle', { params: { handle } }, by(a)),
    search: async (a: TestPerson, query?: string, limit?: number): Promise<Listed[]> => {
      const asked = { ...(query !== undefined && { query }), ...(limit && { limit }) };
      return (await call('GET /v1/people', { query: asked }, by(a))).body.people;
    },
    /** Frames that went to the person since the test emptied `platform.heard`. */
    framesOf: (person: TestPerson): ServerFrame[] =>
      platform.heard.flatMap(message =>
        message.kind === 'frame' && 'accounts' in message.to && message.to.accounts.includes(person.id)
          ? [message.frame]
          : [],
      ),
  };
}

export type GraphBench = Awaited<ReturnType<typeof graphBench>>;
