import { type DeviceStorage, memoryStorage } from './device.ts';

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
  try {
    database = await openDatabase(name);
  } catch {
    return memoryStorage();
  }
  database.onversionchange = () => database.close();
  const reading = () => database.transaction(STORE).objectStore(STORE);
  const writing = async (run: (store: IDBObjectStore) => void) => {
    const transaction = database.transaction(STORE, 'readwrite', { durability: 'strict' });
    run(transaction.objectStore(STORE));
    await committed(transaction);
  };
  return {
    durable: true,
    read: async (area, key) => done<unknown>(reading().get([area, key])),
    list: async area => done<unknown[]>(reading().getAll(areaRange(area))),
    write: (area, key, value) => writing(store => store.put(value, [area, key])),
    remove: (area, key) => writing(store => store.delete([area, key])),
    clear: area => writing(store => store.delete(areaRange(area))),
  };
}
