// A Simple Pirate worker's process: its machine on a real REQ socket.

import { simpleWorker } from '@crows-nest/protocol';
import { Request } from 'zeromq';
import type { Clock } from './clock.ts';
import { printable } from './log.ts';
import { runPeer } from './peer.ts';
import type { Report } from './report.ts';

export interface SimpleWorkerOptions extends simpleWorker.Settings {
  readonly connect: string;
}

export function runSimpleWorker(
  options: SimpleWorkerOptions,
  clock: Clock,
  report: Report,
  stop: AbortSignal,
): Promise<number> {
  let identity = '';
  return runPeer<simpleWorker.State, simpleWorker.Input, simpleWorker.Effect>(
    {
      start: (now) => simpleWorker.start(options, now),
      step: simpleWorker.step,
      deadline: simpleWorker.deadline,
      listens: simpleWorker.listens,
      open(fresh) {
        identity = fresh;
        const socket = new Request({ routingId: fresh, linger: 0, sendTimeout: 0 });
        socket.connect(options.connect);
        return socket;
      },
      // REQ puts the delimiter on the wire itself, and takes it off.
      toSocket(wire) {
        if (wire.length > 2) report.say(`I: (${identity}) normal reply - ${printable(wire.at(-1) ?? '')}`);
        return wire.slice(1);
      },
      fromSocket: (frames) => ['', ...frames],
      order: (order) => (order.do === 'stop' ? { type: 'stop' } : undefined),
      own: () => undefined,
    },
    clock,
    report,
    stop,
  );
}
