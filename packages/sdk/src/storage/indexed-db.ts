import { type DeviceStorage, isOutbox, memoryStorage } from './device.ts';
import { type Journal, journaled } from './journal.ts';

const STORE = 'records';

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** Resolves when it is on the disk: the request's success is not that yet. */
const committed = (transaction: IDBTransaction): Promise<void> =>
  new Promise((resolve, reject) => {
    transaction.oncomplete = () => resolve();
    transaction.onerror = () => reject(transaction.error);
    transaction.onabort = () => reject(transaction.error);
  });

function openDatabase(name: string): Promise<IDBDatabase> {
  const request = indexedDB.open(name, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE);
  return done(request);
}

const areaRange = (area: string) => IDBKeyRange.bound([area], [area, []]);

/** The browser's storage. Where it is refused (some private modes), memory stands in, and says it is not durable. */
export async function browserStorage(name = 'sotto'): Promise<DeviceStorage> {
  if (typeof indexedDB === 'undefined') return memoryStorage();
  let database: IDBDatabase;
  const open = async () => {
    database = await openDatabase(name);
    database.onversionchange = () => database.close();
  };
  try {
    await open();
  } catch {
    return memoryStorage();
  }
  /** Phones take the database away from a page in the background: then it is opened again. */
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') throw error;
      await open();
      return work();
    }
  };
  const reading = <T>(run: (store: IDBObjectStore) => IDBRequest<T>) =>
    attempt(() => done(run(database.transaction(STORE).objectStore(STORE))));
  const writing = (run: (store: IDBObjectStore) => void) =>
    attempt(() => {
      const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
      run(transaction.objectStore(STORE));
      // Without waiting for the page to turn to it again: it may be gone by then, and what is not committing goes with it.
      transaction.commit();
      return committed(transaction);
    });
  const storage: DeviceStorage = {
    durable: true,
    read: (area, key) => reading<unknown>(store => store.get([area, key])),
    list: area => reading<unknown[]>(store => store.getAll(areaRange(area))),
    readFile: async (area, key) => {
      const file = await reading<unknown>(store => store.get([area, key]));
      return file instanceof Blob ? file : null;
    },
    writeFile: (area, key, file) => writing(store => store.put(file, [area, key])),
    keys: async area =>
      (await reading(store => store.getAllKeys(areaRange(area)))).map(key =>
        String(Array.isArray(key) ? key[1] : key),
      ),
    write: (area, key, value) => writing(store => store.put(value, [area, key])),
    remove: (area, key) => writing(store => store.delete([area, key])),
    clear: area => writing(store => store.delete(areaRange(area))),
  };
  const journal = ownJournal();
  return journal ? journaled(storage, journal, isOutbox) : storage;
}

/** Null where the browser refuses it. */
function ownJournal(): Journal | null {
  try {
    return globalThis.localStorage ?? null;
  } catch {
    return null;
  }
}
