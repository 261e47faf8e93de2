import { startMediaNode } from '@sotto/sfu';
import type { NodeReply, NodeRequest } from './wire.ts';

/** The media node under measure: nothing else runs in this process. */
const ROOM = 'bench';

const node = await startMediaNode({ port: 0, announce: ['127.0.0.1'], maxSessions: 100_000 });
const reply = (message: NodeReply): void => {
  process.send?.(message);
};

async function join(request: Extract<NodeRequest, { kind: 'join' }>): Promise<void> {
  const { id, participantId, offer, onStage } = request;
  try {
    const maySpeak = participantId.startsWith('voice');
    const { answer } = await node.join({ roomId: ROOM, participantId, offer, onStage, maySpeak });
    reply({ kind: 'joined', id, answer });
  } catch (error) {
    reply({ kind: 'failed', id, message: String(error) });
  }
}

function measure(id: number): void {
  const cpu = process.cpuUsage();
  const stats = node.stats();
  reply({
    kind: 'measured',
    id,
    measure: {
      cpuSeconds: (cpu.user + cpu.system) / 1e6,
      rssKiB: process.memoryUsage.rss() / 1024,
      packetsOut: stats.packetsOut,
      sendFailed: stats.dropped.send_failed,
      sessions: stats.sessions,
    },
  });
}

process.on('message', (message: NodeRequest) => {
  if (message.kind === 'join') void join(message);
  else measure(message.id);
});
process.on('disconnect', () => process.exit());
reply({ kind: 'ready' });
