import type { Kind } from './kinds.ts';
import { type SettingName, type SettingValues, settings } from './settings.ts';

export type Env = Record<string, string | undefined>;

/**
 * Reads every known variable of an environment. Nothing is defaulted here, and nothing thrown: a wrong one is left out
 * of `values` and told in `problems`, one sentence each: which variable, what it was, what would be right.
 */
export function readEnv(env: Env): { values: SettingValues; problems: string[] } {
  const problems: string[] = [];
  const values: Partial<Record<SettingName, unknown>> = {};
  for (const [name, { kind }] of settingList) {
    const text = given(env, name);
    if (text === undefined) continue;
    const reading = kind.read(text);
    if ('value' in reading) values[name] = reading.value;
    else problems.push(`${name} is ${repeat(text, kind)}: it must be ${reading.expected}.`);
  }
  // The loop keeps each name with its own kind's value, which a mapped type cannot follow.
  return { values: values as SettingValues, problems };
}

/** The text of a variable; undefined where it is missing or empty. */
export function given(env: Env, name: SettingName): string | undefined {
  return env[name]?.trim() || undefined;
}

const settingList = Object.entries(settings) as [SettingName, { kind: Kind<unknown> }][];

function repeat(text: string, kind: Kind<unknown>): string {
  if (kind.secret) return 'not usable (its value is kept out of this message)';
  return JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
}
