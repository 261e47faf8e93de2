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
  /** What is said once more, and not waited for until the end. */
  repeats: Set<Promise<void>>;
}

/**
 * Sends a message as an outbox does: with the same `clientId` until there is an answer.
 * @param repeating devices of the same person that say the same at the same time, as two tabs may; they are not waited for
 */
export async function send(
  stage: Stage,
  [writer, ...repeating]: readonly [Device, ...Device[]],
  conversation: string,
  words: string,
): Promise<void> {
  const op = stage.next();
  const clientId = newId();
  const text = `${op} ${words}`;
  const { account } = writer;
  stage.recorder.add({ kind: 'sending', op, account, conversation, clientId, text });
  const message = { op, clientId, text, conversation };
  for (const device of repeating) {
    const repeat = insistOn(stage, device, message, true).finally(() => stage.repeats.delete(repeat));
    stage.repeats.add(repeat);
  }
  await insistOn(stage, writer, message, repeating.length > 0);
}

async function insistOn(
  { recorder }: Stage,
  device: Device,
  message: { op: number; clientId: string; text: string; conversation: string },
  repeated: boolean,
): Promise<void> {
  const { op, clientId, text, conversation } = message;
  let first = !repeated;
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
      // One does not wait for a slow talk's turn: it is a no.
      if (!isTemporary(error) || isSottoError(error, 'slow_mode')) {
        const code = isSottoError(error) ? error.code : String(error);
        recorder.add({ kind: 'refused', op, code, first });
        return;
      }
      first = false;
      await pause(50 + Math.random() * 250);
    }
  }
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
