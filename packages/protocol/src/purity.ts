// Fails to compile as soon as Node's or the browser's ambient types leak into this package [law 1].
// @ts-expect-error no timers here: machines have deadlines
export type NoTimers = typeof setTimeout;
// @ts-expect-error no wall clock of a host here: time is an argument
export type NoPerformance = typeof performance;
// @ts-expect-error no Node here
export type NoProcess = typeof process;
