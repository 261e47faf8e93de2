import type { LogEntry, ServerFrame } from '@sotto/protocol';
import { SOCKET_PROTOCOL } from '@sotto/protocol/limits';
import { type Call, createCaller, isSottoError, isTemporary, type SocketLike } from '@sotto/sdk';
import { nodeSocket } from '@sotto/sdk/node';
import { type TcpRelay, tcpRelay } from '../wire/tcp.ts';
import type { Recorder } from './events.ts';

export interface DeviceOptions {
  name: string;
  account: string;
  token: string;
  /** Where the node listens that a proxy would send this device to now. */
  port(): number;
  recorder: Recorder;
}

/** What a device has of a conversation: all up to `last`, and what came too early. */
interface Held {
  last: number;
  early: Map<number, string | null>;
  fetching: boolean;
  gap: NodeJS.Timeout | undefined;
}

const gapMs = 200;
const callMs = 3000;
const retryMs = 200;

export const pause = (ms: number) => new Promise<void>(resolve => setTimeout(resolve, ms));

/** A message by its id, anything else by what it is; null where the server keeps it from this reader. */
export function nameOf(entry: LogEntry): string | null {
  if (entry.kind === 'withheld') return null;
  return entry.kind === 'message' ? entry.message.id : `${entry.kind} ${entry.seq}`;
}

/**
 * A client that does what `docs/SPEC.md` asks of one and nothing more, so that what it has is what the server gave: socket
 * with resume, gaps fetched after 200 ms, heads compared. It writes down all that comes.
 */
export class Device {
  readonly name: string;
  readonly account: string;
  readonly call: Call;
  readonly #options: DeviceOptions;
  readonly #held = new Map<string, Held>();
  readonly #old: TcpRelay[] = [];
  #relay: TcpRelay | undefined;
  #socket: SocketLike | undefined;
  /** Each socket's own number; what an abandoned one still says is of no interest. */
  #generation = 0;
  #state: 'on' | 'signedOut' | 'stopped' = 'on';
  #open = false;
  /** When it last asked for what it missed. */
  #asked = 0;

  constructor(options: DeviceOptions) {
    this.#options = options;
    this.name = options.name;
    this.account = options.account;
    this.call = createCaller({
      baseUrl: 'http://relay.invalid',
      token: options.token,
      fetch: (input, init) => {
        const url = new URL(String(input));
        return fetch(`http://127.0.0.1:${this.relay.port}${url.pathname}${url.search}`, init);
      },
    });
  }

