import { ephemeralFrames, type ServerFrame } from '@sotto/protocol';

/** A frame as its bytes, made once and shared by every socket it goes to (RT-11). */
export interface Encoded {
  bytes: Buffer;
  /** Ephemeral frames of the same key replace each other; null for those that must not be lost. */
  ephemeral: string | null;
}

const FINAL_TEXT = 0x81;

/**
 * A whole WebSocket frame (RFC 6455 section 5.2): final, text, unmasked as a server's frames are, and therefore the same
 * bytes for everyone.
 */
export function encode(frame: ServerFrame): Encoded {
  const text = JSON.stringify(frame);
  const length = Buffer.byteLength(text);
  const header = length < 126 ? 2 : length < 0x10000 ? 4 : 10;
  const bytes = Buffer.allocUnsafe(header + length);
  bytes[0] = FINAL_TEXT;
  if (header === 2) bytes[1] = length;
  else if (header === 4) {
    bytes[1] = 126;
    bytes.writeUInt16BE(length, 2);
  } else {
    bytes[1] = 127;
    bytes.writeBigUInt64BE(BigInt(length), 2);
  }
  bytes.write(text, header);
  return { bytes, ephemeral: ephemeralKey(frame) };
}

function ephemeralKey(frame: ServerFrame): string | null {
  if (!ephemeralFrames.has(frame.type)) return null;
  if (frame.type === 'typing') return `typing ${frame.conversation} ${frame.account}`;
  return 'room' in frame ? `${frame.type} ${String(frame.room)}` : frame.type;
}
