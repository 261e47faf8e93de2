/** One mail to one person. */
export interface Mail {
  /** A bare address, validated: no names, no line breaks. */
  to: string;
  subject: string;
  text: string;
  html: string;
  /** What the operator reads in the terminal where no mail server is set up: one line. */
  line: string;
}

/** Port by which mail leaves. */
export interface Mailer {
  /** Nothing is delivered: the operator reads it in the terminal. */
  readonly printed: boolean;
  /**
   * Resolves when the mail server has taken the mail.
   * @throws DeliveryError with nothing of the address in its message
   */
  send(mail: Mail): Promise<void>;
}
