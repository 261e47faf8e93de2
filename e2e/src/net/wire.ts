import { request as httpRequest } from 'node:http';

export interface RawReply {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  /** `error.code` of the reply, where it is an error. */
  code: string | undefined;
  details: Record<string, unknown> | undefined;
}

/** A request as written, without what `fetch` forbids or puts right: any Origin, Cookie, Host, any bytes. */
export function raw(
  url: string,
  method: string,
  path: string,
  options: { headers?: Record<string, string>; body?: string | Buffer } = {},
): Promise<RawReply> {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(url);
    // Node would send a DELETE's body without its length, which is not HTTP.
    const length = options.body ? { 'content-length': String(Buffer.byteLength(options.body)) } : {};
    const request = httpRequest(
      { hostname, port, method, path, headers: { ...length, ...options.headers }, agent: false },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', (chunk: Buffer) => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () => {
          const text = Buffer.concat(chunks).toString();
          const error = errorOf(text);
          resolve({
            status: response.statusCode ?? 0,
            headers: response.headers,
            text,
            code: error?.code,
            details: error?.details,
          });
        });
      },
    );
    request.on('error', reject);
    request.end(options.body);
  });
}

function errorOf(text: string): { code: string; details: Record<string, unknown> } | undefined {
  try {
    return (JSON.parse(text) as { error?: { code: string; details: Record<string, unknown> } }).error;
  } catch {
    return undefined;
  }
}
