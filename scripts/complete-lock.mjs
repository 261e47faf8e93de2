// `npm run lock`, after `npm install` has changed the lock file. A registry that mirrors only some platforms makes npm
// leave the others' optional packages out of the lock, and `npm ci` then refuses it everywhere. This puts them back.
import { readFileSync, writeFileSync } from 'node:fs';
import { missingOptionals } from './lock.mjs';

const file = new URL('../package-lock.json', import.meta.url);
const lock = JSON.parse(readFileSync(file, 'utf8'));
const missing = missingOptionals(lock);
Object.assign(lock.packages, missing);
const [first, ...rest] = Object.entries(lock.packages);
lock.packages = Object.fromEntries([first, ...rest.sort(([a], [b]) => (a < b ? -1 : 1))]);
writeFileSync(file, `${JSON.stringify(lock, null, 2)}\n`);
console.log(`${Object.keys(missing).length} optional packages added to the lock file`);
