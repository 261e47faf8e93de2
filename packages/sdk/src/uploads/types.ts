import type { Attachment, AttachmentKind } from '@sotto/protocol';
import type { Call } from '../calls/client.ts';
import type { SottoErrorCode } from '../calls/error.ts';
import type { Clock, Random, Wake } from '../ports.ts';

/** A file that can be read in parts, again after a break. */
export interface UploadSource {
  /** Bytes. */
  readonly size: number;
  /** The bytes from `start` to `end`, that one not included. */
  slice(start: number, end: number): Promise<Uint8Array<ArrayBuffer>>;
}

export interface UploadProgress {
  /** Bytes the server has, never fewer than it had. */
  readonly sent: number;
  readonly bytes: number;
  readonly state:
    | 'uploading'
    /** For the network, or until the server takes more. */
    | 'waiting'
    /** All is there; the server looks at it and makes the sizes. */
    | 'checking';
  /** What the last try met, while `waiting`. */
  readonly last: SottoErrorCode | null;
}

export interface UploadOptions {
  call: Call;
  clock: Clock;
  random: Random;
  /** Ends a wait when the network is back. */
  wake?: Wake;
  file: UploadSource;
  kind: AttachmentKind;
  /** As the file is called on the device. */
  name?: string;
  /** For a video: the id of a finished image. */
  poster?: string;
  /** For a voice note: see `VOICE_WAVEFORM_MAX` and `VOICE_WAVEFORM_PEAK`. */
  waveform?: readonly number[];
  /** The upload of an earlier try, of this program or the one before it: it goes on where it broke off. */
  resume?: string;
  /** Told the id as soon as there is one, to be kept for `resume`. Told again should the server have forgotten the first. */
  onUpload?: (upload: string) => void;
  onProgress?: (progress: UploadProgress) => void;
  /** Stops, and leaves on the server what is there: to be resumed, or given up by `cancelUpload`. */
  signal?: AbortSignal;
}

export type UploadFile = (options: UploadOptions) => Promise<Attachment>;
