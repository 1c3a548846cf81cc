// A client's process: the Lazy Pirate machine on real REQ sockets.

import { client } from '@crows-nest/protocol';
import { Request } from 'zeromq';
import type { Clock } from './clock.ts';
import { runPeer } from './peer.ts';
import type { Report } from './report.ts';

export interface ClientOptions extends client.Settings {
  readonly connect: string;
}

export function runClient(options: ClientOptions, clock: Clock, report: Report, stop: AbortSignal): Promise<number> {
  return runPeer<client.State, client.Input, client.Effect>(
    {
      start: (now) => client.start(options, now),
      step: client.step,
      deadline: client.deadline,
      listens: client.listens,
      open(identity) {
        const socket = new Request({ routingId: identity, linger: 0, sendTimeout: 0 });
        socket.connect(options.connect);
        return socket;
      },
      // REQ puts the delimiter on the wire itself, and takes it off.
      toSocket: (wire) => wire.slice(1),
      fromSocket: (frames) => ['', ...frames],
      order: (order) => {
        if (order.do === 'pace') return { type: 'pace', everyMs: order.everyMs };
        if (order.do === 'impair') return { type: 'impair', impairment: order.impairment };
        if (order.do === 'ask') return { type: 'ask' };
        return order.do === 'stop' ? { type: 'stop' } : undefined;
      },
      own: () => undefined,
    },
    clock,
    report,
    stop,
  );
}