  get relay(): TcpRelay {
    if (!this.#relay) throw new Error('device: not started');
    return this.#relay;
  }

  get on(): boolean {
    return this.#state === 'on';
  }

  /** Whether its socket is open and has been resumed. */
  get open(): boolean {
    return this.#open;
  }

  get conversations(): string[] {
    return [...this.#held.keys()];
  }

  lastOf(conversation: string): number {
    return this.#held.get(conversation)?.last ?? 0;
  }

  async start(): Promise<void> {
    this.#relay = await tcpRelay(this.#options.port());
    void this.#stayConnected();
  }

  /** New connections go where the proxy sends them now. */
  redirect(): void {
    this.#relay?.pointTo(this.#options.port());
  }

  /** Hangs up; it comes back by itself. */
  reconnect(): void {
    this.#generation += 1;
    this.#open = false;
    this.#socket?.close(1000);
  }

  /** As a phone that changes networks: the old connections stay, silent, and new ones are made. */
  async abandon(): Promise<void> {
    this.relay.cut('silence');
    this.#old.push(this.relay);
    this.#relay = await tcpRelay(this.#options.port());
    this.#hangUp();
  }

  frame(frame: object): void {
    if (this.#open) this.#socket?.send(JSON.stringify(frame));
  }

  /** Until it works or the server says no. @returns null where this device is signed out or stopped */
  async insist<T>(work: (call: Call) => Promise<T>): Promise<T | null> {
    while (this.on) {
      try {
        return await work(this.call);
      } catch (error) {
        if (!isTemporary(error)) throw error;
        await pause(retryMs * (0.5 + Math.random()));
      }
    }
    return null;
  }

  /** Signs out, and keeps its ears open for what must not come any more. */
  async signOut(): Promise<void> {
    try {
      await this.insist(call => call('POST /v1/sign-out', { timeout: callMs }));
    } catch (error) {
      // A repeat of what was done: the answer was lost.
      if (!isSottoError(error, 'not_signed_in')) throw error;
    }
    this.#state = 'signedOut';
    this.#options.recorder.add({ kind: 'signedOut', device: this.name });
  }

  /** Whether the token still opens anything; written down if so. */
  async tryDoor(): Promise<void> {
    const answer = await this.call('GET /v1/me', { timeout: callMs }).then(
      () => 'let in',
      () => 'kept out',
    );
    if (answer === 'let in')
      this.#options.recorder.add({ kind: 'letInAfter', device: this.name, what: 'GET /v1/me' });
  }

  async stop(): Promise<void> {
    this.#state = 'stopped';
    this.#hangUp();
    for (const { gap } of this.#held.values()) clearTimeout(gap);
    for (const relay of [...this.#old, this.relay]) await relay.close();
  }

  #hangUp(): void {
    this.#generation += 1;
    this.#open = false;
    this.#socket?.close();
  }

  async #stayConnected(): Promise<void> {
    while (this.on) {
      try {
        const { ticket } = await this.call('POST /v1/socket-tickets', { timeout: callMs });
        if (this.on) await this.#connection(ticket);
      } catch (error) {
        if (isSottoError(error, 'not_signed_in')) return;
      }
      await pause(retryMs * Math.random());
    }
  }

  /** Resolves when it is over. */
  #connection(ticket: string): Promise<void> {
    const { promise, resolve } = Promise.withResolvers<void>();
    const mine = ++this.#generation;
    const url = `ws://127.0.0.1:${this.relay.port}/socket?ticket=${ticket}`;
    const current = () => mine === this.#generation;
    let known = false;
    const end = () => {
      if (current()) this.#open = false;
      clearInterval(watch);
      resolve();
    };
    const opened = nodeSocket()(url, SOCKET_PROTOCOL, {
      opened: () => this.#resume(opened),
      message: data => {
        if (!current()) return;
        const frame = JSON.parse(String(data)) as ServerFrame;
        if (frame.type === 'resumed') known = true;
        this.#hear(frame, opened);
      },
      closed: end,
    });
    this.#socket = opened;
    // Hung up on, or not let in for seconds: the next try.
    const until = performance.now() + 6000;
    const watch = setInterval(() => {
      if (current() && (known || performance.now() < until)) return;
      opened.close();
      end();
    }, 100);
    return promise;
  }

  #resume(socket: SocketLike): void {
    const have = [...this.#held].map(([conversation, { last }]) => ({ conversation, seq: last }));
    this.#asked = this.#options.recorder.now();
    socket.send(
      JSON.stringify({
        type: 'resume',
        device: 'history-device',
        have: have.slice(-500),
        room: null,
        hallway: false,
      }),
    );
  }

  #hear(frame: ServerFrame, socket: SocketLike): void {
    if (this.#state === 'signedOut')
      this.#options.recorder.add({ kind: 'heardAfter', device: this.name, what: frame.type });
    switch (frame.type) {
      case 'resumed':
        this.#open = true;
        for (const { id, head, firstSeq } of frame.conversations) this.#know(id, firstSeq, head);
        for (const { conversation, entries } of frame.entries)
          for (const entry of entries) this.#take(conversation, entry, 'resume', this.#asked);
        for (const conversation of frame.gone) this.#forget(conversation);
        for (const conversation of frame.limited) void this.#fetch(conversation);
        break;
      case 'missed':
        this.#resume(socket);
        break;
      case 'entry':
        this.#take(frame.conversation, frame.entry, 'event');
        break;
      case 'entries':
        for (const entry of frame.entries) this.#take(frame.conversation, entry, 'event');
        break;
      case 'conversation':
        if (frame.conversation.state === 'active')
          this.#know(frame.conversation.id, frame.conversation.firstSeq, frame.conversation.firstSeq - 1);
        break;
      case 'conversationGone':
        this.#forget(frame.conversation);
        break;
      case 'heads':
        for (const { conversation, head } of frame.heads)
          if (head > (this.#held.get(conversation)?.last ?? Number.POSITIVE_INFINITY))
            void this.#fetch(conversation);
        break;
      default:
    }
  }

  /** @param last what one who sees it for the first time need not have */
  #know(conversation: string, firstSeq: number, last: number): void {
    const held = this.#held.get(conversation);
    // Came back to a group: what happened meanwhile is not theirs.
    if (held && held.last < firstSeq - 1) this.#forget(conversation);
    if (this.#held.has(conversation)) return;
    const after = Math.max(last, firstSeq - 1);
    this.#options.recorder.add({ kind: 'began', device: this.name, conversation, after });
    this.#held.set(conversation, {
      last: after,
      early: new Map(),
      fetching: false,
      gap: undefined,
    });
  }

  #forget(conversation: string): void {
    clearTimeout(this.#held.get(conversation)?.gap);
    this.#held.delete(conversation);
  }

  /** Everything that comes is written down; what is next is put in its place. */
  #take(conversation: string, entry: LogEntry, via: 'event' | 'resume' | 'log', since?: number): void {
    const { recorder } = this.#options;
    const at = {
      device: this.name,
      account: this.account,
      conversation,
      via,
      ...(since !== undefined && { since }),
    };
    const name = nameOf(entry);
    recorder.add({ kind: 'saw', ...at, seq: entry.seq, entry: name });
    const held = this.#held.get(conversation);
    if (!held) {
      if (via !== 'log') void this.#meet(conversation);
      return;
    }
    if (entry.seq <= held.last) return;
    held.early.set(entry.seq, name);
    for (let next = held.early.get(held.last + 1); next !== undefined; next = held.early.get(held.last + 1)) {
      held.last += 1;
      held.early.delete(held.last);
      recorder.add({ kind: 'applied', ...at, seq: held.last, entry: next });
    }
    if (held.early.size > 0 && held.gap === undefined)
      held.gap = setTimeout(() => {
        held.gap = undefined;
        if (held.early.size > 0) void this.#fetch(conversation);
      }, gapMs);
  }

  /** Opens a conversation, as somebody who looks at it: all of it that is theirs is fetched. */
  async look(conversation: string): Promise<void> {
    if (!this.#held.has(conversation)) await this.#meet(conversation);
  }

  /** It is looked at no more. */
  close(conversation: string): void {
    this.#forget(conversation);
  }

  /** An entry of a conversation that this device has never heard of. */
  async #meet(conversation: string): Promise<void> {
    const found = await this.insist(call =>
      call('GET /v1/conversations/:conversation', { params: { conversation }, timeout: callMs }),
    ).catch(() => null);
    if (found?.state !== 'active') return;
    this.#know(conversation, found.firstSeq, found.firstSeq - 1);
    await this.#fetch(conversation);
  }

  async #fetch(conversation: string): Promise<void> {
    const held = this.#held.get(conversation);
    if (!held || held.fetching) return;
    held.fetching = true;
    try {
      while (this.on && this.#held.get(conversation) === held) {
        let since = 0;
        const page = await this.insist(call => {
          since = this.#options.recorder.now();
          return call('GET /v1/conversations/:conversation/log', {
            params: { conversation },
            query: { after: held.last, limit: 200 },
            timeout: callMs,
          });
        });
        if (!page) return;
        this.#know(conversation, page.firstSeq, page.firstSeq - 1);
        // Taken out and let in again without a word of it: one goes on where one came back.
        if (this.#held.get(conversation) !== held) return void this.#fetch(conversation);
        for (const entry of page.entries) this.#take(conversation, entry, 'log', since);
        if (page.entries.length === 0 || held.last >= page.head) return;
      }
    } catch {
      // Not theirs any more.
      this.#forget(conversation);
    } finally {
      held.fetching = false;
    }
  }

  /** The newest page, as when one scrolls: written down as what came. */
  async readPage(conversation: string): Promise<number> {
    const since = this.#options.recorder.now();
    const page = await this.call('GET /v1/conversations/:conversation/log', {
      params: { conversation },
      query: { limit: 20 },
      timeout: callMs,
    });
    for (const entry of page.entries)
      this.#options.recorder.add({
        kind: 'saw',
        device: this.name,
        account: this.account,
        conversation,
        seq: entry.seq,
        entry: nameOf(entry),
        via: 'log',
        since,
      });
    return page.head;
  }
}
