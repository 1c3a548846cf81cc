// npm start: builds what is not built, then runs the stage. Flags are passed on: npm start -- --workers 5

import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { build, root } from './build.js';

build();
const server = spawn(process.execPath, [join(root, 'packages/server/dist/main.js'), 'up', ...process.argv.slice(2)], {
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 1 : 0)));
