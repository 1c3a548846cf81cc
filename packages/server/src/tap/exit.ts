// Where what travelled leaves a link: it is counted, written to its receiver and told. What can no longer reach it is lost, and told too.

import type { Socket } from 'node:net';
import type { Direction, Fact, Micros } from '@crows-nest/protocol';
import type { Account } from './accounts.ts';
import type { Parcel } from './delay-line.ts';
import type { FlowOwner } from './flow.ts';
import { joinViews } from './join.ts';

export interface ExitOptions {
  readonly direction: Direction;
  readonly sink: Socket;
  readonly owner: Pick<FlowOwner, 'link' | 'readyPassed' | 'ended'>;
  readonly account: Account;
  readonly now: () => Micros;
  readonly record: (fact: Fact) => void;
  /** The sink has taken a piece of what was written. */
  readonly onWritten: () => void;
}

export class Exit {
  readonly #o: ExitOptions;

  constructor(options: ExitOptions) {
    this.#o = options;
  }

  /** All that leave at one moment, in order. */
  deliver(parcels: readonly Parcel[]): void {
    const { direction, sink, account, record, owner, onWritten } = this.#o;
    const views: Uint8Array[] = [];
    for (const parcel of parcels) {
      for (const view of parcel.raw) views.push(view);
      account.out += parcel.size;
    }
    const pieces = joinViews(views);
    // Stamped before the write: the receiver may read it before the write returns, and must not seem to read what has not left.
    const t = this.#o.now();
    if (pieces.length > 1) sink.cork();
    for (const piece of pieces) sink.write(piece, onWritten);
    if (pieces.length > 1) sink.uncork();
    for (const { what, msg } of parcels) {
      if (msg !== undefined) record({ type: 'message.left', t, link: owner.link.id, msg });
      else if (what === 'ready') owner.readyPassed(direction);
      else if (what === 'end') owner.ended(direction);
    }
  }

  lose({ msg, size }: Parcel): void {
    const { account, record, owner, now } = this.#o;
    account.lost += size;
    if (msg !== undefined) {
      record({ type: 'message.lost', t: now(), link: owner.link.id, msg, cause: 'connection' });
    }
  }
}
