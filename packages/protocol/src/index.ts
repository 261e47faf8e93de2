export type {
  Access,
  BytesStream,
  CallInput,
  CallOutput,
  CallParsed,
  CallSpec,
  Limit,
  Method,
} from './call.ts';
export { type CallKey, type Calls, calls } from './calls/index.ts';
export { commonErrors, ErrorBody, type ErrorCode, type ErrorDetails, errors, InputIssue } from './errors.ts';
export { ClientFrame, ephemeralFrames, ServerFrame } from './events.ts';
export * from './limits.ts';
export { errorsOf, openApi } from './openapi.ts';
export * from './schemas/attachments.ts';
export * from './schemas/backchannel.ts';
export * from './schemas/common.ts';
export * from './schemas/people.ts';
export * from './schemas/push.ts';
export * from './schemas/reports.ts';
export * from './schemas/rooms.ts';
