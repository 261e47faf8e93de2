import type { Socket } from 'node:net';
import { type ClientFrame, type ServerFrame, socketClose } from '@sotto/protocol';
import type { RawData, WebSocket } from 'ws';
import type { Channel } from '../../platform/bus/index.ts';
import type { Log } from '../../platform/log/index.ts';
import { Refusal } from '../../platform/refusal.ts';
import type { Viewer } from '../http/caller.ts';
import type { Directory } from './directory.ts';
import { type Encoded, encode } from './encode.ts';
import { FrameBucket, parseFrame } from './frames.ts';
import type { SocketLimits } from './limits.ts';
import type { SocketMetrics } from './metrics.ts';
import { Outlet } from './outlet.ts';
import type { SocketPorts } from './ports.ts';

/** What all connections of a node share. */
export interface ConnectionContext {
  ports: SocketPorts;
  directory: Directory;
  limits: SocketLimits;
  metrics: SocketMetrics;
  log: Log;
  /** Ends of sockets that the domains are still being told of. */
  ending: Set<Promise<void>>;
}

/** RFC 6455 section 7.4.1: a policy was broken; a fault of the server. */
const POLICY = 1008;
const FAULT = 1011;

/** A resume asks for as much as so many other frames. */
const RESUME_COST = 10;

/** One client's socket, from its ticket to its end. */
export class Connection {
  readonly viewer: Viewer;
  readonly channels = new Set<Channel>();
  readonly #context: ConnectionContext;
  readonly #outlet: Outlet;
  readonly #bucket: FrameBucket;
  readonly #openedAt = performance.now();
  /** Settles when the channels that the account is in are joined. */
  readonly #joined: Promise<void>;
  /** What was joined and left while the channels were being read: what was read is older. */
  #meanwhile: Set<Channel> | null = null;
  #resume: 'awaited' | 'running' | 'done' = 'awaited';
  /** Set once the domains were told of this socket. */
  #present: { device: string; told: Promise<void> } | null = null;
  #doubted = false;
  #answered = true;
  #beatAt: number;
  #typedAt = 0;
  #typedIn = '';

  constructor(socket: WebSocket, tcp: Socket, viewer: Viewer, context: ConnectionContext) {
    this.viewer = viewer;
    this.#context = context;
    this.#outlet = new Outlet(socket, tcp, context, () => this.#end());
    this.#bucket = new FrameBucket(context.limits.frameBurst, context.limits.framesPerSecond, this.#openedAt);
    this.#beatAt = this.#openedAt + context.limits.heartbeatMs * (0.5 + Math.random() / 2);
    socket.on('message', (data, isBinary) => this.#receive(data, isBinary));
    socket.on('pong', () => {
      this.#answered = true;
    });
    // ws tells the client itself what it did wrong; the close follows.
    socket.on('error', error => context.log.debug({ err: error }, 'socket failed'));
    // Heard from now on, sent after `resumed`: nothing can fall between the reading and the listening (RT-6).
    this.#outlet.hold();
    context.directory.add(this);
    this.#outlet.sendFirst(
      encode({
        type: 'hello',
        session: viewer.session,
        heartbeatSeconds: Math.ceil(context.limits.heartbeatMs / 1000),
      }),
    );
    this.#joined = this.#joinChannels();
    context.log.debug({ session: viewer.session }, 'socket opened');
  }

  send(frame: Encoded): void {
    this.#outlet.send(frame);
  }

  close(code: number, reason: string): void {
    this.#outlet.close(code, reason);
  }

  listen(channel: Channel): void {
    this.#meanwhile?.add(channel);
    this.#context.directory.join(this, channel);
  }

  unlisten(channel: Channel): void {
    this.#meanwhile?.add(channel);
    this.#context.directory.leave(this, channel);
  }

