// Builds the page and the server, each only when something it is made of is newer than what was built.

import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('..', import.meta.url));
const packages = join(root, 'packages');

/** What each build is made of; `made` is written last, so its age is the build's. */
const BUILDS = [
  { name: 'web', made: 'web/dist/index.html', from: ['web', 'protocol/src', 'protocol/package.json'] },
  { name: 'server', made: 'server/dist/main.js', from: ['server', 'protocol/src', 'protocol/package.json'] },
];
const NOT_SOURCES = new Set(['dist', 'node_modules', 'test', 'bench']);

/** The time of the newest file at or below `path`, in ms; 0 if there is none. */
function newest(path) {
  if (!existsSync(path)) return 0;
  const stat = statSync(path);
  if (!stat.isDirectory()) return stat.mtimeMs;
  let time = 0;
  for (const name of readdirSync(path)) if (!NOT_SOURCES.has(name)) time = Math.max(time, newest(join(path, name)));
  return time;
}

export function build() {
  for (const { name, made, from } of BUILDS) {
    const built = newest(join(packages, made));
    if (built > 0 && from.every((source) => newest(join(packages, source)) <= built)) continue;
    console.log(`building ${name} …`);
    const { status, stdout, stderr } = spawnSync(process.execPath, [viteOf(name), 'build', '--logLevel', 'warn'], {
      cwd: join(packages, name),
      encoding: 'utf8',
    });
    if (status !== 0) {
      console.error(stdout, stderr);
      process.exit(1);
    }
  }
}

/** Vite's own entry, run by this Node: no shell and no wrapper between. */
const viteOf = (name) => join(packages, name, 'node_modules/vite/bin/vite.js');

if (process.argv[1] === fileURLToPath(import.meta.url)) build();
