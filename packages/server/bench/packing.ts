// What packing costs the hub and reading costs the page, in CPU a fact, in batches as they go over the wire.

import { pack, unpack } from '@crows-nest/protocol';
import { FLOOD, simulate } from '../../web/bench/runs.ts';

const BATCH_FACTS = 660;
const TURNS = 5;

function cpuMicros(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

export function packing(): string[] {
  const run = simulate({ ...FLOOD, seconds: 5 });
  const batches = Array.from({ length: Math.floor(run.length / BATCH_FACTS) }, (_, i) =>
    run.slice(i * BATCH_FACTS, (i + 1) * BATCH_FACTS),
  );
  const facts = batches.length * BATCH_FACTS;
  let packed: Uint8Array[] = [];
  let packUs = Number.POSITIVE_INFINITY;
  let unpackUs = Number.POSITIVE_INFINITY;
  for (let turn = 0; turn < TURNS; turn++) {
    packUs = Math.min(
      packUs,
      cpuMicros(() => {
        packed = batches.map(pack);
      }) / facts,
    );
    unpackUs = Math.min(
      unpackUs,
      cpuMicros(() => {
        for (const bytes of packed) unpack(bytes);
      }) / facts,
    );
  }
  const bytes = packed.reduce((sum, block) => sum + block.length, 0) / facts;
  return [
    `the stream, CPU per fact in batches of ${BATCH_FACTS} (bar: 1.5 µs each)`,
    `  pack ${packUs.toFixed(2)} µs, unpack ${unpackUs.toFixed(2)} µs, ${bytes.toFixed(1)} bytes`,
  ];
}
