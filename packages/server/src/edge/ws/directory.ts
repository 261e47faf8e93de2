import type { Audience, Channel } from '../../platform/bus/index.ts';
import type { Connection } from './connection.ts';

/** Which of this node's sockets hear what. */
export class Directory {
  readonly all = new Set<Connection>();
  readonly #byAccount = new Map<string, Set<Connection>>();
  readonly #bySession = new Map<string, Set<Connection>>();
  readonly #byChannel = new Map<Channel, Set<Connection>>();

  add(connection: Connection): void {
    this.all.add(connection);
    put(this.#byAccount, connection.viewer.account, connection);
    put(this.#bySession, connection.viewer.session, connection);
  }

  remove(connection: Connection): void {
    this.all.delete(connection);
    take(this.#byAccount, connection.viewer.account, connection);
    take(this.#bySession, connection.viewer.session, connection);
    for (const channel of connection.channels) take(this.#byChannel, channel, connection);
    connection.channels.clear();
  }

  join(connection: Connection, channel: Channel): void {
    if (!this.all.has(connection)) return;
    connection.channels.add(channel);
    put(this.#byChannel, channel, connection);
  }

  leave(connection: Connection, channel: Channel): void {
    connection.channels.delete(channel);
    take(this.#byChannel, channel, connection);
  }

  ofAccount(account: string): ReadonlySet<Connection> {
    return this.#byAccount.get(account) ?? nobody;
  }

  ofSession(session: string): ReadonlySet<Connection> {
    return this.#bySession.get(session) ?? nobody;
  }

  sessions(): string[] {
    return [...this.#bySession.keys()];
  }

  /** Calls back for each socket of an audience. */
  forEach(to: Audience, tell: (connection: Connection) => void): void {
    if ('accounts' in to) {
      for (const account of to.accounts) for (const connection of this.ofAccount(account)) tell(connection);
      return;
    }
    if (to.only) {
      for (const account of to.only)
        for (const connection of this.ofAccount(account))
          if (connection.channels.has(to.channel)) tell(connection);
      return;
    }
    const except = to.except && to.except.length > 0 ? new Set(to.except) : undefined;
    for (const connection of this.#byChannel.get(to.channel) ?? nobody)
      if (!except?.has(connection.viewer.account)) tell(connection);
  }
}

const nobody: ReadonlySet<Connection> = new Set();

function put<K>(map: Map<K, Set<Connection>>, key: K, connection: Connection): void {
  const set = map.get(key);
  if (set) set.add(connection);
  else map.set(key, new Set([connection]));
}

function take<K>(map: Map<K, Set<Connection>>, key: K, connection: Connection): void {
  const set = map.get(key);
  if (set?.delete(connection) && set.size === 0) map.delete(key);
}
