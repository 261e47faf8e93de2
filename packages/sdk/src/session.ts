import type { Me } from '@sotto/protocol';
import type { OutputOf } from './calls/client.ts';
import type { SottoErrorCode } from './calls/error.ts';
import type { Readable } from './stores/store.ts';

export type SessionState =
  /** Not known yet; `error`: what the last try to find out met. */
  | { readonly state: 'unknown'; readonly error: SottoErrorCode | null }
  /** `ended`: it was signed in, and another device or the server ended it. */
  | { readonly state: 'signedOut'; readonly reason: 'never' | 'signedOut' | 'ended' }
  /** `confirmed` is false while the account is shown from the device's memory, before the server has answered. */
  | { readonly state: 'signedIn'; readonly me: Me; readonly confirmed: boolean };

/** Signing in and out. */
export interface Session {
  readonly state: Readable<SessionState>;
  /** Sends a code to an email address or a phone number. @throws SottoError */
  requestCode(address: string): Promise<OutputOf<'POST /v1/sign-in/codes'>>;
  /** @throws SottoError `code_wrong` with `triesLeft`, `code_expired` */
  signIn(address: string, code: string): Promise<Me>;
  /** Ends the session, and forgets on this device all that belongs to the account, unsent messages included. */
  signOut(): Promise<void>;
  /** The bearer token, where one is used instead of a cookie: keep it, and pass it to `createSotto` next time. */
  token(): string | null;
}

/** Your account, and changing it. */
export interface MeStore extends Readable<Me | null> {
  change(changes: { handle?: string; name?: string; bio?: string }): Promise<Me>;
  /** The bytes of a JPEG, PNG, WebP, GIF or AVIF, with its media type. */
  changePicture(bytes: Uint8Array<ArrayBuffer>, type: string): Promise<Me>;
  removePicture(): Promise<Me>;
}
