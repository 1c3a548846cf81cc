// Runs with peers that misbehave, by the wire that the judge's own tests play by hand.

import type { TraceEvent } from '@crows-nest/protocol';
import { JudgedWire } from '../../protocol/test/judged-wire.ts';

/** A worker that keeps to everything, one that never learnt its manners, a client that cannot wait, one that cannot be read. */
export function misbehaved(): readonly TraceEvent[] {
  const wire = new JudgedWire();
  wire.joins('good', 'backend').says('good', 'READY').beats('good', 2);
  wire.joins('rude', 'backend').says('rude', 'HEARTBEAT').says('rude', 'HELLO').wait(400).says('rude', '\x02');
  wire.joins('eager', 'frontend').says('eager', '', 'one').wait(100).says('eager', '', 'one');
  wire.dispatches('eager', 'good', 'EAGER', '', 'one').wait(300).says('good', 'EAGER', '', 'done');
  wire.forwards('good', 'eager', '', 'done').beats('good', 3);
  wire.joins('many', 'frontend', { socketType: 'DEALER' }).says('many', '', 'a').says('many', '', 'b');
  wire.joins('secret', 'backend');
  wire.tell({ type: 'connection.opaqued', link: 'secret', conn: 5, reason: 'CURVE' }).beats('good', 2);
  wire.says('rude', 'R', '', 'never asked').wait(200).says('rude', 'R', '', 'nor this').beats('good', 4);
  wire.tell({ type: 'peer.left', peer: 'rude' }).beats('good', 3);
  return wire.events;
}
