import { spawn } from 'node:child_process';
import { dirname } from 'node:path';
import { root } from './root.ts';

/** How a section went. `output` is shown if anything failed; `skipped` names what was left out, and why. */
export type Outcome = { passed: number; failed: number; skipped: string[]; output: string };

/** Nothing here takes this long; what does, hangs. */
const limitMs = 20 * 60_000;
const tools = `${root}node_modules/.bin`;
const running = new Set<() => void>();

/** Ends all that runs, and what it started. */
export function endAll(): void {
  for (const end of running) end();
}

/** Runs a program of ours to its end and keeps what it says. Everything it started goes with it. */
export function runTool(command: string, args: string[]): Promise<{ ok: boolean; output: string }> {
  const env = { ...process.env, PATH: `${tools}:${process.env.PATH}`, FORCE_COLOR: '0', NO_COLOR: '1' };
  const child = spawn(command, args, { cwd: root, env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  child.stdout.on('data', data => {
    output += data;
  });
  child.stderr.on('data', data => {
    output += data;
  });
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // Gone already.
    }
  };
  running.add(end);
  const timer = setTimeout(() => {
    output += `\nstill running after ${limitMs / 60_000} minutes\n`;
    end();
  }, limitMs);
  return new Promise(resolve => {
    const done = (ok: boolean) => {
      clearTimeout(timer);
      running.delete(end);
      resolve({ ok, output });
    };
    child.on('error', error => {
      output += `${command} (of ${dirname(tools)}): ${error.message}\n`;
      done(false);
    });
    child.on('close', code => done(code === 0));
  });
}

/** A check that passes or fails as a whole counts as one test. */
export async function check(command: string, args: string[]): Promise<Outcome> {
  const { ok, output } = await runTool(command, args);
  return { passed: ok ? 1 : 0, failed: ok ? 0 : 1, skipped: [], output };
}
