// The protocol package: the machines, the frames, the trace and its fold, the link model. The simulator has its own entry, ./sim.
export * as client from './client.ts';
export * from './commands.ts';
export * from './events.ts';
export * from './fold.ts';
export * from './frames.ts';
export * from './link.ts';
export * as queue from './queue.ts';
export * from './random.ts';
export * from './recorder.ts';
export * from './recording.ts';
export * from './state.ts';
export * from './stream.ts';
export * from './timing.ts';
export * as worker from './worker.ts';
export * from './zmtp.ts';
export * from './zmtp-command.ts';
export * from './zmtp-write.ts';
