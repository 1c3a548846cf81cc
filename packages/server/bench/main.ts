// npm run bench: speed as CPU per unit of work and as ratios within one run, since seconds on a shared machine lie.

import { queueOverhead } from './queue-overhead.ts';

for (const bench of [queueOverhead]) {
  for (const line of await bench()) console.log(line);
}
process.exit(0);
