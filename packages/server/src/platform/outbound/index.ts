export { createOutbound, type Outbound, type OutboundOptions } from './outbound.ts';
export { OutboundError, type OutboundReason } from './outbound-error.ts';
