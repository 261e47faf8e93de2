export * from '../index.ts';
export * from './audio/index.ts';
export { createNodeSotto, type NodeSottoOptions } from './create.ts';
export { fileStorage } from './file-storage.ts';
export { type NodeSocketOptions, nodeSocket } from './socket.ts';
