/** `closed`: by us, or by the node. `lost`: the path to the node is gone. */
export type AudioEnd = 'closed' | 'lost';

/**
 * What the end of a connection means, by what ICE says at that moment (RFC 8445). Where ICE has not given the path up, it
 * was the node that ended DTLS (close_notify, RFC 8446 section 6.1): as good a word as the packet by which it takes leave,
 * which a busy machine may bring later, or not at all.
 */
export const endBy = (ice: string): AudioEnd =>
  ice === 'disconnected' || ice === 'failed' ? 'lost' : 'closed';
