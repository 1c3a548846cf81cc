// What a page asks for, and on which side [S3] [S4]: counted, read by the closed schema, allowed by role, carried out, and answered once.

import {
  COMMAND_ROLE,
  type Command,
  type CommandAnswer,
  type RefusalCode,
  readCommand,
  type SideName,
} from '@crows-nest/protocol';
import type { Page } from './audience.ts';
import type { Stage } from './stage.ts';

const refuse = (code: RefusalCode, message: string): CommandAnswer => ({ ok: false, code, message });

/** `onDefect` is told what our own code threw; the page only learns that it failed. */
export function takeOrders(page: Page, stage: Stage, onDefect: (error: unknown) => void): void {
  // A page may send any arguments, and so none of them has a type.
  page.on('command', (...sent: unknown[]) => {
    const last = sent.at(-1);
    const acknowledge = typeof last === 'function' ? last : undefined;
    const said = acknowledge ? sent.slice(0, -1) : sent;
    const answer = (given: CommandAnswer) => acknowledge?.(given);

    if (!page.data.commands.take()) return answer(refuse('limited', 'Too many commands: wait a moment.'));
    const read = readOrder(said);
    if ('malformed' in read) return answer(refuse('malformed', read.malformed));
    const { command, side } = read;
    if (COMMAND_ROLE[command.type] === 'presenter' && page.data.role !== 'presenter') {
      return answer(refuse('forbidden', 'Only the presenter may do this.'));
    }
    carryOut(stage, command, side).then(answer, (error: unknown) => {
      answer(refuse('failed', 'This did not work, and the fault is ours.'));
      onDefect(error);
    });
  });
}

type Order = { command: Command; side: SideName } | { malformed: string };

function readOrder(said: readonly unknown[]): Order {
  if (said.length !== 2) return { malformed: 'command: exactly one is expected, and its side' };
  const [sent, side] = said;
  if (side !== 'a' && side !== 'b') return { malformed: 'side: a or b is expected' };
  const read = readCommand(sent);
  return 'malformed' in read ? read : { command: read.command, side };
}

/** A stage that throws before it returns its promise has failed in the same way. */
const carryOut = async (stage: Stage, command: Command, side: SideName): Promise<CommandAnswer> =>
  stage.carryOut(command, side);
