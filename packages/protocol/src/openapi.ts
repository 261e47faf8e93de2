import { z } from 'zod';
import type { CallSpec } from './call.ts';
import { calls } from './calls/index.ts';
import { commonErrors, type ErrorCode, errors } from './errors.ts';

type Json = Record<string, unknown>;

const schema = (type: z.ZodType, io: 'input' | 'output'): Json => {
  const { $schema: _, ...rest } = z.toJSONSchema(type, {
    io,
    unrepresentable: 'any',
    target: 'draft-2020-12',
  });
  return rest;
};

const accessErrors: Record<CallSpec['access'], readonly ErrorCode[]> = {
  public: [],
  session: ['not_signed_in'],
  member: ['not_signed_in', 'profile_incomplete'],
  admin: ['not_signed_in', 'profile_incomplete', 'forbidden'],
};

/** Every code a call may answer with: its own, its access's, and the common ones. */
export const errorsOf = (call: CallSpec): ErrorCode[] => [
  ...new Set([...call.errors, ...accessErrors[call.access], ...commonErrors]),
];

const parameters = (call: CallSpec): Json[] =>
  (['params', 'query'] as const).flatMap(part => {
    const spec = call[part];
    if (!spec) return [];
    const json = schema(spec, 'input') as { properties?: Record<string, Json>; required?: string[] };
    return Object.entries(json.properties ?? {}).map(([name, value]) => ({
      name,
      in: part === 'params' ? 'path' : 'query',
      required: part === 'params' || (json.required ?? []).includes(name),
      schema: value,
    }));
  });

const requestBody = (call: CallSpec): Json | undefined => {
  if (call.bytes) {
    const content = Object.fromEntries(call.bytes.types.map(type => [type, {}]));
    return { required: true, description: `At most ${call.bytes.max} bytes.`, content };
  }
  if (!call.body) return undefined;
  return {
    required: !call.body.safeParse(undefined).success,
    content: { 'application/json': { schema: schema(call.body, 'input') } },
  };
};

const errorResponses = (call: CallSpec): Json => {
  const byStatus = Map.groupBy(errorsOf(call), code => errors[code].status);
  return Object.fromEntries(
    [...byStatus].map(([status, codes]) => [
      String(status),
      {
        description: codes.map(code => `\`${code}\`: ${errors[code].summary}`).join('\n\n'),
        content: {
          'application/json': {
            schema: {
              type: 'object',
              required: ['error'],
              properties: {
                error: {
                  oneOf: codes.map(code => ({
                    type: 'object',
                    required: ['code', 'details', 'requestId'],
                    properties: {
                      code: { const: code },
                      details: schema(errors[code].details, 'output'),
                      requestId: { type: 'string' },
                    },
                  })),
                },
              },
            },
          },
        },
      },
    ]),
  );
};

/** The API as an OpenAPI 3.1 document, made from the same schemas that check each call. */
export function openApi(server: { url: string; version: string }): Json {
  const paths: Record<string, Json> = {};
  for (const [key, call] of Object.entries(calls) as [string, CallSpec][]) {
    const [method = '', path = ''] = key.split(' ');
    const ok = call.response
      ? {
          '200': {
            description: 'Done.',
            content: { 'application/json': { schema: schema(call.response, 'output') } },
          },
        }
      : { '204': { description: 'Done; nothing comes back.' } };
    const body = requestBody(call);
    const operation: Json = {
      operationId: call.name,
      tags: [call.tag],
      summary: call.summary,
      security: call.access === 'public' ? [] : [{ bearer: [] }, { cookie: [] }],
      parameters: parameters(call),
      ...(body && { requestBody: body }),
      responses: { ...ok, ...errorResponses(call) },
      ...(call.limit && { 'x-rate-limit': call.limit }),
    };
    const template = path.replace(/:(\w+)/g, '{$1}');
    paths[template] = { ...paths[template], [method.toLowerCase()]: operation };
  }
  return {
    openapi: '3.1.0',
    info: {
      title: 'Sotto',
      version: server.version,
      license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
    },
    servers: [{ url: server.url }],
    components: {
      securitySchemes: {
        bearer: { type: 'http', scheme: 'bearer' },
        cookie: { type: 'apiKey', in: 'cookie', name: '__Host-sotto' },
      },
    },
    paths,
  };
}
