import { globSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { parseSync } from 'oxc-parser';

/** `from` imports `to`; `byPath`: with a relative path. Paths are from the clone's folder; what is not a file of ours is `node:fs` or `npm:pg`. */
export type Import = { from: string; to: string; byPath: boolean; typeOnly: boolean };

/** Every import and re-export of the workspaces' TypeScript, static or dynamic with a plain text. */
export function readImports(root: string): Import[] {
  const files = globSync(['packages/*/src/**/*.{ts,tsx}', 'e2e/**/*.ts', 'bench/**/*.ts'], {
    cwd: root,
    exclude: path => path.includes('node_modules') || path.includes('/dist'),
  });
  return files.sort().flatMap(from => importsOf(from, readFileSync(join(root, from), 'utf8')));
}

/** The imports of one file's text. */
export function importsOf(from: string, code: string): Import[] {
  const { module } = parseSync(from, code);
  const found = new Map<string, Import>();
  const add = (specifier: string, typeOnly: boolean) => {
    const to = resolve(from, specifier);
    const both = typeOnly && (found.get(to)?.typeOnly ?? true);
    found.set(to, { from, to, byPath: specifier.startsWith('.'), typeOnly: both });
  };
  for (const { moduleRequest, entries } of module.staticImports)
    add(moduleRequest.value, entries.length > 0 && entries.every(entry => entry.isType));
  for (const { entries } of module.staticExports)
    for (const { moduleRequest, isType } of entries) if (moduleRequest) add(moduleRequest.value, isType);
  for (const { moduleRequest } of module.dynamicImports) {
    const text = /^(['"`])([^'"`$]+)\1$/.exec(code.slice(moduleRequest.start, moduleRequest.end));
    if (text?.[2] !== undefined) add(text[2], false);
  }
  return [...found.values()];
}

function resolve(from: string, specifier: string): string {
  if (specifier.startsWith('.')) return normalize(join(dirname(from), specifier));
  if (specifier.startsWith('node:')) return specifier;
  const ours = /^@sotto\/([a-z]+)(\/.+)?$/.exec(specifier);
  if (ours?.[1] !== undefined) return exported(ours[1], `.${ours[2] ?? ''}`);
  const [scope = '', name] = specifier.split('/');
  return `npm:${scope.startsWith('@') ? `${scope}/${name}` : scope}`;
}

/** The file behind a name that a package exports; a name it does not export stays one that no file has. */
function exported(name: string, entry: string): string {
  const text = readFileSync(new URL(`../../packages/${name}/package.json`, import.meta.url), 'utf8');
  const { exports } = JSON.parse(text) as { exports: Record<string, string> };
  return join('packages', name, exports[entry] ?? `${entry}${notExported}`);
}

export const notExported = ' (not exported)';
