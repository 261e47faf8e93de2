/** The parts of a call, before the contract's types are laid over them. */
export interface CallParts {
  params?: Readonly<Record<string, unknown>>;
  query?: Readonly<Record<string, unknown>>;
  body?: unknown;
  bytes?: Uint8Array<ArrayBuffer>;
  type?: string;
}

/** `'GET /v1/rooms/:room'` and its parts as a URL and what `fetch` takes. */
export function buildRequest(
  key: string,
  parts: CallParts,
  baseUrl: string,
  token: string | null,
): { url: string; init: RequestInit } {
  const space = key.indexOf(' ');
  const method = key.slice(0, space);
  const path = key
    .slice(space + 1)
    .replace(/:([a-zA-Z]+)/g, (_, name: string) => encodeURIComponent(String(parts.params?.[name] ?? '')));
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(parts.query ?? {})) {
    if (value !== undefined) query.set(name, String(value));
  }
  const search = query.size > 0 ? `?${query}` : '';
  const headers: Record<string, string> = { accept: 'application/json' };
  if (token) headers.authorization = `Bearer ${token}`;
  const init: RequestInit = { method, headers };
  if (parts.bytes) {
    headers['content-type'] = parts.type ?? 'application/octet-stream';
    init.body = parts.bytes;
  } else if (parts.body !== undefined) {
    headers['content-type'] = 'application/json';
    init.body = JSON.stringify(parts.body);
  }
  return { url: `${baseUrl.replace(/\/+$/, '')}${path}${search}`, init };
}
