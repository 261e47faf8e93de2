export interface Sms {
  /** E.164: + and digits. */
  to: string;
  text: string;
  /** What the operator reads in the terminal where no SMS service is set up: one line. */
  line: string;
}

/** Port by which text messages to phones leave. */
export interface SmsSender {
  /** Nothing is delivered: the operator reads it in the terminal. */
  readonly printed: boolean;
  /**
   * Resolves when the service has taken the message.
   * @throws DeliveryError with nothing of the number in its message
   */
  send(sms: Sms): Promise<void>;
}
