/** A mail or an SMS did not leave. The message is for the log: it names what failed, and never to whom it went. */
export class DeliveryError extends Error {
  override readonly name = 'DeliveryError';
}
