// Where the queue is bound at this moment, if it is. It takes any free ports and says which: only the page's port and the guests' taps
// are fixed.

import type { Side } from '@crows-nest/protocol';
import type { Endpoint } from '../tap/connection.ts';
import type { Child } from './supervisor.ts';

export class Whereabouts {
  #bound: Record<Side, Endpoint> | undefined;

  readonly of = (side: Side): Endpoint | undefined => this.#bound?.[side];

  /** To be called with each process of the queue. Resolves when it is bound, or has ended before: whether it is. */
  async follow(child: Child): Promise<boolean> {
    void child.exited.then(() => {
      this.#bound = undefined;
    });
    // One that is killed before it has bound has told so by its exit.
    const bound = await child.bound.catch(() => undefined);
    if (bound) this.#bound = { frontend: endpointOf(bound.frontend), backend: endpointOf(bound.backend) };
    return bound !== undefined;
  }
}

/** `tcp://127.0.0.1:PORT`, as a socket reports it. */
function endpointOf(bound: string): Endpoint {
  const url = new URL(bound);
  return { host: url.hostname, port: Number(url.port) };
}
