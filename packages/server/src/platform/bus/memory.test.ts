import { describe } from 'vitest';
import { busContract } from './contract.ts';
import { memoryBus } from './memory.ts';

const errors: unknown[] = [];

describe('the bus of a single process', () => {
  busContract(() => ({ node: async () => memoryBus(error => errors.push(error)), errors }), 1);
});
