import type { ClientFrame, ServerFrame } from '@sotto/protocol';
import type { Channel } from '../../platform/bus/index.ts';
import type { Viewer } from '../http/caller.ts';

type ResumeFrame = Extract<ClientFrame, { type: 'resume' }>;
type ResumedFrame = Extract<ServerFrame, { type: 'resumed' }>;
type HeadsFrame = Extract<ServerFrame, { type: 'heads' }>;

/** What the sockets ask of the domains. */
export interface SocketPorts {
  /** Whose ticket this is; null where it was used, ran out, or never was (RT-8). */
  redeemTicket(ticket: string): Promise<Viewer | null>;
  /** Those of the sessions that still are (RT-9). */
  sessionAlive(sessions: string[]): Promise<ReadonlySet<string>>;
  resume(viewer: Viewer, have: ResumeFrame['have']): Promise<Omit<ResumedFrame, 'type' | 'room'>>;
  resumeRoom(viewer: Viewer, device: string, have: ResumeFrame['room']): Promise<ResumedFrame['room']>;
  heads(account: string): Promise<HeadsFrame['heads']>;
  typing(viewer: Viewer, conversation: string): Promise<void>;
  markRead(viewer: Viewer, conversation: string, seq: number): Promise<void>;
  /** The channels that an account's sockets hear, beside those they ask for. */
  channelsOf(account: string): Promise<readonly Channel[]>;
  /** A socket is there for a person's device (RO-5). */
  socketOpened(account: string, device: string): Promise<void> | void;
  /** Once for each `socketOpened`. */
  socketClosed(account: string, device: string): Promise<void> | void;
}
