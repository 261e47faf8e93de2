import type { Attachment } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import { isSottoError, isTemporary, type SottoErrorCode } from '../calls/error.ts';
import { fullJitter } from '../ports.ts';
import { createPace } from './pace.ts';
import type { UploadOptions, UploadProgress } from './types.ts';

/** The server reads the whole file and makes sizes; behind a full queue that takes a while. */
const FINISH_TIMEOUT = 120_000;
/** Answers in a row that say another place than was sent, without a byte gained: then something is wrong. */
const LOST_MAX = 5;

/**
 * Uploads a file in chunks and finishes it. Whatever is temporary is waited out: a network that is gone or slow, a server
 * that restarts, a limit. It goes on where it broke off.
 * @throws SottoError that no waiting cures, as `attachment_rejected`
 * @throws the signal's reason, when `signal` aborts
 */
export async function uploadFile(options: UploadOptions): Promise<Attachment> {
  const { call, clock, file, signal } = options;
  let upload = options.resume;
  /** Not known yet where it stands. */
  let offset: number | null = upload === undefined ? 0 : null;
  let pace = createPace();
  let failures = 0;
  let lost = 0;

  const tell = (state: UploadProgress['state'], last: SottoErrorCode | null = null): void =>
    options.onProgress?.({ sent: offset ?? 0, bytes: file.size, state, last });
  const stop = signal ? { signal } : {};

  const open = async (): Promise<string> => {
    const body = {
      kind: options.kind,
      bytes: file.size,
      ...(options.name !== undefined && { name: options.name }),
    };
    const opened = await call('POST /v1/uploads', { body, ...stop });
    pace = createPace(opened.chunkBytes);
    offset = opened.offset;
    upload = opened.upload;
    options.onUpload?.(opened.upload);
    return opened.upload;
  };

  const sendChunk = async (id: string, from: number): Promise<void> => {
    const bytes = await file.slice(from, Math.min(from + pace.size(), file.size));
    const began = clock.now();
    const reply = await call('PUT /v1/uploads/:upload/bytes', {
      params: { upload: id },
      query: { offset: from },
      bytes,
      type: 'application/octet-stream',
      ...stop,
    });
    pace.took(bytes.byteLength, clock.now() - began);
    offset = reply.offset;
    failures = 0;
    lost = 0;
  };

  /** One step further; the attachment once all is done. */
  const step = async (): Promise<Attachment | null> => {
    const id = upload ?? (await open());
    const params = { upload: id };
    if (offset === null) ({ offset } = await call('GET /v1/uploads/:upload', { params, ...stop }));
    if (offset < file.size) {
      tell('uploading');
      await sendChunk(id, offset);
      return null;
    }
    tell('checking');
    const body = {
      ...(options.poster !== undefined && { poster: options.poster }),
      ...(options.waveform && { waveform: [...options.waveform] }),
    };
    return call('POST /v1/uploads/:upload/finish', { params, body, timeout: FINISH_TIMEOUT, ...stop });
  };

  for (;;) {
    signal?.throwIfAborted();
    try {
      const attachment = await step();
      if (attachment) return attachment;
    } catch (thrown) {
      if (!isSottoError(thrown)) throw thrown;
      if (isSottoError(thrown, 'upload_offset') && lost < LOST_MAX) {
        lost += 1;
        offset = thrown.details.offset;
      } else if (thrown.code === 'not_found' && upload !== undefined && lost < LOST_MAX) {
        // The server keeps an unfinished upload for a day. The file is still here.
        lost += 1;
        upload = undefined;
        offset = 0;
      } else if (isTemporary(thrown)) {
        if (thrown.status === 0) pace.failed();
        tell('waiting', thrown.code);
        const pause = Math.max((thrown.retryAfter ?? 0) * 1000, fullJitter(failures, options.random));
        failures += 1;
        await rest(options, pause);
        // What was sent last may have arrived, though no reply came.
        if (upload !== undefined) offset = null;
      } else throw thrown;
    }
  }
}

/** Until the time is over, the network is back, or the signal stops it. */
function rest({ clock, wake, signal }: UploadOptions, ms: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const end = (done: () => void) => () => {
      cancel();
      unlisten?.();
      signal?.removeEventListener('abort', stopped);
      done();
    };
    const stopped = end(() => reject(signal?.reason));
    const cancel = clock.after(ms, end(resolve));
    const unlisten = wake?.subscribe(end(resolve));
    signal?.addEventListener('abort', stopped, { once: true });
  });
}

/** Gives an upload up, or an attachment that was not sent: its bytes are deleted. What is gone already is no error. */
export async function cancelUpload(call: Call, upload: string): Promise<void> {
  await call('DELETE /v1/uploads/:upload', { params: { upload } }).catch((thrown: unknown) => {
    if (!isSottoError(thrown, 'not_found')) throw thrown;
  });
}
