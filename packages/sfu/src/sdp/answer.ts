import { isIP } from 'node:net';
import { LEVEL_URI, type Offer, type OfferSection } from './offer.ts';

/** What the node decides of an answer; the rest follows from the offer. */
export interface AnswerTerms {
  readonly port: number;
  /** Addresses for host candidates, best first. */
  readonly announce: readonly string[];
  /** SSRC of each of the room's slots. */
  readonly slotSources: readonly number[];
  /** Names the voices of one room as one stream. */
  readonly cname: string;
}

/** Transport lines of a description the library wrote. */
export interface LocalTransport {
  readonly iceUfrag: string;
  readonly icePwd: string;
  readonly fingerprint: string;
  readonly setup: string;
}

/** What microphones are asked for: narrow enough for a phone, quiet when nobody speaks, and mended on loss. */
export const UPLINK_FORMAT = 'minptime=10;useinbandfec=1;usedtx=1;stereo=0;maxaveragebitrate=40000';
export const SLOT_FORMAT = 'minptime=10;useinbandfec=1';
export const UPLINK_PTIME = 20;

export function readTransport(sdp: string): LocalTransport | undefined {
  const value = (name: string): string | undefined => new RegExp(`^a=${name}:(.*?)\\r?$`, 'm').exec(sdp)?.[1];
  const iceUfrag = value('ice-ufrag');
  const icePwd = value('ice-pwd');
  const fingerprint = value('fingerprint');
  const setup = value('setup');
  if (!iceUfrag || !icePwd || !fingerprint || !setup) return undefined;
  return { iceUfrag, icePwd, fingerprint, setup };
}

/** The whole answer: with the node's candidates in it, and nothing to follow. */
export function writeAnswer(offer: Offer, transport: LocalTransport, terms: AnswerTerms): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${offer.sections.map(section => section.mid).join(' ')}`,
    'a=msid-semantic: WMS *',
  ];
  const address = terms.announce[0] ?? '0.0.0.0';
  for (const section of offer.sections) {
    lines.push(
      `m=audio ${terms.port} UDP/TLS/RTP/SAVPF ${section.payloadType}`,
      `c=IN IP${isIP(address) === 6 ? 6 : 4} ${address}`,
      `a=mid:${section.mid}`,
      ...(section.direction === 'sendonly' ? uplinkLines(section) : slotLines(section, offer, terms)),
      'a=rtcp-mux',
      `a=ice-ufrag:${transport.iceUfrag}`,
      `a=ice-pwd:${transport.icePwd}`,
      `a=fingerprint:${transport.fingerprint}`,
      `a=setup:${transport.setup}`,
      ...terms.announce.map((announced, index) => candidate(announced, terms.port, index)),
      'a=end-of-candidates',
    );
  }
  return `${lines.join('\r\n')}\r\n`;
}

function uplinkLines(section: OfferSection): string[] {
  const { payloadType, levelExtension } = section;
  return [
    'a=recvonly',
    `a=rtpmap:${payloadType} opus/48000/2`,
    `a=fmtp:${payloadType} ${UPLINK_FORMAT}`,
    `a=ptime:${UPLINK_PTIME}`,
    'a=maxptime:60',
    ...(levelExtension === undefined ? [] : [`a=extmap:${levelExtension} ${LEVEL_URI}`]),
  ];
}

function slotLines(section: OfferSection, offer: Offer, terms: AnswerTerms): string[] {
  const slot = offer.slots.indexOf(section);
  const source = terms.slotSources[slot] ?? 0;
  return [
    'a=sendonly',
    `a=rtpmap:${section.payloadType} opus/48000/2`,
    `a=fmtp:${section.payloadType} ${SLOT_FORMAT}`,
    `a=msid:slot${slot} slot${slot}`,
    `a=ssrc:${source} cname:${terms.cname}`,
    `a=ssrc:${source} msid:slot${slot} slot${slot}`,
  ];
}

function candidate(address: string, port: number, index: number): string {
  // Type preference 126 for a host, local preference by order (RFC 8445 section 5.1.2.1).
  const priority = 126 * 2 ** 24 + (65_535 - index) * 2 ** 8 + 255;
  return `a=candidate:${index + 1} 1 UDP ${priority} ${address} ${port} typ host`;
}
