// npm run soak: builds what is not built, then breaks and heals a real troupe for a minute. -- --seconds 600 --faults 1000 for long.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { build, root } from './build.js';

build();
const server = join(root, 'packages/server');
const vite = join(server, 'node_modules/vite/bin/vite.js');
const steps = [
  [vite, 'build', '--ssr', 'bench/soak.ts', '--outDir', 'dist/soak', '--logLevel', 'warn'],
  ['--expose-gc', 'dist/soak/main.js', ...process.argv.slice(2)],
];
for (const step of steps) {
  const { status } = spawnSync(process.execPath, step, { cwd: server, stdio: 'inherit' });
  if (status !== 0) process.exit(status ?? 1);
}
