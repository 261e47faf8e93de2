import { bundledSpeech, connectAudio, type NodeAudioSession, type OpusSource } from '@sotto/sdk/node';
import {
  csrcOf,
  type MediaNode,
  type MediaNodeEvents,
  type MediaNodeOptions,
  startMediaNode,
} from '../index.ts';
import type { Wire } from './wire.ts';

/** Real nodes and real sessions, closed by `tearDown`. */
export const ROOM = 'room';
/** For `vi.waitFor`: a machine shared with others may be slow. */
export const LIMIT = { timeout: 15_000, interval: 20 };
/** A frame of an encoder that has nothing to say, yet sends. */
export const SILENCE = Uint8Array.of(9 << 3, 0, 0, 0);

const nodes: MediaNode[] = [];
const sessions: NodeAudioSession[] = [];

export const speech: OpusSource = await bundledSpeech();

export async function tearDown(): Promise<void> {
  for (const session of sessions.splice(0)) session.close();
  await Promise.all(nodes.splice(0).map(node => node.stop()));
}

export async function startNode(options: Partial<MediaNodeOptions> = {}): Promise<MediaNode> {
  const node = await startMediaNode({ port: 0, announce: ['127.0.0.1'], ...options });
  nodes.push(node);
  return node;
}

export interface JoinOptions {
  readonly payloadType?: number;
  /** Sees each offer before the node does. */
  readonly onOffer?: (offer: string) => void;
  /** By which its packets go, instead of at once. */
  readonly wire?: Wire;
}

/** On the stage with the right to speak, or in the audience without. */
export async function join(
  node: MediaNode,
  participantId: string,
  onStage: boolean,
  { payloadType = 111, onOffer, wire }: JoinOptions = {},
): Promise<NodeAudioSession> {
  const session = await connectAudio({
    payloadType,
    async offerTo(offer) {
      onOffer?.(offer);
      const joined = await node.join({ roomId: ROOM, participantId, offer, onStage, maySpeak: onStage });
      return { answer: wire ? wire.through(joined.answer) : joined.answer };
    },
  });
  sessions.push(session);
  return session;
}

/** All events of one name from now on. */
export function record<Name extends keyof MediaNodeEvents>(
  node: MediaNode,
  name: Name,
): MediaNodeEvents[Name][] {
  const events: MediaNodeEvents[Name][] = [];
  node.events.on(name, event => events.push(event));
  return events;
}

/** Packets heard of one participant. */
export function heard(session: NodeAudioSession, who: string): number {
  return session.slots.reduce((sum, slot) => sum + (slot.bySource.get(csrcOf(who)) ?? 0), 0);
}
