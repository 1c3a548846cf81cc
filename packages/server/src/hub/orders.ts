// What a page asks for [S3] [S4]: counted, read by the closed schema, allowed by role, carried out, and answered once.

import { COMMAND_ROLE, type CommandAnswer, type RefusalCode, readCommand } from '@crows-nest/protocol';
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
    const read = said.length === 1 ? readCommand(said[0]) : { malformed: 'command: exactly one is expected' };
    if ('malformed' in read) return answer(refuse('malformed', read.malformed));
    const { command } = read;
    if (COMMAND_ROLE[command.type] === 'presenter' && page.data.role !== 'presenter') {
      return answer(refuse('forbidden', 'Only the presenter may do this.'));
    }
    carryOut(stage, command).then(answer, (error: unknown) => {
      answer(refuse('failed', 'This did not work, and the fault is ours.'));
      onDefect(error);
    });
  });
}

/** A stage that throws before it returns its promise has failed in the same way. */
const carryOut: (stage: Stage, command: Parameters<Stage['carryOut']>[0]) => Promise<CommandAnswer> = async (
  stage,
  command,
) => stage.carryOut(command);
