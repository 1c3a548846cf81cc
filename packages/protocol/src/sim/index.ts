// The simulator: worlds, schedules drawn from seeds, invariants, and the scenarios that real processes run too.
export * from './action.ts';
export { INVARIANTS, type InvariantName, Invariants, type Violation } from './invariants.ts';
export { LoopedRun } from './looped.ts';
export { MACHINES, type Machines } from './machines.ts';
export * from './report.ts';
export * from './run.ts';
export { SCENARIOS } from './scenarios.ts';
export * from './script.ts';
export { type Shrunk, shrink } from './shrink.ts';
export { withStrangers } from './strangers.ts';
export { drawSchedule, recoveryMs } from './swarm.ts';
export { lineOf, transcript } from './transcript.ts';
export type { Watcher } from './watcher.ts';
export { World, type WorldOptions } from './world.ts';
