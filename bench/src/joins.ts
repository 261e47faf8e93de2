import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { bundledSpeech, connectAudio, type NodeAudioSession } from '@sotto/sdk/node';
import { makePerson, type NetworkPerson, serverProcess } from '@sotto/testkit';
import { percentile } from './messages/load.ts';
import type { BenchResult } from './result.ts';

// Within the limits of the contract: codes by network address, joins by account.
const LISTENERS = 8;
const JOINS_EACH = 6;

/** From the tap on a room to the first packet of a voice: enter, offer and answer, ICE, DTLS, sound; through the real server. */
export async function run(): Promise<BenchResult> {
  const folder = await mkdtemp(join(tmpdir(), 'sotto-bench-'));
  // As root, PostgreSQL runs as somebody else, who must get through.
  await chmod(folder, 0o711);
  const server = await serverProcess(folder);
  try {
    const person = (name: string) => makePerson({ url: server.url, mailbox: server, name });
    const speaker = await person('Speaker One');
    const room = (await speaker.sotto.rooms.open({ title: 'Joins' })).info.id;
    await speaker.call('PUT /v1/rooms/:room/mute', { params: { room }, body: { muted: false } });
    const voice = await offer(speaker, room);
    voice.speak(await bundledSpeech(), { loop: true });

    const entered: number[] = [];
    const heard: number[] = [];
    for (let number = 0; number < LISTENERS; number++) {
      const listener = await person(`Listener ${'abcdefgh'[number]}`);
      for (let each = 0; each < JOINS_EACH; each++) {
        const one = await joinOnce(listener, room);
        entered.push(one.entered);
        heard.push(one.heard);
      }
      await listener.stop();
    }
    voice.close();
    await speaker.stop();
    const row = (what: string, values: number[], p: number) => ({
      what: `${what}, p${p}`,
      value: Math.round(
        percentile(
          values.toSorted((a, b) => a - b),
          p,
        ),
      ),
      unit: 'ms',
    });
    return {
      name: 'Joining a room: from the tap to the first sound',
      rows: [
        row('entered', entered, 50),
        row('entered', entered, 95),
        row('first audio', heard, 50),
        row('first audio', heard, 95),
      ],
      notes: [
        `${heard.length} joins, one after another; one voice that goes on. Clients are Node sessions on the same machine.`,
      ],
    };
  } finally {
    await server.stop();
    await rm(folder, { recursive: true, force: true });
  }
}

const offer = (person: NetworkPerson, room: string): Promise<NodeAudioSession> =>
  connectAudio({
    offerTo: sdp =>
      person.call('POST /v1/rooms/:room/audio', {
        params: { room },
        body: { device: person.sotto.rooms.device, offer: sdp },
      }),
  });

async function joinOnce(person: NetworkPerson, room: string): Promise<{ entered: number; heard: number }> {
  const tapped = performance.now();
  await person.sotto.rooms.enter(room);
  const entered = performance.now() - tapped;
  const session = await offer(person, room);
  const { promise, resolve } = Promise.withResolvers<number>();
  session.onPacket(() => resolve(performance.now() - tapped));
  const heard = await promise;
  session.close();
  await person.sotto.rooms.leave();
  return { entered, heard };
}
