// Which faults real TCP could bring about, for the page to say so honestly: TCP carries a stream of bytes, whole and in order, or ends.

import type { Cut, LinkFaultKind } from './link-fault.ts';

export type TcpWhy =
  | 'never-loses'
  | 'checksums'
  | 'never-repeats'
  | 'keeps-order'
  | 'is-slow'
  | 'waits-for-buffers'
  | 'stays-open-unheard'
  | 'ends';

/** Everything that can be done to a link, lasting or once. */
export type LinkTrouble = LinkFaultKind | 'replay' | 'reset' | 'close';

/** In one line of English each; the page has them in its own words. */
export const TCP_WHY: Record<TcpWhy, string> = {
  'never-loses': 'TCP sends again what was lost: no single message is missing while its connection lives',
  checksums: 'damage that its checksum does not see is one in billions; an implementation with a bug could do it',
  'never-repeats': 'TCP throws away what arrives twice: a repeated message was sent twice',
  'keeps-order': 'TCP hands over bytes in their order: messages of one connection never overtake each other',
  'is-slow': 'networks do this all day',
  'waits-for-buffers': 'a network that stalls, or a receiver that does not read: everything waits, and comes at once',
  'stays-open-unheard': 'a cable pulled, a host that froze, a firewall that forgot: nobody tells either end',
  ends: 'hosts, proxies and firewalls end connections so',
};

const WHY: Record<Exclude<LinkTrouble, 'partition'>, TcpWhy> = {
  drop: 'never-loses',
  corrupt: 'checksums',
  duplicate: 'never-repeats',
  replay: 'never-repeats',
  reorder: 'keeps-order',
  hold: 'keeps-order',
  delay: 'is-slow',
  bandwidth: 'is-slow',
  profile: 'is-slow',
  hang: 'stays-open-unheard',
  reset: 'ends',
  close: 'ends',
};

const WHY_CUT: Record<Cut, TcpWhy> = { stopped: 'stays-open-unheard', jammed: 'waits-for-buffers', refused: 'ends' };

const CANNOT: readonly TcpWhy[] = ['never-loses', 'checksums', 'never-repeats', 'keeps-order'];

/** Whether real TCP can do this, and why (not). */
export function tcpCanDo(kind: LinkTrouble, cut: Cut = 'stopped'): { readonly can: boolean; readonly why: TcpWhy } {
  const why = kind === 'partition' ? WHY_CUT[cut] : WHY[kind];
  return { can: !CANNOT.includes(why), why };
}
