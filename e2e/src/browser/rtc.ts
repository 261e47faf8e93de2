import type { Page } from 'playwright-core';

/** What a page's audio sessions received and sent so far. */
export interface Heard {
  /** `totalAudioEnergy` of all that came in (W3C webrtc-stats): rises with sound, not with packets of silence. */
  energy: number;
  packetsIn: number;
  packetsOut: number;
  /** The page's own clock, ms. */
  at: number;
}

declare global {
  interface Window {
    /** Every RTCPeerConnection that the page made; only in tests. */
    testPeers: RTCPeerConnection[];
  }
}

/**
 * Keeps hold of every audio session that the page makes, before its own scripts run. With `ports`, answers that name
 * the first are read as naming the second: so audio goes by a relay.
 */
export async function watchAudio(page: Page, ports?: { from: number; to: number }): Promise<void> {
  await page.addInitScript(ports => {
    window.testPeers = [];
    const Native = window.RTCPeerConnection;
    window.RTCPeerConnection = class extends Native {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        window.testPeers.push(this);
      }
      override setRemoteDescription(description: RTCSessionDescriptionInit): Promise<void> {
        if (!ports || !description.sdp) return super.setRemoteDescription(description);
        const sdp = description.sdp.replaceAll(` ${ports.from} typ host`, ` ${ports.to} typ host`);
        return super.setRemoteDescription({ type: description.type, sdp });
      }
    };
  }, ports ?? null);
}

export const heard = (page: Page): Promise<Heard> =>
  page.evaluate(async () => {
    const total = { energy: 0, packetsIn: 0, packetsOut: 0, at: performance.now() };
    for (const peer of window.testPeers) {
      if (peer.connectionState === 'closed') continue;
      for (const [, report] of await peer.getStats()) {
        if (report.type === 'inbound-rtp') {
          total.energy += report.totalAudioEnergy ?? 0;
          total.packetsIn += report.packetsReceived ?? 0;
        }
        if (report.type === 'outbound-rtp') total.packetsOut += report.packetsSent ?? 0;
      }
    }
    return total;
  });

/** As a client of ill will would: opens the microphone and sends, whatever the room says. */
export const sendAnyway = (page: Page): Promise<boolean> =>
  page.evaluate(async () => {
    const [track] = (await navigator.mediaDevices.getUserMedia({ audio: true })).getAudioTracks();
    const peer = window.testPeers.findLast(each => each.connectionState === 'connected');
    const sender = peer?.getTransceivers().find(each => each.direction === 'sendonly')?.sender;
    if (!track || !sender) return false;
    await sender.replaceTrack(track);
    return true;
  });