  /** Looks at the clock: closes what is stuck, silent or mute, and beats. @param now as `performance.now()` */
  check(now: number): void {
    const { limits } = this.#context;
    if (this.#outlet.isStuck(now)) this.close(socketClose.tooSlow, 'not read in time');
    else if (this.#resume === 'awaited' && now - this.#openedAt >= limits.resumeMs)
      this.close(socketClose.badFrame, 'resume: awaited as the first frame');
    else if (now >= this.#beatAt) {
      if (!this.#answered) {
        this.close(socketClose.silent, 'no answer to the heartbeat');
        return;
      }
      this.#beatAt = now + limits.heartbeatMs * (0.9 + Math.random() / 5);
      this.#answered = false;
      this.#outlet.ping();
      if (this.#resume === 'done') void this.#sendHeads();
    }
  }

  /** Whether it hears what a person may lose the right to hear. */
  get hearsRoom(): boolean {
    return [...this.channels].some(channel => channel !== 'hallway');
  }

  /** The channels as the database has them, should a word have been lost (RT-9). @throws what the database throws */
  async recheckChannels(): Promise<void> {
    await this.#joined;
    await this.#readChannels();
  }

  /** The node may have missed events: the client is to say again what it has (RT-5). */
  doubt(): void {
    if (this.#resume === 'done') this.send(encode({ type: 'missed' }));
    // What is being read now may be older than what was lost.
    else if (this.#resume === 'running') this.#doubted = true;
  }

  async #joinChannels(): Promise<void> {
    try {
      await this.#readChannels();
    } catch (error) {
      this.#fail(error);
    }
  }

  async #readChannels(): Promise<void> {
    const { directory, ports } = this.#context;
    const meanwhile = new Set<Channel>();
    this.#meanwhile = meanwhile;
    const now = new Set(await ports.channelsOf(this.viewer.account));
    for (const channel of now) if (!meanwhile.has(channel)) directory.join(this, channel);
    for (const channel of [...this.channels])
      if (channel !== 'hallway' && !now.has(channel) && !meanwhile.has(channel))
        directory.leave(this, channel);
    if (this.#meanwhile === meanwhile) this.#meanwhile = null;
  }

  #receive(data: RawData, isBinary: boolean): void {
    if (this.#outlet.closed) return;
    const now = performance.now();
    this.#answered = true;
    if (!this.#bucket.take(now)) {
      this.close(POLICY, 'too many frames');
      return;
    }
    const parsed = isBinary ? { problem: 'binary' } : parseFrame(data.toString());
    if ('problem' in parsed) this.close(socketClose.badFrame, parsed.problem);
    else this.#handle(parsed.frame, now);
  }

  #handle(frame: ClientFrame, now: number): void {
    if (frame.type === 'resume') {
      if (this.#resume === 'running') this.close(socketClose.badFrame, 'resume: one is under way');
      else if (!this.#bucket.take(now, RESUME_COST)) this.close(POLICY, 'too many frames');
      else this.#run(this.#answerResume(frame));
    } else if (this.#resume === 'awaited')
      this.close(socketClose.badFrame, 'resume: awaited as the first frame');
    else if (frame.type === 'hallway') this.#watchHallway(frame.watch);
    else if (frame.type === 'read')
      this.#run(this.#context.ports.markRead(this.viewer, frame.conversation, frame.seq));
    else if (this.#mayType(frame.conversation, now))
      this.#run(this.#context.ports.typing(this.viewer, frame.conversation));
  }

  async #answerResume(frame: Extract<ClientFrame, { type: 'resume' }>): Promise<void> {
    const { ports } = this.#context;
    this.#resume = 'running';
    this.#outlet.hold();
    this.#watchHallway(frame.hallway);
    await this.#joined;
    await this.#becomePresent(frame.device);
    const [backchannel, room] = await Promise.all([
      ports.resume(this.viewer, frame.have),
      ports.resumeRoom(this.viewer, frame.device, frame.room),
    ]);
    if (this.#outlet.closed) return;
    const resumed: ServerFrame = { type: 'resumed', ...backchannel, room };
    this.#outlet.sendFirst(encode(resumed));
    this.#outlet.release();
    this.#resume = 'done';
    if (this.#doubted) this.doubt();
    this.#doubted = false;
    await this.#sendHeads();
  }

  /** Tells the domains, once; a socket that is closed meanwhile is told after. */
  async #becomePresent(device: string): Promise<void> {
    if (this.#outlet.closed) return;
    const { ports } = this.#context;
    this.#present ??= {
      device,
      told: Promise.resolve(ports.socketOpened(this.viewer.account, device)),
    };
    await this.#present.told;
  }

  #watchHallway(watch: boolean): void {
    if (watch) this.#context.directory.join(this, 'hallway');
    else this.#context.directory.leave(this, 'hallway');
  }

  #mayType(conversation: string, now: number): boolean {
    if (conversation === this.#typedIn && now - this.#typedAt < this.#context.limits.typingMs) return false;
    this.#typedIn = conversation;
    this.#typedAt = now;
    return true;
  }

  /** Also a sign of life: a browser's script does not see pings. */
  async #sendHeads(): Promise<void> {
    const heads = await this.#context.ports.heads(this.viewer.account).catch((error: unknown) => {
      // Every socket would say so: that the database is away is told where it is noticed.
      this.#context.log.debug({ err: error }, 'heads not read');
      return [];
    });
    this.send(encode({ type: 'heads', heads }));
  }

  /** What a domain refuses (a conversation that is not theirs) has no answer on a socket. */
  #run(work: Promise<void>): void {
    work.catch((error: unknown) => {
      if (!(error instanceof Refusal)) this.#fail(error);
    });
  }

  #fail(error: unknown): void {
    if (this.#outlet.closed) return;
    this.#context.log.error({ err: error }, 'socket: a frame could not be answered');
    this.close(FAULT, 'a fault of the server');
  }

  #end(): void {
    this.#context.directory.remove(this);
    this.#context.log.debug({ session: this.viewer.session }, 'socket closed');
    const present = this.#present;
    if (!present) return;
    this.#present = null;
    const { ports, log, ending } = this.#context;
    const told = present.told
      .catch(() => undefined)
      .then(() => ports.socketClosed(this.viewer.account, present.device))
      .catch((error: unknown) => log.error({ err: error }, 'socket: its end could not be told'))
      .finally(() => ending.delete(told));
    ending.add(told);
  }
}
