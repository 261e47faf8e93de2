import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { uuidv7 } from '../../../platform/ids.ts';
import { createStage, type Person, type Stage } from '../fixture.ts';

let stage: Stage;
beforeAll(async () => {
  stage = await createStage();
});
afterAll(() => stage.close());

let count = 0;
const person = () => stage.person(`card${++count}`);
const routes = () => stage.backchannel.routes;

const handOn = (who: Person, conversation: string, shown: Person) =>
  routes()['POST /v1/conversations/:conversation/messages'](
    {
      params: { conversation },
      body: {
        clientId: uuidv7(),
        text: '',
        attachments: [],
        card: { kind: 'profile', account: shown.id },
      },
    },
    who.caller,
  );

/** Whom the log, a resume and the inbox name to somebody who has heard nothing live. */
async function namedTo(who: Person, conversation: string) {
  const log = await routes()['GET /v1/conversations/:conversation/log'](
    { params: { conversation }, query: { limit: 50 } },
    who.caller,
  );
  const resumed = await stage.backchannel.resume(who.viewer, [{ conversation, seq: 0 }]);
  const inbox = await routes()['GET /v1/conversations']({ query: { view: 'inbox', limit: 50 } }, who.caller);
  return [log, resumed, inbox].map(({ people }) => people.map(each => each.id));
}

describe('a profile that is handed on', () => {
  it('BC-5 PE-5 is named in a direct conversation to who was not there, unless there is a block', async () => {
    const [a, b, shown] = [await person(), await person(), await person()];
    const { id } = await a.open(b);
    await a.send(id, 'hello');
    expect(await namedTo(b, id)).toEqual([[], [], []]);
    await handOn(a, id, shown);
    for (const named of await namedTo(b, id)) expect(named).toContain(shown.id);
    await b.block(shown);
    for (const named of await namedTo(b, id)) expect(named).not.toContain(shown.id);
    for (const named of await namedTo(a, id)) expect(named).toContain(shown.id);
  });
});
