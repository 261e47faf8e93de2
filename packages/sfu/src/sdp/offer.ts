import { MediaError } from '../errors.ts';

export const MAX_OFFER_BYTES = 32_768;
const MAX_LINE = 1_024;
const MAX_SOURCES = 4;
export const LEVEL_URI = 'urn:ietf:params:rtp-hdrext:ssrc-audio-level';

export interface OfferSection {
  readonly mid: string;
  /** What the client does with it. */
  readonly direction: 'sendonly' | 'recvonly';
  /** The offer's own number for Opus: 111 in Chromium, 109 in Firefox. */
  readonly payloadType: number;
  /** Id of the audio level header extension (RFC 6464), when the client offers it. */
  readonly levelExtension: number | undefined;
  /** SSRCs the client announces for what it sends. */
  readonly sources: readonly number[];
}

/** What a media node needs of an offer, checked; everything else in it is ignored. */
export interface Offer {
  /** In the order of the offer. */
  readonly sections: readonly OfferSection[];
  readonly uplink: OfferSection | undefined;
  readonly slots: readonly OfferSection[];
  readonly iceUfrag: string;
  readonly icePwd: string;
  readonly fingerprint: string;
  readonly setup: 'actpass' | 'active' | 'passive';
}

/**
 * Reads an SDP offer (RFC 8866, RFC 8829): at most one `sendonly` and `maxSlots` `recvonly` audio sections, bundled,
 * with Opus, DTLS-SRTP and rtcp-mux.
 * @throws MediaError `bad_offer`; `field` is the line or attribute at fault
 */
export function parseOffer(offer: string, maxSlots: number): Offer {
  if (offer.length > MAX_OFFER_BYTES) throw bad('offer', `longer than ${MAX_OFFER_BYTES} characters`);
  const lines = offer.split(/\r?\n/).filter(line => line !== '');
  if (lines[0] !== 'v=0') throw bad('v', 'an offer begins with v=0');
  if (lines.some(line => line.length > MAX_LINE || !/^[a-z]=[\x20-\x7e\u00a0-\uffff]*$/.test(line))) {
    throw bad('offer', `a line is longer than ${MAX_LINE} characters, or is not SDP`);
  }
  const [head = [], ...bodies] = split(lines);
  if (bodies.length === 0) throw bad('m', 'no media section');
  if (bodies.length > maxSlots + 1) throw bad('m', `more than ${maxSlots + 1} media sections`);
  const sections = bodies.map(body => parseSection(body));
  const mids = sections.map(section => section.mid);
  if (new Set(mids).size !== mids.length) throw bad('mid', 'two sections have the same mid');
  const bundle = attribute(head, 'group:BUNDLE')?.split(' ') ?? [];
  if (mids.some(mid => !bundle.includes(mid))) throw bad('group', 'all sections must be in one BUNDLE group');
  const uplinks = sections.filter(section => section.direction === 'sendonly');
  const slots = sections.filter(section => section.direction === 'recvonly');
  if (uplinks.length > 1) throw bad('sendonly', 'more than one section sends');
  if (slots.length > maxSlots) throw bad('recvonly', `more than ${maxSlots} sections receive`);
  return { sections, uplink: uplinks[0], slots, ...parseTransport([...(bodies[0] ?? []), ...head]) };
}

/** The offer again, with nothing in it but what was checked: no candidate or unknown line reaches the library. */
export function writeOffer(offer: Offer): string {
  const lines = [
    'v=0',
    'o=- 1 1 IN IP4 0.0.0.0',
    's=-',
    't=0 0',
    `a=group:BUNDLE ${offer.sections.map(section => section.mid).join(' ')}`,
    `a=fingerprint:${offer.fingerprint}`,
  ];
  for (const section of offer.sections) {
    lines.push(
      `m=audio 9 UDP/TLS/RTP/SAVPF ${section.payloadType}`,
      'c=IN IP4 0.0.0.0',
      `a=mid:${section.mid}`,
      `a=${section.direction}`,
      'a=rtcp-mux',
      `a=rtpmap:${section.payloadType} opus/48000/2`,
      `a=setup:${offer.setup}`,
      `a=ice-ufrag:${offer.iceUfrag}`,
      `a=ice-pwd:${offer.icePwd}`,
    );
    for (const source of section.sources) lines.push(`a=ssrc:${source} cname:uplink`);
  }
  return `${lines.join('\r\n')}\r\n`;
}

