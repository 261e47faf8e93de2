import { type CallSpec, calls, errors, errorsOf, openApi } from '@sotto/protocol';
import type { FastifyInstance } from 'fastify';
import { z } from 'zod';

/** `/openapi.json` and, for people, `/docs/api`: both made from the contract, so neither can be out of date. */
export function registerReference(
  app: FastifyInstance,
  options: { version: string; publicUrl(): string },
): void {
  // Anyone may ask for it, and it takes milliseconds to make: it is made once for an address.
  let made: { url: string; text: string } | undefined;
  app.get('/openapi.json', async (_request, reply) => {
    const url = options.publicUrl();
    if (made?.url !== url) made = { url, text: JSON.stringify(openApi({ url, version: options.version })) };
    return reply.type('application/json').send(made.text);
  });
  const page = render(options.version);
  app.get('/docs/api', async (_request, reply) => reply.type('text/html; charset=utf-8').send(page));
  app.get('/docs/api.css', async (_request, reply) => reply.type('text/css; charset=utf-8').send(css));
}

const html = (text: string): string =>
  text.replace(/[&<>"]/g, char => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? char);

/** `code` in a summary, as in Markdown. */
const prose = (text: string): string => html(text).replace(/`([^`]+)`/g, '<code>$1</code>');

const who: Record<CallSpec['access'], string> = {
  public: 'anyone',
  session: 'signed in',
  member: 'signed in, profile made',
  admin: 'admins',
};

interface Json {
  /** Several where null is among them. */
  type?: string | string[];
  properties?: Record<string, Json>;
  required?: string[];
  items?: Json;
  anyOf?: Json[];
  oneOf?: Json[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  description?: string;
  maxLength?: number;
}

/** A schema as one reads it: `text`, `uuid`, `"open" | "private"`, `{…}[]`. */
function typeOf(json: Json): string {
  if (Array.isArray(json.type)) return json.type.map(type => typeOf({ ...json, type })).join(' | ');
  const choices = json.anyOf ?? json.oneOf;
  if (choices) return choices.map(typeOf).join(' | ');
  if (json.enum) return json.enum.map(value => JSON.stringify(value)).join(' | ');
  if (json.const !== undefined) return JSON.stringify(json.const);
  if (json.type === 'array') return `${typeOf(json.items ?? {})}[]`;
  if (json.type === 'object') {
    const fields = Object.entries(json.properties ?? {});
    return `{ ${fields.map(([name, value]) => `${name}${json.required?.includes(name) ? '' : '?'}: ${typeOf(value)}`).join(', ')} }`;
  }
  if (json.format) return json.format;
  return json.type === 'string' ? 'text' : (json.type ?? 'any');
}

function fields(title: string, schema: z.ZodType | undefined, io: 'input' | 'output'): string {
  if (!schema) return '';
  const json = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Json;
  const rows = Object.entries(json.properties ?? {}).map(([name, value]) => {
    const optional = json.required?.includes(name) ? '' : ' <i>optional</i>';
    const notes = [
      value.maxLength ? `at most ${value.maxLength} characters` : '',
      value.description ?? '',
    ].filter(Boolean);
    return `<tr><th scope="row"><code>${html(name)}</code>${optional}</th><td><code>${html(typeOf(value))}</code>${notes.length > 0 ? `<br>${prose(notes.join('. '))}` : ''}</td></tr>`;
  });
  const table =
    rows.length > 0 ? `<table>${rows.join('')}</table>` : `<p><code>${html(typeOf(json))}</code></p>`;
  return `<h4>${title}</h4>${table}`;
}

function section(key: string, call: CallSpec): string {
  const limit = call.limit
    ? `<p>At most ${call.limit.max} in ${call.limit.seconds} s per ${call.limit.per === 'account' ? 'account' : 'network address'}.</p>`
    : '';
  const own = errorsOf(call).map(
    code =>
      `<li><code>${code}</code> <small>${errors[code].status}</small> ${prose(errors[code].summary)}</li>`,
  );
  const bytes = call.bytes
    ? `<h4>Body</h4><p>Bytes of ${html(call.bytes.types.join(', '))}; at most ${call.bytes.max}.</p>`
    : '';
  return `<section id="${call.name}"><h3><a href="#${call.name}"><code>${html(key)}</code></a></h3>
<p>${prose(call.summary)}</p><p><small>For: ${who[call.access]}</small></p>${limit}
${fields('Path', call.params, 'input')}${fields('Query', call.query, 'input')}${fields('Body', call.body, 'input')}${bytes}
${call.response ? fields('Answer', call.response, 'output') : '<h4>Answer</h4><p>204: nothing comes back.</p>'}
<details><summary>Errors</summary><ul>${own.join('')}</ul></details></section>`;
}

function render(version: string): string {
  const byTag = Map.groupBy(Object.entries(calls) as [string, CallSpec][], ([, call]) => call.tag);
  const contents = [...byTag].map(
    ([tag, entries]) =>
      `<li>${html(tag)}<ul>${entries.map(([, call]) => `<li><a href="#${call.name}">${html(call.name)}</a></li>`).join('')}</ul></li>`,
  );
  const sections = [...byTag].map(
    ([tag, entries]) => `<h2>${html(tag)}</h2>${entries.map(([key, call]) => section(key, call)).join('\n')}`,
  );
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="viewport" content="width=device-width">
<title>Sotto API</title><link rel="stylesheet" href="/docs/api.css"><body><header><h1>Sotto API <small>${html(version)}</small></h1>
<p>JSON over HTTP. Sign in with <a href="#requestCode">a code</a>; send the token as <code>Authorization: Bearer …</code>, or let the browser keep its cookie.
Every error is <code>{"error": {"code", "details", "requestId"}}</code>. Machines read <a href="/openapi.json">/openapi.json</a>. Events come over the socket at <code>/socket</code>.</p></header>
<div class="columns"><nav aria-label="Calls"><ul>${contents.join('')}</ul></nav><main>${sections.join('\n')}</main></div></body></html>`;
}

const css = `:root{color-scheme:light dark;--line:light-dark(#ddd,#444);--soft:light-dark(#f5f3f8,#221f2b);--ink-2:light-dark(#55505f,#b9b3c4);--link:light-dark(#5236c4,#ab9cff)}
body{font:16px/1.5 system-ui,sans-serif;margin:0 auto;max-width:1200px;padding:24px}h1,h2,h3{line-height:1.2}h2{margin-top:48px}
.columns{display:grid;grid-template-columns:220px minmax(0,1fr);gap:40px}nav{position:sticky;top:16px;align-self:start;max-height:calc(100vh - 32px);overflow:auto}
nav ul{list-style:none;padding-inline-start:0;margin:0}nav ul ul{padding-inline-start:12px;margin-bottom:12px;font-size:14px}a{color:var(--link);text-decoration:none}a:hover{text-decoration:underline}
section{border-top:1px solid var(--line);padding:12px 0 20px}h4{margin:16px 0 4px}small,i{color:var(--ink-2)}code{font:14px/1.4 ui-monospace,monospace;background:var(--soft);padding:1px 5px;border-radius:5px;overflow-wrap:anywhere}
table{border-collapse:collapse;width:100%}th{text-align:start;font-weight:400;white-space:nowrap}th,td{padding:5px 12px 5px 0;vertical-align:top;border-top:1px solid var(--line)}
@media(max-width:800px){.columns{display:block}nav{position:static;max-height:none}}`;
