// A worker's process: the worker machine on real DEALER sockets.

import { worker } from '@crows-nest/protocol';
import { Dealer } from 'zeromq';
import type { Clock } from './clock.ts';
import { printable } from './log.ts';
import { spin } from './overload.ts';
import { runPeer } from './peer.ts';
import type { Report } from './report.ts';

export interface WorkerOptions extends worker.Settings {
  readonly connect: string;
}

export function runWorker(options: WorkerOptions, clock: Clock, report: Report, stop: AbortSignal): Promise<number> {
  let identity = '';
  return runPeer<worker.State, worker.Input, worker.Effect>(
    {
      start: (now) => worker.start(options, now),
      step: worker.step,
      deadline: worker.deadline,
      listens: worker.listens,
      open(fresh) {
        identity = fresh;
        const socket = new Dealer({ routingId: fresh, linger: 0, sendTimeout: 0 });
        socket.connect(options.connect);
        return socket;
      },
      toSocket(frames) {
        if (frames.length > 1) report.say(`I: (${identity}) normal reply - ${printable(frames.at(-1) ?? '')}`);
        else if (frames[0] === '\x02' || frames[0] === 'HEARTBEAT') report.say(`I: (${identity}) worker heartbeat`);
        return frames;
      },
      fromSocket: (frames) => frames,
      order: (order) => {
        if (order.do === 'overload') return { type: 'overload', ms: order.ms };
        if (order.do === 'impair') return { type: 'impair', impairment: order.impairment };
        return order.do === 'stop' ? { type: 'stop' } : undefined;
      },
      own(effect) {
        if (effect.type !== 'spin') return undefined;
        const { untilAt } = effect;
        return () => spin(untilAt, clock, report);
      },
    },
    clock,
    report,
    stop,
  );
}
