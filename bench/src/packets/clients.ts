import { bundledSpeech, connectAudio, type NodeAudioSession } from '@sotto/sdk/node';
import type { ClientReply, ClientRequest, Heard } from './wire.ts';

/** Listeners and speakers, with real sessions, in a process of their own. */
const AT_ONCE = 8;

const speech = await bundledSpeech();
const listeners: NodeAudioSession[] = [];
const voices: NodeAudioSession[] = [];
const waiting = new Map<number, { resolve(answer: string): void; reject(error: Error): void }>();
let offers = 0;
let ended = 0;

const reply = (message: ClientReply): void => {
  process.send?.(message);
};

async function connect(participantId: string, onStage: boolean): Promise<NodeAudioSession> {
  const session = await connectAudio({
    connectMs: 8_000,
    offerTo: async offer => {
      offers += 1;
      const id = offers;
      const answer = new Promise<string>((resolve, reject) => waiting.set(id, { resolve, reject }));
      reply({ kind: 'offer', id, participantId, offer, onStage });
      return { answer: await answer };
    },
  });
  void session.ended.then(() => {
    ended += 1;
  });
  return session;
}

async function listen(request: Extract<ClientRequest, { kind: 'listen' }>): Promise<void> {
  let started = 0;
  const work = async (): Promise<void> => {
    while (started < request.count) {
      started += 1;
      listeners.push(await connect(`${request.prefix}-${started}`, request.onStage));
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  reply({ kind: 'done' });
}

async function speak(count: number): Promise<void> {
  while (voices.length < count) {
    const voice = await connect(`voice-${voices.length}`, true);
    voices.push(voice);
    voice.speak(speech, { loop: true });
  }
  reply({ kind: 'done' });
}

function heard(): Heard {
  const sum = { packets: 0, frames: 0, lost: 0, ended };
  for (const slot of listeners.flatMap(listener => listener.slots)) {
    sum.packets += slot.packets;
    sum.frames += slot.frames;
    sum.lost += slot.lost;
  }
  return sum;
}

process.on('message', (message: ClientRequest) => {
  if (message.kind === 'listen') void listen(message);
  else if (message.kind === 'speak') void speak(message.voices);
  else if (message.kind === 'count') reply({ kind: 'heard', heard: heard() });
  else {
    const { resolve, reject } = waiting.get(message.id) ?? {};
    waiting.delete(message.id);
    if (message.kind === 'joined') resolve?.(message.answer);
    else reject?.(new Error(message.message));
  }
});
process.on('disconnect', () => process.exit());
reply({ kind: 'ready' });
