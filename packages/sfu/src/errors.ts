/** Stable codes of what the media node refuses. */
export type MediaErrorCode =
  | 'bad_offer'
  | 'draining'
  | 'full'
  | 'closed'
  | 'port_in_use'
  | 'port_not_permitted'
  | 'bad_option';

/** Refusal of the media node. `field` names what was wrong with the input, where something was. */
export class MediaError extends Error {
  readonly code: MediaErrorCode;
  readonly field: string | undefined;

  constructor(code: MediaErrorCode, message: string, field?: string) {
    super(message);
    this.name = 'MediaError';
    this.code = code;
    this.field = field;
  }
}
