/**
 * Gathers what arrives while earlier work is under way, and does it together (RT-10): alone, an item starts at once; under
 * load, one commit carries many. Items with the same key are never worked on at the same time, and go in order.
 */
export function createBatches<Item, Result>(options: {
  /** How many batches may be under way at once. */
  lanes: number;
  /** Items in one batch. */
  max: number;
  keyOf(item: Item): string;
  /** One result for each item, in their order. A rejection fails the batch; its items are then tried one by one. */
  run(items: readonly Item[]): Promise<Result[]>;
}): (item: Item) => Promise<Result> {
  interface Waiting extends PromiseWithResolvers<Result> {
    item: Item;
  }
  const lanes = Array.from({ length: options.lanes }, () => ({ busy: false, queue: [] as Waiting[] }));

  const settle = async (batch: readonly Waiting[]): Promise<void> => {
    try {
      const results = await options.run(batch.map(each => each.item));
      batch.forEach((each, index) => void each.resolve(results[index] as Result));
    } catch (error) {
      const [only, ...others] = batch;
      if (others.length === 0) only?.reject(error);
      // One item must not take the others with it.
      else for (const each of batch) await settle([each]);
    }
  };

  return item => {
    const lane = lanes[laneOf(options.keyOf(item), lanes.length)];
    if (!lane) throw new RangeError('createBatches: no lanes');
    const waiting = { item, ...Promise.withResolvers<Result>() };
    lane.queue.push(waiting);
    if (!lane.busy) {
      lane.busy = true;
      // What the same look at the sockets brought goes together.
      setImmediate(() => void drain(lane));
    }
    return waiting.promise;
  };

  async function drain(lane: (typeof lanes)[number]): Promise<void> {
    while (lane.queue.length > 0) await settle(lane.queue.splice(0, options.max));
    lane.busy = false;
  }
}

/** FNV-1a, 32 bits. */
function laneOf(key: string, lanes: number): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < key.length; i++) hash = Math.imul(hash ^ key.charCodeAt(i), 0x01000193);
  return (hash >>> 0) % lanes;
}
