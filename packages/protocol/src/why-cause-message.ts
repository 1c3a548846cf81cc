// Causes of what befell a single message, on its link or at its end.

import type { Direction, Kind } from './frames.ts';
import type { Damaged, FaultNamed } from './why-absence.ts';
import type { Ending } from './why-ending.ts';

export type MessageCause =
  | {
      readonly kind: 'message.lost';
      readonly message: Kind;
      readonly link: string;
      readonly direction: Direction;
      readonly n: number | null;
      readonly ending: Ending;
    }
  | {
      readonly kind: 'message.dropped';
      readonly message: Kind;
      readonly link: string;
      readonly direction: Direction;
      readonly n: number | null;
      readonly by: FaultNamed;
    }
  | {
      readonly kind: 'message.held' | 'message.corrupted' | 'message.duplicated';
      readonly message: Kind;
      readonly link: string;
      readonly direction: Direction;
      readonly n: number | null;
      readonly by: FaultNamed;
    }
  | {
      readonly kind: 'message.unrouted';
      readonly message: Kind;
      readonly to: string | null;
      readonly ending: Ending;
      /** The identity is nobody's: a fault made it of whose it was. */
      readonly misaddressed: Damaged | null;
    }
  | {
      readonly kind: 'message.invalidated';
      readonly by: string;
      readonly from: string | null;
      readonly message: Kind | null;
      readonly reason: string;
      readonly damaged: FaultNamed | null;
    };
