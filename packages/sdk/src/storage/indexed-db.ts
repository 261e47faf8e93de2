import { type DeviceStorage, isOutbox, memoryStorage } from './device.ts';
import { type Journal, journaled } from './journal.ts';

const STORE = 'records';
/** A browser's database may stop answering (it is known of phones): after so long, ms, one goes on without. */
const PATIENCE = 5_000;
/** For so long, ms, a database that did not answer is not asked again: each question would wait anew. */
const REST = 30_000;

const done = <T>(request: IDBRequest<T>): Promise<T> =>
  new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });

/** @throws DOMException `TimeoutError` after `PATIENCE`, where `isBusy` does not say that it has reason to be slow */
async function inTime<T>(work: Promise<T>, isBusy: () => boolean = () => false): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const late = new Promise<never>((_, reject) => {
    const wait = () => {
      timer = setTimeout(() => (isBusy() ? wait() : reject(stalled())), PATIENCE);
    };
    wait();
  });
  return Promise.race([work, late]).finally(() => clearTimeout(timer));
}

const stalled = () => new DOMException('the database does not answer', 'TimeoutError');
const isStalled = (error: unknown) => error instanceof DOMException && error.name === 'TimeoutError';

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
    await inTime(open());
  } catch {
    return memoryStorage();
  }
  /** Files take as long as they take, and all else waits for them. */
  let filesOnTheirWay = 0;
  const isWritingFiles = () => filesOnTheirWay > 0;
  let restUntil = 0;
  /** Phones take the database away from a page in the background: then it is opened again. */
  const attempt = async <T>(work: () => Promise<T>): Promise<T> => {
    if (performance.now() < restUntil) throw stalled();
    try {
      return await inTime(work(), isWritingFiles);
    } catch (error) {
      if (error instanceof DOMException && error.name === 'QuotaExceededError') throw error;
      if (isStalled(error)) {
        restUntil = performance.now() + REST;
        throw error;
      }
      await inTime(open());
      return inTime(work(), isWritingFiles);
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
    keys: async area =>
      (await reading(store => store.getAllKeys(areaRange(area)))).map(key =>
        String(Array.isArray(key) ? key[1] : key),
      ),
    async writeFile(area, key, file) {
      filesOnTheirWay += 1;
      try {
        await writing(store => store.put(file, [area, key]));
      } finally {
        filesOnTheirWay -= 1;
      }
    },
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
