// What cannot be done as asked, for the person who asked: as data, and in one line.

import { type CommandAnswer, type Refused, refusalText } from '@crows-nest/protocol';

export class Refusal extends Error {
  readonly refused: Refused;

  constructor(refused: Refused) {
    super(refusalText(refused));
    this.refused = refused;
  }

  get answer(): CommandAnswer {
    return { ok: false, code: 'refused', message: this.message, refusal: this.refused };
  }
}

/** This troupe has been ended, or is about to be. */
export const isOver = (): Refusal => new Refusal({ reason: 'runOver' });

/** A system that has no more of something refuses, in one line; our own bug stays one. */
export function asRefusal(error: unknown): unknown {
  if (!(error instanceof Error) || !('syscall' in error)) return error;
  const { code, port } = error as NodeJS.ErrnoException & { port?: number };
  const isTaken = code === 'EADDRINUSE' && port !== undefined;
  return new Refusal(isTaken ? { reason: 'portTaken', port } : { reason: 'cannotBegin', why: error.message });
}
