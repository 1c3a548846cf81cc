// Where a message or a command enters a link: it is told, the link gives its verdict, and what comes of it is put on the line.

import {
  COMMAND_NAMES,
  type DamageDone,
  type Direction,
  type Fact,
  type Kind,
  kindOnLink,
  type Micros,
  type Side,
} from '@crows-nest/protocol';
import type { Account } from './accounts.ts';
import type { Parcel } from './delay-line.ts';
import type { FlowOwner } from './flow.ts';
import type { Making } from './link-box.ts';
import { damaged, toKeep, type Written } from './written.ts';

export interface EntranceOptions {
  readonly direction: Direction;
  readonly side: Side;
  readonly owner: Pick<FlowOwner, 'conn' | 'link' | 'answered'>;
  readonly account: Account;
  readonly now: () => Micros;
  readonly nextMsg: () => number;
  readonly record: (fact: Fact) => void;
  readonly push: (parcel: Parcel) => void;
}

/** How a message enters the trace. */
interface Entry {
  readonly now: Micros;
  readonly dueAt: Micros;
  readonly making: Making | undefined;
  readonly slowedBy: readonly string[];
}

export class Entrance {
  readonly #o: EntranceOptions;

  constructor(options: EntranceOptions) {
    this.#o = options;
  }

  /** A message enters the link, sent or made by a fault, and the link says what becomes of it. */
  enter(message: Written, now: Micros, making?: Making): void {
    const { direction, owner, record, account } = this.#o;
    const { link } = owner;
    const kind = this.#kindOf(message);
    const verdict = link.admit(now, direction, kind, message.bodySize);
    const slowedBy = verdict.pass ? verdict.slowedBy : [];
    const dueAt = verdict.pass ? verdict.copies[0].dueAt : now;
    const msg = this.#tell(message, kind, { now, dueAt, making, slowedBy });
    link.keep(direction, msg, toKeep(message));
    if (!verdict.pass) {
      account.dropped += message.size;
      return record({ type: 'message.dropped', t: now, link: link.id, msg, fault: verdict.fault });
    }
    const { damages, copies, heldBy } = verdict;
    const [first = message, ...pieces] = damages.length === 0 ? [message] : this.#damage(message, msg, damages, now);
    for (const { dueAt: at, by } of copies) {
      if (by === undefined) this.#carry(first, msg, at, heldBy, now);
      else this.#make(first, at, heldBy, now, { of: msg, fault: by });
      const last = damages.at(-1)?.fault ?? '';
      for (const piece of pieces) this.#make(piece, at, heldBy, now, { of: msg, fault: last });
    }
  }

  /** What was never sent, and is carried as if it had been. */
  #make(message: Written, dueAt: Micros, heldBy: readonly string[], now: Micros, making: Making): void {
    this.#o.account.added += message.size;
    const msg = this.#tell(message, this.#kindOf(message), { now, dueAt, making, slowedBy: [] });
    this.#carry(message, msg, dueAt, heldBy, now);
  }

  #carry({ raw, size }: Written, msg: number, dueAt: Micros, heldBy: readonly string[], now: Micros): void {
    const { record, owner } = this.#o;
    for (const fault of heldBy) record({ type: 'message.held', t: now, link: owner.link.id, msg, fault });
    this.#o.push({ what: 'message', dueAt, raw, size, msg, heldBy });
  }

  #kindOf({ shown: { frames, frameCount } }: Written): Kind {
    const { side, direction } = this.#o;
    return kindOnLink(side, direction, frameCount, frames[0] ?? '', frames[1]);
  }

  #tell(message: Written, kind: Kind, { now, dueAt, making, slowedBy }: Entry): number {
    const { direction, owner, record } = this.#o;
    const { conn, link } = owner;
    const msg = this.#o.nextMsg();
    record({
      ...{ type: 'message.entered', t: now, link: link.id, conn, msg, direction, kind, ...message.shown, dueAt },
      ...(making && { copyOf: making.of }),
      ...(slowedBy.length > 0 && { slowedBy: [...slowedBy] }),
    });
    if (making) record({ type: 'message.duplicated', t: now, link: link.id, msg, ...making });
    return msg;
  }

  #damage(message: Written, msg: number, damages: readonly DamageDone[], t: Micros): readonly Written[] {
    const { record, owner, account } = this.#o;
    const torn = damaged(message, damages);
    const first = torn[0] ?? message;
    account.dropped += message.size;
    account.added += first.size;
    const what = { kind: this.#kindOf(first), ...first.shown };
    for (const { fault, mode } of damages) {
      record({ type: 'message.corrupted', t, link: owner.link.id, msg, fault, mode, ...what });
    }
    return torn;
  }

  /** It is for us, so it goes no further; but what is on the link acts on it. */
  answer(size: number): void {
    const { direction, owner, record, account } = this.#o;
    const { link, conn } = owner;
    const t = this.#o.now();
    account.dropped += size;
    const verdict = link.admit(t, direction, 'PONG');
    const what = { t, link: link.id, conn, direction, name: 'PONG' } as const;
    if (!verdict.pass) return record({ type: 'command.dropped', ...what, fault: verdict.fault });
    if (verdict.heldBy.length > 0) return;
    owner.answered(direction);
    record({ type: 'command.passed', ...what });
  }

  /** ZMTP's own heartbeats: no messages, but told, and a fault may name them. Other commands pass, unless everything is cut. */
  command(name: string, raw: readonly Uint8Array[], size: number): void {
    const { direction, owner, record, account } = this.#o;
    const { link, conn } = owner;
    const t = this.#o.now();
    const known = COMMAND_NAMES.find((command) => command === name);
    if (known === undefined) {
      const cut = link.cutBy(direction);
      if (cut && cut.mode !== 'jammed') account.dropped += size;
      else
        this.#o.push({
          what: 'bytes',
          dueAt: link.admitBytes(t, direction),
          raw,
          size,
          ...(cut && { heldBy: [cut.id] }),
        });
      return;
    }
    const verdict = link.admit(t, direction, known);
    const what = { t, link: link.id, conn, direction, name: known };
    if (!verdict.pass) {
      account.dropped += size;
      return record({ type: 'command.dropped', ...what, fault: verdict.fault });
    }
    record({ type: 'command.passed', ...what });
    account.added += size * (verdict.copies.length - 1);
    for (const { dueAt } of verdict.copies) {
      this.#o.push({ what: 'bytes', dueAt, raw, size, heldBy: verdict.heldBy });
    }
  }
}
