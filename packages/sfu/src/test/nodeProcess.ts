import { startMediaNode } from '../index.ts';
import type { JoinRequest, JoinResult } from '../types.ts';

/** A media node in a process of its own, for tests that kill it: each message is a join, each reply its result. */
const node = await startMediaNode({ port: 0, announce: ['127.0.0.1'] });
process.on('message', (request: JoinRequest) => {
  const reply = (result: JoinResult): void => {
    process.send?.(result);
  };
  node.join(request).then(reply, () => process.exit(1));
});
process.on('disconnect', () => process.exit());
process.send?.('ready');
