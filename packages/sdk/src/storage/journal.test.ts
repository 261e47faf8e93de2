import { expect, test, vi } from 'vitest';
import { type DeviceStorage, isOutbox, memoryStorage, outboxArea } from './device.ts';
import { type Journal, journaled } from './journal.ts';

/** As the browser's own: strings by name, in their order. */
function memoryJournal(): Journal & { names(): string[] } {
  const all = new Map<string, string>();
  return {
    get length() {
      return all.size;
    },
    key: at => [...all.keys()][at] ?? null,
    getItem: name => all.get(name) ?? null,
    setItem: (name, text) => void all.set(name, text),
    removeItem: name => void all.delete(name),
    names: () => [...all.keys()],
  };
}

const area = outboxArea('ana');
const never = (): Promise<void> => new Promise(() => {});
const open = (storage: DeviceStorage, journal: Journal) => journaled(storage, journal, isOutbox);

test('BC-30 what the storage did not get before the page was gone is there when it is opened again', async () => {
  const journal = memoryJournal();
  const device = memoryStorage();
  const first = await open({ ...device, write: never }, journal);
  void first.write(area, '1', { text: 'one' });
  void first.write('cache:ana', 'inbox', []);
  const second = await open(device, journal);
  expect(await second.list(area)).toEqual([{ text: 'one' }]);
  expect(journal.names()).toEqual([]);
  expect(await second.read('cache:ana', 'inbox')).toBe(undefined);
});

test('BC-30 what a full disk refuses stays in the journal, and is listed from it with the rest', async () => {
  const journal = memoryJournal();
  const device = memoryStorage();
  await device.write(area, '1', 'one');
  await device.write(area, '3', 'three');
  const full = { ...device, write: () => Promise.reject(new Error('full')) };
  const storage = await open(full, journal);
  await storage.write(area, '2', 'two');
  await storage.write(area, '3', 'three, tried');
  const all = ['one', 'two', 'three, tried'];
  expect(await storage.list(area)).toEqual(all);
  const again = await open(full, journal);
  expect(await again.list(area)).toEqual(all);
  expect(await again.keys(area)).toEqual(['1', '2', '3']);
  expect(await again.read(area, '2')).toBe('two');
  expect(await (await open(device, journal)).list(area)).toEqual(all);
  expect(journal.names()).toEqual([]);
});

test('BC-30 a storage that does not answer holds nothing up, and has in the end what was written', async () => {
  const journal = memoryJournal();
  const device = memoryStorage();
  const gate = Promise.withResolvers<void>();
  const slow: DeviceStorage['write'] = async (...value) => {
    await gate.promise;
    await device.write(...value);
  };
  const storage = await open({ ...device, write: slow }, journal);
  for (const key of ['1', '2']) await storage.write(area, key, key);
  await storage.remove(area, '1');
  gate.resolve();
  await vi.waitFor(() => expect(journal.names()).toEqual([]));
  await vi.waitFor(async () => expect(await device.list(area)).toEqual(['2']));
});

test('a later value is not lost with the earlier one that was written first', async () => {
  const journal = memoryJournal();
  const device = memoryStorage();
  const gates: (() => void)[] = [];
  const slow: DeviceStorage['write'] = (...value) =>
    new Promise(resolve => gates.push(() => void device.write(...value).then(resolve)));
  const storage = await open({ ...device, write: slow }, journal);
  await storage.write(area, '1', 'earlier');
  await storage.write(area, '1', 'later');
  gates[0]?.();
  await vi.waitFor(async () => expect(await device.read(area, '1')).toBe('earlier'));
  expect(await (await open(device, journal)).read(area, '1')).toBe('later');
});

test('what was removed or cleared does not come back, and others’ stays', async () => {
  const journal = memoryJournal();
  const storage = await open({ ...memoryStorage(), write: never }, journal);
  for (const key of ['1', '2', '3']) void storage.write(area, key, key);
  void storage.write(outboxArea('ana b'), '4', '4');
  await storage.remove(area, '1');
  expect(journal.names()).toHaveLength(3);
  await storage.clear(area);
  const next = await open(memoryStorage(), journal);
  expect(await next.list(area)).toEqual([]);
  expect(await next.list(outboxArea('ana b'))).toEqual(['4']);
});

test('what another tab is through with while it is opened is left alone', async () => {
  const journal = memoryJournal();
  const leaving = await open({ ...memoryStorage(), write: never }, journal);
  for (const key of ['1', '2']) void leaving.write(area, key, key);
  const device = memoryStorage();
  const write: DeviceStorage['write'] = async (...value) => {
    // While the first is put in its place, the other tab is done with the second.
    await leaving.remove(area, '2');
    await device.write(...value);
  };
  expect(await (await open({ ...device, write }, journal)).list(area)).toEqual(['1']);
});

test('a journal that is refused is no reason to fail', async () => {
  const refused = new Proxy({} as Journal, {
    get() {
      throw new DOMException('refused', 'SecurityError');
    },
  });
  const storage = await open(memoryStorage(), refused);
  await storage.write(area, '1', 1);
  await storage.remove(area, '1');
  await storage.clear(area);
  expect(await storage.list(area)).toEqual([]);
});
