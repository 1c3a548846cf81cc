// Which causes are of something that went wrong, and which of the pattern at its work.

import type { Cause, Standing } from '@crows-nest/protocol';

const WORK: ReadonlySet<Cause['kind']> = new Set<Cause['kind']>([
  'worker.listed',
  'request.dispatched',
  'work.started',
  'liveness.restored',
]);

export function isHarm(cause: Cause): boolean {
  if (cause.kind === 'process.exited') return cause.because !== 'stopped' && cause.because !== 'removed';
  if (cause.kind === 'request.dispatched') return cause.hindrance !== null;
  return !WORK.has(cause.kind);
}

export function isWorrying(standing: Standing): boolean {
  const { what } = standing.truth;
  if (what === 'frozen' || what === 'overloaded' || what === 'dead' || what === 'backingOff') return true;
  return standing.kind === 'worker' && standing.missed.length > 0;
}
