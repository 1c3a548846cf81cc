// What can be done to a link and to a message on it, as data: which fields each fault has, the command they make, and what an
// unreadable link takes. The forms and menus only show it.

import {
  type CommandName,
  type CommandRequest,
  type Cut,
  type Damage,
  type Direction,
  type Distribution,
  FAULT_TTL_MS,
  type Kind,
  type LinkFaultKind,
  type MessageState,
  type ProfileName,
  type Role,
} from '@crows-nest/protocol';

export type Field =
  | 'direction'
  | 'message'
  | 'which'
  | 'late'
  | 'copies'
  | 'bytesPerSecond'
  | 'damage'
  | 'cut'
  | 'profile';

/** Faults that last, by what they act on. */
export const OFFERS: Record<
  LinkFaultKind,
  { readonly group: 'message' | 'connection'; readonly fields: readonly Field[] }
> = {
  drop: { group: 'message', fields: ['direction', 'message', 'which'] },
  delay: { group: 'message', fields: ['direction', 'message', 'which', 'late'] },
  hold: { group: 'message', fields: ['direction', 'message', 'which'] },
  duplicate: { group: 'message', fields: ['direction', 'message', 'which', 'copies'] },
  reorder: { group: 'message', fields: ['direction', 'message', 'which', 'late'] },
  corrupt: { group: 'message', fields: ['damage', 'direction', 'message', 'which'] },
  bandwidth: { group: 'message', fields: ['bytesPerSecond', 'direction', 'message', 'which'] },
  profile: { group: 'message', fields: ['profile'] },
  partition: { group: 'connection', fields: ['cut', 'direction'] },
  hang: { group: 'connection', fields: [] },
};

export const LASTING = Object.keys(OFFERS) as readonly LinkFaultKind[];
/** What strikes once and is over. */
export const ONCE = ['replay', 'reset', 'close'] as const;
export type Once = (typeof ONCE)[number];

/** A link whose bytes cannot be read takes only what is done to the whole connection [L13]. */
export const needsReading = (kind: LinkFaultKind | Once): boolean =>
  kind === 'replay' || (kind !== 'reset' && kind !== 'close' && OFFERS[kind].group === 'message');

export const onceCommand = (kind: Once, link: string): CommandRequest =>
  kind === 'replay' ? { type: 'message.replay', link } : { type: `link.${kind}`, link };

export const WHICH = ['all', 'nth', 'every', 'count', 'probability'] as const;
export type Which = (typeof WHICH)[number];
export type Named = Kind | CommandName;

/** What a form holds; numbers are null while their field is empty. */
export interface Draft {
  direction: Direction | null;
  message: Named | null;
  which: Which;
  /** Of `which`; a chance in per cent. */
  number: number | null;
  extraMs: number | null;
  jitterMs: number | null;
  distribution: Distribution;
  copies: number | null;
  bytesPerSecond: number | null;
  damage: Damage;
  cut: Cut;
  profile: ProfileName;
  /** In seconds; pinned: it stays until it is healed. */
  ttlS: number | null;
  pinned: boolean;
}

export const newDraft = (): Draft => ({
  direction: null,
  message: null,
  which: 'all',
  number: null,
  extraMs: 500,
  jitterMs: 0,
  distribution: 'uniform',
  copies: 1,
  bytesPerSecond: 1000,
  damage: 'payload',
  cut: 'stopped',
  profile: 'conference-wifi',
  ttlS: FAULT_TTL_MS / 1000,
  pinned: false,
});

/** A chance is half, anything else the third or three, until somebody says. */
export const usualNumber = (which: Which): number => (which === 'probability' ? 50 : which === 'nth' ? 1 : 3);

/** Kinds that a fault of this kind can do something to, on a link of this role. */
export function kindsFor(kind: LinkFaultKind, role: Role): readonly Named[] {
  const kinds: readonly Named[] =
    role === 'client' ? ['REQUEST', 'REPLY', 'INVALID'] : ['HEARTBEAT', 'REQUEST', 'REPLY', 'READY', 'INVALID'];
  return kind === 'corrupt' || kind === 'hold' || kind === 'bandwidth' ? kinds : [...kinds, 'PING', 'PONG'];
}

const given = <T>(name: string, value: T | null): Record<string, T> => (value === null ? {} : { [name]: value });

export function applyCommand(kind: LinkFaultKind, link: string, draft: Draft): CommandRequest {
  const ttlMs = draft.pinned ? null : Math.round((draft.ttlS ?? FAULT_TTL_MS / 1000) * 1000);
  if (kind === 'profile') return { type: 'link.profile', link, profile: draft.profile, ttlMs };
  const { fields } = OFFERS[kind];
  const parts: Record<Field, () => object> = {
    direction: () => given('direction', draft.direction),
    message: () => given('message', draft.message),
    which: () => whichOf(draft),
    late: () => ({
      extraMs: draft.extraMs ?? 0,
      jitterMs: draft.jitterMs ?? 0,
      ...((draft.jitterMs ?? 0) > 0 && { distribution: draft.distribution }),
    }),
    copies: () => ({ copies: draft.copies ?? 1 }),
    bytesPerSecond: () => ({ bytesPerSecond: draft.bytesPerSecond ?? 1000 }),
    damage: () => ({ mode: draft.damage }),
    cut: () => ({ mode: draft.cut }),
    profile: () => ({}),
  };
  const params = Object.assign({}, ...fields.map((field) => parts[field]()));
  // Which parameters go with which kind is known above; that they fit the schema is tested for all.
  return { type: 'fault.apply', link, kind, ttlMs, ...params } as CommandRequest;
}

function whichOf({ which, number }: Draft): object {
  if (which === 'all') return {};
  const n = number ?? usualNumber(which);
  return which === 'probability' ? { probability: n / 100 } : { [which]: n };
}

/** As the stage draws it: a client stands left of the queue, a worker right of it. */
export const arrowOf = (role: Role, direction: Direction | null): string =>
  direction === null ? '↔' : (role === 'client') === (direction === 'toQueue') ? '→' : '←';

/** The messages that a fault keeps, oldest first: a step lets the first go. */
export const heldBy = (messages: Record<string, MessageState>, fault: string): MessageState[] =>
  Object.values(messages)
    .filter((message) => message.heldBy.includes(fault))
    .sort((a, b) => a.msg - b.msg);

/** The fault whose step lets this message go, and whether another one goes first. null: nobody keeps it. */
export function stepFor(
  messages: Record<string, MessageState>,
  msg: number,
): { readonly fault: string; readonly first: boolean } | null {
  const fault = messages[msg]?.heldBy[0];
  if (fault === undefined) return null;
  return { fault, first: heldBy(messages, fault)[0]?.msg === msg };
}
