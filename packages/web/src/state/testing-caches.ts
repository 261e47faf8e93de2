/** A browser's caches, as much of them as is used. @param room how many things it takes */
export function playedCaches({ room = 100 } = {}) {
  const all = new Map<string, Map<string, Response>>();
  return {
    has: async (name: string) => all.has(name),
    delete: async (name: string) => all.delete(name),
    async open(name: string) {
      const cache = all.get(name) ?? new Map<string, Response>();
      all.set(name, cache);
      return {
        put: async (key: string, response: Response) => {
          if (cache.size >= room) throw new DOMException('no room', 'QuotaExceededError');
          cache.set(key, response);
        },
        match: async (key: string) => cache.get(key)?.clone(),
      };
    },
    /** How many things are kept. */
    count: () => [...all.values()].reduce((sum, cache) => sum + cache.size, 0),
  };
}
