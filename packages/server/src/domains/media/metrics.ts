import type { MediaNode, NodeStats } from '@sotto/sfu';
import { Counter, Gauge } from 'prom-client';
import type { Metrics } from '../../platform/metrics/index.ts';

type Labelled = Readonly<Record<string, number>>;

/** Reads the node's figures when `/metrics` is asked for: nothing is counted twice, nothing per packet. */
export function gaugeNode(registry: Metrics, node: MediaNode): void {
  const registers = [registry];
  const gauge = (name: string, help: string, value: (stats: NodeStats) => number): void => {
    new Gauge({
      name,
      help,
      registers,
      collect() {
        this.set(value(node.stats()));
      },
    });
  };
  const counter = (name: string, help: string, value: (stats: NodeStats) => number): void => {
    new Counter({
      name,
      help,
      registers,
      collect() {
        this.reset();
        this.inc(value(node.stats()));
      },
    });
  };
  const labelled = (name: string, help: string, values: (stats: NodeStats) => Labelled): void => {
    new Counter({
      name,
      help,
      labelNames: ['reason'],
      registers,
      collect() {
        this.reset();
        for (const [reason, value] of Object.entries(values(node.stats()))) this.inc({ reason }, value);
      },
    });
  };

  gauge('sotto_audio_sessions', 'Audio sessions open on this node.', stats => stats.sessions);
  gauge('sotto_audio_rooms', 'Rooms with an audio session on this node.', stats => stats.rooms);
  counter('sotto_audio_packets_received_total', 'RTP packets that came in.', stats => stats.packetsIn);
  counter('sotto_audio_packets_sent_total', 'RTP packets that went out.', stats => stats.packetsOut);
  counter('sotto_audio_bytes_received_total', 'RTP bytes that came in.', stats => stats.bytesIn);
  counter('sotto_audio_bytes_sent_total', 'RTP bytes that went out.', stats => stats.bytesOut);
  labelled('sotto_audio_packets_dropped_total', 'Packets not heard.', stats => stats.dropped);
  labelled('sotto_audio_sessions_closed_total', 'Sessions that ended.', stats => stats.closed);
  counter('sotto_audio_bad_offers_total', 'SDP offers refused.', stats => stats.badOffers);
}
