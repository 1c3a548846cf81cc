// The one way between a peer and the queue: its link with whatever faults it has, and what passed of late. It outlives its connections [L5].

import type { Direction, Message, Side } from '../frames.ts';
import type { Link } from '../link.ts';
import type { Connection } from './connection.ts';

interface Kept {
  readonly msg: number;
  readonly frames: Message;
}

/** Messages of a direction that can be replayed: the latest. */
const KEPT = 32;

export class Wire {
  readonly id: string;
  readonly side: Side;
  link: Link;
  /** Those with an open end, oldest first. */
  readonly connections = new Set<Connection>();
  /** Of a row of refusals only the first is told. */
  isRefusing = false;
  readonly #kept: Record<Direction, Kept[]> = { toQueue: [], fromQueue: [] };
  #onChange: (() => void)[] = [];

  constructor(id: string, side: Side, link: Link) {
    this.id = id;
    this.side = side;
    this.link = link;
  }

  /** A fault came or went. */
  change(link: Link): void {
    this.link = link;
    for (const then of this.#onChange.splice(0)) then();
  }

  whenChanged(then: () => void): void {
    this.#onChange.push(then);
  }

  keep(direction: Direction, message: Kept): void {
    const kept = this.#kept[direction];
    kept.push(message);
    if (kept.length > KEPT) kept.shift();
  }

  /** The last message of a direction, or the one of that number. */
  recall(direction: Direction, msg?: number): Kept | undefined {
    return this.#kept[direction].findLast((kept) => msg === undefined || kept.msg === msg);
  }
}
