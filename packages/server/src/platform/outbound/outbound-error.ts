/** Why an address that somebody named was not asked, or its answer not taken. */
export type OutboundReason =
  /** No URL, or too long a one. */
  | 'url'
  /** Neither `http:` nor `https:`. */
  | 'scheme'
  /** A user or a password is in it. */
  | 'credentials'
  /** Neither 80 nor 443. */
  | 'port'
  /** It leads, or one of the addresses behind its name does, somewhere that is not the public internet. */
  | 'address'
  /** The caller holds this host back. */
  | 'held'
  /** The name is not known. */
  | 'unresolved'
  /** Not done within the time. */
  | 'timeout'
  | 'redirects'
  | 'headers'
  /** An answer of another media type than was asked for. */
  | 'type'
  /** A content coding that was not offered, or bytes that are not in it. */
  | 'encoding'
  | 'too_large'
  /** The connection failed: refused, reset, no TLS. */
  | 'failed'
  /** We are going down: it says nothing of the other side. */
  | 'closed';

/** The message is for the log. */
export class OutboundError extends Error {
  override readonly name = 'OutboundError';
  readonly reason: OutboundReason;

  constructor(reason: OutboundReason, message: string = reason, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
