// The constants of the pattern, all in one place (seed, ZeroMQ guide chapter 4). Durations say their unit; times are microseconds.

/** A point on the run's monotonic clock, or a length of it, in whole microseconds. */
export type Micros = number;

export const millis = (ms: number): Micros => Math.round(ms * 1000);

export const FRONTEND_PORT = 5555;
export const BACKEND_PORT = 5556;

export const HEARTBEAT_INTERVAL_MS = 1000;
export const HEARTBEAT_LIVENESS = 3;
export const MAX_WORKERS = 100;
/** Of each of two troupes that share one machine. */
export const MAX_COMPARED = { worker: 8, client: 4 } as const;

/** How often a tap asks by ZMTP's own PING whether somebody is there. Nothing follows from silence but what a picture shows. */
export const ZMTP_PING_MS = 1000;

/** How long a fault lasts when nothing else is asked for. */
export const FAULT_TTL_MS = 60_000;

export const RECONNECT_INITIAL_MS = 1000;
export const RECONNECT_MAX_MS = 32_000;

export const WORK_MS = 1000;
export const OVERLOAD_MS = 5000;
/** Requests a worker serves before its simulated trouble can start (the seed's `cycles > 3`). */
export const CALM_REQUESTS = 3;

export const REQUEST_TIMEOUT_MS = 2500;
export const REQUEST_TRIES = 3;

/** `robust`: how often one request is given to a worker before it is dropped with a fact. */
export const DISPATCH_TRIES = 3;
/** `robust`: how long a worker may hold a request, beating, before the request is taken back from it. */
export const ANSWER_WITHIN_MS = 30_000;

export const DEMO_LINK_DELAY_MS = 250;
