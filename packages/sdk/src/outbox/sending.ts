import type { AccountId, Conversation, ConversationId, Message } from '@sotto/protocol';
import { isSottoError, isTemporary, SottoError } from '../calls/error.ts';
import { fullJitter } from '../ports.ts';
import { withoutUploads } from './compose.ts';
import { FileRefused } from './file-refused.ts';
import type { OutboxItem, Settled } from './types.ts';
import type { UploadingParts } from './uploading.ts';

export interface SendingParts extends UploadingParts {
  account: AccountId;
  /** A message was committed. */
  onSettled(settled: Settled): Promise<void>;
  /** A conversation was opened for messages addressed to a person. */
  onOpened(conversation: Conversation): void;
}

/** Takes one message one step further. */
export interface Sending {
  /** True: the next one of its conversation may follow. */
  send(item: OutboxItem, conversation: ConversationId): Promise<boolean>;
  /** Turns what is addressed to a person into what is addressed to the conversation with them. True: that is done. */
  openFor(item: OutboxItem, person: AccountId): Promise<boolean>;
  /** Stops the upload of a message that is not to be sent. */
  cancel(clientId: string): void;
  stop(): void;
}

export function createSending(parts: SendingParts): Sending {
  const { call, clock, items } = parts;
  const uploads = new Map<string, AbortController>();
  /** Uploaded a second time, as the server had lost the first. */
  const renewed = new Set<string>();

  /** What a failed try makes of an item. True: the lane may go on with the next one. */
  const refused = async (clientId: string, thrown: unknown): Promise<boolean> => {
    const item = items.find(clientId);
    if (!item) return true;
    const error = thrown instanceof FileRefused ? thrown.cause : thrown;
    if (!isSottoError(error)) throw error;
    const { code } = error;
    if (code === 'not_signed_in') {
      await items.change(clientId, { status: { state: 'waiting', notBefore: 0, last: code } });
      return false;
    }
    const attempts = item.attempts + 1;
    if (code === 'attachment_unknown' && !renewed.has(clientId)) {
      renewed.add(clientId);
      const files = withoutUploads(item.files);
      await items.change(clientId, {
        attempts,
        files,
        status: { state: 'waiting', notBefore: 0, last: null },
      });
      return true;
    }
    // A limit of requests lifts in hours: that is for the person to decide (BC-16).
    if (!isTemporary(error) || code === 'request_limit') {
      const file = thrown instanceof FileRefused ? thrown.file : null;
      const status = { state: 'failed', code, details: error.details, file } as const;
      await items.change(clientId, { attempts, posted: false, status });
      return true;
    }
    const pause = Math.max((error.retryAfter ?? 0) * 1000, fullJitter(attempts - 1, parts.random));
    const status = { state: 'waiting', notBefore: clock.now() + pause, last: code } as const;
    // The rule of a talk was asked after whether it had arrived before.
    const posted = item.posted && code !== 'slow_mode';
    await items.change(clientId, { attempts, posted, status });
    return false;
  };

  const upload = async (item: OutboxItem): Promise<OutboxItem | null> => {
    if (item.files.every(file => file.attachment)) return item;
    const controller = new AbortController();
    uploads.set(item.clientId, controller);
    try {
      const { uploadFiles } = await uploading();
      await uploadFiles(parts, item, controller.signal);
      return items.find(item.clientId) ?? null;
    } catch (thrown) {
      if (!controller.signal.aborted) throw thrown;
      items.show(item.clientId, { status: { state: 'waiting', notBefore: 0, last: null } });
      return null;
    } finally {
      uploads.delete(item.clientId);
    }
  };

  return {
    async send(waiting, conversation) {
      const { clientId } = waiting;
      try {
        const item = await upload(waiting);
        if (!item) return items.find(clientId) === undefined;
        items.show(clientId, { posted: true, status: { state: 'sending' } });
        const reply = await call('POST /v1/conversations/:conversation/messages', {
          params: { conversation },
          body: bodyOf(item),
        });
        const entry = {
          seq: reply.seq,
          at: reply.at,
          kind: 'message',
          message: messageOf(item, reply.id, parts.account),
        } as const;
        await parts.onSettled({ clientId, conversation, entry, item });
        return true;
      } catch (thrown) {
        return refused(clientId, thrown);
      }
    },
    async openFor(item, person) {
      try {
        const opened = await call('PUT /v1/conversations/direct/:account', { params: { account: person } });
        parts.onOpened(opened);
        const same = items.getSnapshot().filter(({ to }) => 'person' in to && to.person === person);
        for (const { clientId } of same) await items.change(clientId, { to: { conversation: opened.id } });
        return true;
      } catch (thrown) {
        return refused(item.clientId, thrown);
      }
    },
    cancel: clientId => uploads.get(clientId)?.abort(),
    stop() {
      for (const controller of uploads.values()) controller.abort();
    },
  };
}

/** Comes with the first file that is sent: few open the app to send one. */
const uploading = () =>
  import('./uploading.ts').catch((cause: unknown) => {
    throw new SottoError({ code: 'offline', details: {}, cause });
  });

const attachmentsOf = (item: OutboxItem) => item.files.flatMap(file => file.attachment ?? []);

const bodyOf = (item: OutboxItem) => ({
  clientId: item.clientId,
  text: item.text,
  ...(item.reply && { reply: item.reply.seq }),
  ...(item.files.length > 0 && { attachments: attachmentsOf(item).map(({ id }) => id) }),
  ...(item.card && { card: item.card }),
});

const messageOf = (item: OutboxItem, id: string, sender: AccountId): Message => ({
  id,
  sender,
  clientId: item.clientId,
  text: item.text,
  reply: item.reply,
  attachments: attachmentsOf(item),
  card: item.card,
  previews: [],
  reactions: [],
  hidden: false,
});
