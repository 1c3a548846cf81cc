// Who watches, and how far behind each may fall [S6]. Snapshots first, then batches with no gap and no overlap; a page that does not keep up
// gets nothing more until it has taken what it was sent, and then fresh snapshots. Each batch is packed once for all, and so are snapshots.

import { type Batch, type FromHub, pack, type SideName, type Snapshots, type ToHub } from '@crows-nest/protocol';
import type { DefaultEventsMap, Server, Socket } from 'socket.io';
import type { Limits } from './limits.ts';
import type { Seat } from './seat.ts';

export type Io = Server<ToHub, FromHub, DefaultEventsMap, Seat>;
export type Page = Socket<ToHub, FromHub, DefaultEventsMap, Seat>;

export interface Audience {
  /** Sends it snapshots, now or with the next ones due, and everything after that. */
  seat(page: Page): void;
  publish(batch: Batch, side: SideName): void;
  /** Another run is on: nobody gets a batch of it before its snapshots. */
  anew(): void;
  close(): void;
}

export interface AudienceOptions {
  readonly io: Io;
  readonly limits: Limits;
  readonly snapshots: () => Snapshots;
  readonly onBehind: () => void;
  readonly onStalled: () => void;
}

/** A page is in one of these rooms, or in neither while it is behind. */
const WAITING = 'waiting';
const LIVE = 'live';
/** What may be left in a backlog that counts as taken, bytes. */
const TAKEN_BYTES = 16 * 1024;
const LOOK_MS = 100;

interface Behind {
  least: number;
  /** When `least` last fell, of performance.now(). */
  at: number;
}

export function openAudience({ io, limits, snapshots, onBehind, onStalled }: AudienceOptions): Audience {
  const waiting = new Set<Page>();
  /** How many bytes each live page may have unsent: more while it still takes its snapshot. */
  const live = new Map<Page, number>();
  const behind = new Map<Page, Behind>();
  let admittedAt = Number.NEGATIVE_INFINITY;
  let admitTimer: NodeJS.Timeout | undefined;
  let lookTimer: NodeJS.Timeout | undefined;

  const admit = () => {
    admitTimer = undefined;
    if (waiting.size === 0) return;
    admittedAt = performance.now();
    // Taken before the rooms change: a stage that publishes what it holds first reaches only those who are live already.
    const now = snapshots();
    io.to(WAITING).emit('snapshot', now);
    for (const page of waiting) {
      void page.leave(WAITING);
      void page.join(LIVE);
      live.set(page, page.data.backlog() + limits.backlogBytes);
    }
    waiting.clear();
  };

  const wait = (...pages: Page[]) => {
    for (const page of pages) {
      waiting.add(page);
      void page.join(WAITING);
    }
    if (admitTimer) return;
    const dueIn = admittedAt + limits.snapshotGapMs - performance.now();
    if (dueIn <= 0) admit();
    else admitTimer = setTimeout(admit, dueIn);
  };

  const unseat = (page: Page) => {
    live.delete(page);
    void page.leave(LIVE);
  };

  const setBehind = (page: Page, backlog: number) => {
    unseat(page);
    behind.set(page, { least: backlog, at: performance.now() });
    onBehind();
    lookTimer ??= setTimeout(look, LOOK_MS);
  };

  const look = () => {
    const now = performance.now();
    for (const [page, state] of behind) {
      const backlog = page.data.backlog();
      if (backlog <= TAKEN_BYTES) {
        behind.delete(page);
        wait(page);
      } else if (backlog < state.least) {
        state.least = backlog;
        state.at = now;
      } else if (now - state.at > limits.stalledMs) {
        behind.delete(page);
        onStalled();
        page.data.cut();
      }
    }
    lookTimer = behind.size > 0 ? setTimeout(look, LOOK_MS) : undefined;
  };

  return {
    seat(page) {
      page.once('disconnect', () => {
        waiting.delete(page);
        live.delete(page);
        behind.delete(page);
      });
      wait(page);
    },
    publish(batch, side) {
      for (const [page, allowance] of live) {
        const backlog = page.data.backlog();
        if (backlog > allowance) setBehind(page, backlog);
        else if (backlog + limits.backlogBytes < allowance) live.set(page, backlog + limits.backlogBytes);
      }
      if (live.size > 0) io.to(LIVE).emit('batch', { packed: pack(batch.events), now: batch.now, side });
    },
    anew() {
      const pages = [...live.keys()];
      for (const page of pages) {
        const backlog = page.data.backlog();
        // Who still has so much of the run before to take must take that first.
        if (backlog > limits.backlogBytes) setBehind(page, backlog);
        else unseat(page);
      }
      wait(...pages.filter((page) => !behind.has(page)));
    },
    close() {
      clearTimeout(admitTimer);
      clearTimeout(lookTimer);
    },
  };
}
