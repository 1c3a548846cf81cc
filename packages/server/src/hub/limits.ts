// How much one stranger may ask for [S5] [S6], and the token bucket that all rates are counted with.

export interface Limits {
  /** Pages connected at once, and open TCP connections at once (a page loads over several). */
  readonly pages: number;
  readonly sockets: number;
  /** Of both, how many no one on the LAN can take: the presenter can always come back. */
  readonly keptForThisMachine: number;
  /** Open TCP connections from one address of the LAN. */
  readonly socketsAnAddress: number;
  /** To send a request's headers, and then to join over socket.io. */
  readonly handshakeMs: number;
  /** An HTTP connection on which nothing moves is closed after this. */
  readonly idleMs: number;
  readonly packetBytes: number;
  readonly packets: Rate;
  readonly commands: Rate;
  /** Wrong credentials from one address. */
  readonly failures: Rate;
  /** What one page may have unsent before it gets no more batches, beside the snapshot it was sent. */
  readonly backlogBytes: number;
  /** A page that takes nothing of its backlog for so long is let go. */
  readonly stalledMs: number;
  /** Snapshots are not encoded more often than this: whoever comes in between shares one. */
  readonly snapshotGapMs: number;
  readonly pingIntervalMs: number;
  readonly pingTimeoutMs: number;
}

export interface Rate {
  readonly perSecond: number;
  readonly burst: number;
}

export const LIMITS: Limits = {
  pages: 200,
  sockets: 1000,
  keptForThisMachine: 20,
  socketsAnAddress: 64,
  handshakeMs: 5000,
  idleMs: 10_000,
  packetBytes: 16 * 1024,
  packets: { perSecond: 50, burst: 200 },
  commands: { perSecond: 20, burst: 40 },
  failures: { perSecond: 1, burst: 10 },
  backlogBytes: 512 * 1024,
  stalledMs: 30_000,
  snapshotGapMs: 50,
  pingIntervalMs: 10_000,
  pingTimeoutMs: 30_000,
};

/** One token bucket. `take` answers whether there was one; `isEmpty` takes none. */
export interface Bucket {
  take(): boolean;
  isEmpty(): boolean;
}

export function openBucket(rate: Rate, now: () => number = () => performance.now()): Bucket {
  let tokens = rate.burst;
  let filledAt = now();
  const fill = () => {
    const at = now();
    tokens = Math.min(rate.burst, tokens + ((at - filledAt) / 1000) * rate.perSecond);
    filledAt = at;
  };
  return {
    take() {
      fill();
      if (tokens < 1) return false;
      tokens -= 1;
      return true;
    },
    isEmpty() {
      fill();
      return tokens < 1;
    },
  };
}

/** A bucket a key, for at most `kept` keys: under churn the one that was opened first is forgotten, so memory stays flat. */
export function openBuckets(rate: Rate, kept = 1024): (key: string) => Bucket {
  const buckets = new Map<string, Bucket>();
  return (key) => {
    let bucket = buckets.get(key);
    if (!bucket) {
      bucket = openBucket(rate);
      buckets.set(key, bucket);
      const oldest = buckets.keys().next().value;
      if (buckets.size > kept && oldest !== undefined) buckets.delete(oldest);
    }
    return bucket;
  };
}
