import { memoryTabStorage } from '../rooms/device.ts';
import { createSotto, type Sotto, type SottoOptions } from '../sotto.ts';
import { fileStorage } from './file-storage.ts';
import { type NodeSocketOptions, nodeSocket } from './socket.ts';

export interface NodeSottoOptions extends SottoOptions, NodeSocketOptions {
  /** Where unsent messages and the last state are kept; without: in memory. */
  folder?: string;
}

/** `createSotto` for Node: a bearer token, `ws` sockets, a folder as the device. */
export function createNodeSotto(options: NodeSottoOptions): Sotto {
  const { folder, origin, headers, ...rest } = options;
  return createSotto({
    auth: 'token',
    tab: memoryTabStorage(),
    openSocket: nodeSocket({ ...(origin ? { origin } : {}), ...(headers ? { headers } : {}) }),
    ...(folder ? { storage: fileStorage(folder) } : {}),
    ...rest,
  });
}
