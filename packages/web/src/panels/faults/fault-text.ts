// What a fault is, in the few words that a list has room for: what it does, to which messages, which way, and its knobs.

import type { AppliedFault, Cut, PeerState, TcpWhy } from '@crows-nest/protocol';
import { tcpCanDo } from '@crows-nest/protocol';
import { arrowOf, OFFERS } from '../../model/fault-offers.ts';
import type { FaultWords } from '../../words/faults.ts';
import type { Words } from '../../words/words.ts';

export function faultLine(fault: AppliedFault, peer: PeerState | undefined, words: Words, said: FaultWords): string {
  const { kind, level, message, direction, params } = fault;
  const { tab } = said;
  const parts = [said.name[kind]];
  if (kind === 'partition') parts.push(said.cut[(params.mode ?? 'stopped') as Cut]);
  if (kind === 'profile' && params.profile) parts.push(said.profile[params.profile]);
  if (level === 'link' && kind !== 'profile' && OFFERS[kind as keyof typeof OFFERS].group === 'message') {
    parts.push(message === null ? tab.all : message === 'PING' || message === 'PONG' ? message : words.kind[message]);
  }
  if (params.nth !== undefined) parts.push(tab.nth(params.nth));
  if (params.every !== undefined) parts.push(tab.every(params.every));
  if (params.count !== undefined) parts.push(tab.first(params.count));
  if (params.probability !== undefined) parts.push(tab.chance(String(Math.round(params.probability * 1000) / 10)));
  if (params.extraMs !== undefined) parts.push(tab.plus(params.extraMs, params.jitterMs ?? 0));
  // Of a duplicate how many more, of a slowness how many times as long.
  if (params.times !== undefined) parts.push((fault.kind === 'slow' ? tab.factor : tab.copies)(params.times));
  if (params.bytesPerSecond !== undefined) parts.push(tab.rate(params.bytesPerSecond));
  if (level === 'link') parts.push(arrowOf(peer?.role ?? 'worker', direction));
  return parts.join(' ');
}

/** Whether real TCP could bring it about, and why. null: it is no fault of a link. */
export function tcpOf({ kind, level, params }: AppliedFault): { can: boolean; why: TcpWhy } | null {
  if (level === 'process') return null;
  return tcpCanDo(kind as keyof typeof OFFERS, params.mode as Cut | undefined);
}

export const tcpText = (said: FaultWords, { can, why }: { can: boolean; why: TcpWhy }): string =>
  can ? said.tcpCan(said.tcp[why]) : said.tcpCannot(said.tcp[why]);

/** A form follows, so that nothing happens yet. */
export const asks = (name: string): string => `${name}…`;
