import { isSottoError, isTemporary, newId } from '@sotto/sdk';
import { type Device, pause } from './device.ts';
import type { Recorder } from './events.ts';
import type { SeededRandom } from './random.ts';

const callMs = 3000;

/** What the devices of a run share. */
export interface Stage {
  recorder: Recorder;
  /** Each thing that is done has its number. */
  next(): number;
}

/** Sends a message as an outbox does: with the same `clientId` until there is an answer. */
export async function send(
  stage: Stage,
  devices: readonly Device[],
  conversation: string,
  words: string,
): Promise<void> {
  const [writer] = devices;
  if (!writer) return;
  const op = stage.next();
  const clientId = newId();
  const text = `${op} ${words}`;
  const { recorder } = stage;
  recorder.add({ kind: 'sending', op, account: writer.account, conversation, clientId, text });
  // Two devices of one person with the same message: two tabs, or one that repeats itself.
  await Promise.all(
    devices.map(async device => {
      let first = devices.length === 1;
      while (device.on) {
        try {
          const { id, seq } = await device.call('POST /v1/conversations/:conversation/messages', {
            params: { conversation },
            body: { clientId, text },
            timeout: callMs,
          });
          recorder.add({ kind: 'acked', op, id, seq });
          return;
        } catch (error) {
          if (!isTemporary(error)) {
            const code = isSottoError(error) ? error.code : String(error);
            recorder.add({ kind: 'refused', op, code, first });
            return;
          }
          first = false;
          await pause(50 + Math.random() * 250);
        }
      }
    }),
  );
}

export async function markRead(
  stage: Stage,
  device: Device,
  conversation: string,
  seq: number,
): Promise<void> {
  const ask = stage.next();
  stage.recorder.add({ kind: 'asking', ask, account: device.account, conversation });
  const { readSeq } = await device.call('PUT /v1/conversations/:conversation/read', {
    params: { conversation },
    body: { seq },
    timeout: callMs,
  });
  stage.recorder.add({ kind: 'mark', ask, readSeq });
}

export async function askMark(stage: Stage, device: Device, conversation: string): Promise<void> {
  const ask = stage.next();
  stage.recorder.add({ kind: 'asking', ask, account: device.account, conversation });
  const { readSeq } = await device.call('GET /v1/conversations/:conversation', {
    params: { conversation },
    timeout: callMs,
  });
  stage.recorder.add({ kind: 'mark', ask, readSeq });
}

export async function readLog(stage: Stage, device: Device, conversation: string): Promise<void> {
  const read = stage.next();
  stage.recorder.add({ kind: 'reading', read, account: device.account, conversation });
  const head = await device.readPage(conversation);
  stage.recorder.add({ kind: 'readLog', read, head });
}

/** A block, some time in it, and its end. */
export async function quarrel(
  stage: Stage,
  device: Device,
  whom: string,
  random: SeededRandom,
): Promise<void> {
  const params = { account: whom };
  const by = device.account;
  stage.next();
  await device.insist(call => call('PUT /v1/people/:account/block', { params, timeout: callMs }));
  stage.recorder.add({ kind: 'blocked', by, whom });
  await pause(random.between(200, 1500));
  stage.recorder.add({ kind: 'unblocking', by, whom });
  await device.insist(call => call('DELETE /v1/people/:account/block', { params, timeout: callMs }));
}

/** Someone is taken out of a group, and put in again after a while. */
export async function removal(
  stage: Stage,
  owner: Device,
  conversation: string,
  account: string,
  random: SeededRandom,
): Promise<void> {
  const params = { conversation, account };
  stage.next();
  await owner.insist(call =>
    call('DELETE /v1/groups/:conversation/people/:account', { params, timeout: callMs }),
  );
  await pause(random.between(200, 1500));
  await owner.insist(call =>
    call('PUT /v1/groups/:conversation/people/:account', { params, timeout: callMs }),
  );
}
