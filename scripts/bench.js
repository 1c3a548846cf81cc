// npm run bench: builds what is not built, then prints what things cost. `-- queue`, `stream`, `log` or `page` measures only that.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, root } from './build.js';

build();
const server = join(root, 'packages/server');
const web = join(root, 'packages/web');
const vite = 'node_modules/vite/bin/vite.js';
const steps = [
  [web, vite, 'build', '--config', 'bench/vite.config.ts'],
  [server, vite, 'build', '--ssr', 'bench/main.ts', '--outDir', 'dist/bench', '--logLevel', 'warn'],
  [server, 'dist/bench/main.js', ...process.argv.slice(2)],
];
for (const [cwd, ...step] of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
