// Which facts are worth saying aloud, gathered so that a burst becomes one sentence and a calm run stays silent.

import type { TraceEvent } from '@crows-nest/protocol';

export type Announcement =
  | { readonly type: 'expired' | 'crashed' | 'exited' | 'abandoned' | 'unreachable'; readonly peer: string }
  | { readonly type: 'lost' | 'dropped' | 'held' | 'damaged'; readonly count: number };

/** No more often than this: a screen reader must come to the end of its sentence. */
export const ANNOUNCE_MS = 3000;
/** Peers named one by one; what is more is left to the picture. */
const NAMED = 4;

function announcement(event: TraceEvent): Announcement | undefined {
  switch (event.type) {
    case 'worker.expired':
      return { type: 'expired', peer: event.workerPeer ?? event.worker };
    case 'worker.crashed':
      return { type: 'crashed', peer: event.peer };
    case 'process.exited':
      return { type: 'exited', peer: event.peer };
    case 'request.abandoned':
      return { type: 'abandoned', peer: event.peer };
    case 'worker.backedOff':
      return { type: 'unreachable', peer: event.peer };
    case 'message.lost':
      return { type: 'lost', count: 1 };
    case 'message.dropped':
      return { type: 'dropped', count: 1 };
    case 'message.held':
      return { type: 'held', count: 1 };
    case 'message.corrupted':
      return { type: 'damaged', count: 1 };
    default:
      return undefined;
  }
}

export class Announcer {
  #waiting = new Map<string, Announcement>();
  #saidAt = Number.NEGATIVE_INFINITY;

  hear(events: readonly TraceEvent[]): void {
    for (const event of events) {
      const said = announcement(event);
      if (!said) continue;
      if ('count' in said) {
        const before = this.#waiting.get(said.type);
        const count = said.count + (before && 'count' in before ? before.count : 0);
        this.#waiting.set(said.type, { type: said.type, count });
      } else this.#waiting.set(`${said.type} ${said.peer}`, said);
    }
  }

  /** What to say now, if it is time: all that has gathered. `at` in milliseconds. */
  speak(at: number): readonly Announcement[] {
    if (this.#waiting.size === 0 || at - this.#saidAt < ANNOUNCE_MS) return [];
    this.#saidAt = at;
    const all = [...this.#waiting.values()];
    this.#waiting.clear();
    return [...all.filter((a) => 'peer' in a).slice(0, NAMED), ...all.filter((a) => 'count' in a)];
  }
}