function split(lines: readonly string[]): string[][] {
  const parts: string[][] = [[]];
  for (const line of lines) {
    if (line.startsWith('m=')) parts.push([]);
    parts.at(-1)?.push(line);
  }
  return parts;
}

function parseSection(lines: readonly string[]): OfferSection {
  const media = /^m=audio (\d{1,5}) UDP\/TLS\/RTP\/SAVPF?((?: \d{1,3}){1,64})$/.exec(lines[0] ?? '');
  if (media === null) throw bad('m', 'only audio over UDP/TLS/RTP/SAVPF is taken');
  const mid = attribute(lines, 'mid') ?? '';
  if (!/^[A-Za-z0-9_.-]{1,32}$/.test(mid)) throw bad('mid', 'a section has no usable mid');
  const direction = lines.includes('a=sendonly')
    ? 'sendonly'
    : lines.includes('a=recvonly')
      ? 'recvonly'
      : undefined;
  if (direction === undefined) throw bad('direction', 'each section is sendonly or recvonly');
  if (!lines.includes('a=rtcp-mux')) throw bad('rtcp-mux', 'each section needs rtcp-mux');
  const formats = (media[2] ?? '').trim().split(' ').map(Number);
  return {
    mid,
    direction,
    payloadType: opusPayloadType(lines, formats),
    levelExtension: levelExtension(lines),
    sources: direction === 'sendonly' ? sources(lines) : [],
  };
}

function opusPayloadType(lines: readonly string[], formats: readonly number[]): number {
  for (const line of lines) {
    const found = /^a=rtpmap:(\d{1,3}) opus\/48000\/2$/i.exec(line);
    const payloadType = Number(found?.[1] ?? -1);
    // 64 to 95 would look like RTCP once the marker is set (RFC 5761 section 4).
    const usable = (payloadType >= 35 && payloadType <= 63) || (payloadType >= 96 && payloadType <= 127);
    if (usable && formats.includes(payloadType)) return payloadType;
  }
  throw bad('rtpmap', 'each section needs opus/48000/2 on a dynamic payload type');
}

function levelExtension(lines: readonly string[]): number | undefined {
  for (const line of lines) {
    const found = /^a=extmap:(\d{1,3})(?:\/sendonly|\/sendrecv)? (\S+)/.exec(line);
    const id = Number(found?.[1]);
    if (found?.[2] === LEVEL_URI && id >= 1 && id <= 255 && id !== 15) return id;
  }
  return undefined;
}

function sources(lines: readonly string[]): number[] {
  const found = new Set<number>();
  for (const line of lines) {
    const source = Number(/^a=ssrc:(\d{1,10}) /.exec(line)?.[1] ?? -1);
    if (source > 0 && source <= 0xffffffff) found.add(source);
  }
  if (found.size > MAX_SOURCES) throw bad('ssrc', `more than ${MAX_SOURCES} sources`);
  return [...found];
}

function parseTransport(lines: readonly string[]) {
  const iceUfrag = attribute(lines, 'ice-ufrag') ?? '';
  const icePwd = attribute(lines, 'ice-pwd') ?? '';
  const fingerprint = attribute(lines, 'fingerprint') ?? '';
  const setup = attribute(lines, 'setup');
  if (!/^[A-Za-z0-9+/]{4,256}$/.test(iceUfrag)) throw bad('ice-ufrag', 'missing or malformed');
  if (!/^[A-Za-z0-9+/]{22,256}$/.test(icePwd)) throw bad('ice-pwd', 'missing or malformed');
  if (!/^sha-256 [0-9A-Fa-f]{2}(?::[0-9A-Fa-f]{2}){31}$/.test(fingerprint)) {
    throw bad('fingerprint', 'a sha-256 fingerprint is needed');
  }
  if (setup !== 'actpass' && setup !== 'active' && setup !== 'passive') {
    throw bad('setup', 'missing or malformed');
  }
  return { iceUfrag, icePwd, fingerprint, setup } as const;
}

function attribute(lines: readonly string[], name: string): string | undefined {
  const separator = name.includes(':') ? ' ' : ':';
  const prefix = `a=${name}${separator}`;
  return lines.find(line => line.startsWith(prefix))?.slice(prefix.length);
}

function bad(field: string, message: string): MediaError {
  return new MediaError('bad_offer', `The offer cannot be answered: ${field}: ${message}.`, field);
}
