// npm run sim -- --seeds N [--rules R] [--seed S]: builds what is not built, then runs the simulator.

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, root } from './build.js';

build();
const sim = spawn(process.execPath, [join(root, 'packages/server/dist/main.js'), 'sim', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
sim.on('exit', (code) => process.exit(code ?? 1));
