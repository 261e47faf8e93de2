/**
 * Whether a request that carries a cookie comes from our own pages: CSRF and cross-site WebSockets end here.
 * A request without an Origin header is no browser's cross-site request (browsers send it on every POST, PUT, PATCH,
 * DELETE and WebSocket).
 * @param allowed origins of `PUBLIC_URL` and what else the operator names
 */
export function originAllowed(
  origin: string | undefined,
  host: string | undefined,
  allowed: readonly string[],
): boolean {
  if (origin === undefined) return true;
  if (allowed.includes(origin)) return true;
  if (!URL.canParse(origin)) return false;
  // The page was served by this very host and port: whatever name the operator reaches it by.
  return host !== undefined && new URL(origin).host === host;
}
