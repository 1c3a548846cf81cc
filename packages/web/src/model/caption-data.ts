// What a caption says, as data: which of the things that can be said it is, and about whom. Sentences are in words/.

import type { AppliedFault, Direction, FaultKind, Kind, Micros, PassingKind } from '@crows-nest/protocol';
import type { Truth } from '../stage/truth.ts';

/** A worker by its peer, and what it really is. */
export interface Named {
  readonly peer: string;
  readonly truth: Truth;
}

export type Caption =
  | { readonly type: 'queueDown'; readonly truth: 'dead' | 'frozen' | 'overloaded'; readonly waiting: number }
  /** The head of the list cannot serve: the next request goes to nobody. */
  | { readonly type: 'headParted'; readonly worker: Named; readonly others: number }
  /** Too many to be told one by one. `next`: the head, when it is one of those. */
  | {
      readonly type: 'crowdParted';
      readonly workers: number;
      readonly listed: number;
      readonly cannot: number;
      readonly first: Named;
      readonly next: boolean;
    }
  | {
      readonly type: 'parted';
      readonly worker: Named;
      readonly how: 'believed' | 'unlisted' | 'idle';
      readonly others: number;
    }
  /** It was given a request that it cannot serve, and by these rules nobody keeps either in mind. */
  | { readonly type: 'stuck'; readonly worker: Named; readonly n: number | null; readonly others: number }
  | {
      readonly type: 'expired';
      readonly worker: string;
      readonly truth: Truth;
      readonly silentUs: Micros;
      /** What kept its last beats from being heard, when it was not itself. */
      readonly fault: string | null;
      readonly others: number;
    }
  | {
      readonly type: 'lost';
      readonly kind: Kind;
      readonly n: number | null;
      readonly link: string;
      readonly direction: Direction;
      readonly fault: string | null;
      readonly others: number;
    }
  | { readonly type: 'gaveUp'; readonly client: string; readonly n: number; readonly others: number }
  | { readonly type: 'retried'; readonly client: string; readonly n: number; readonly others: number }
  | { readonly type: 'backOff'; readonly worker: string; readonly others: number }
  | { readonly type: 'doorShut'; readonly waiting: number }
  | { readonly type: 'back'; readonly worker: string; readonly renamed: boolean }
  | {
      readonly type: 'fault';
      readonly fault: string;
      readonly kind: FaultKind;
      readonly mode: AppliedFault['params']['mode'] | null;
      readonly link: string;
      readonly direction: Direction | null;
      readonly message: PassingKind | null;
      readonly others: number;
    }
  | {
      readonly type: 'calm';
      readonly workers: number;
      readonly listed: number;
      readonly next: string | null;
      readonly out: Named | null;
      readonly outs: number;
    };

/** The peers that it names: their labels on the stage are not thinned out. */
export function namedPeers(caption: Caption | null): readonly string[] {
  if (!caption) return [];
  switch (caption.type) {
    case 'headParted':
    case 'parted':
    case 'stuck':
      return [caption.worker.peer];
    case 'crowdParted':
      return [caption.first.peer];
    case 'expired':
    case 'backOff':
    case 'back':
      return [caption.worker];
    case 'lost':
    case 'fault':
      return [caption.link];
    case 'gaveUp':
    case 'retried':
      return [caption.client];
    case 'calm':
      return [...(caption.next === null ? [] : [caption.next]), ...(caption.out === null ? [] : [caption.out.peer])];
    default:
      return [];
  }
}

/** Changes when something else is said, not when a figure moves on: what is worth saying aloud. */
export const captionKey = (caption: Caption): string => `${caption.type} ${namedPeers(caption).join(' ')}`;
