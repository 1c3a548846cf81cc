import { UsageError } from './flags.ts';
export const SIM_FLAGS = {};
export async function simCommand(_: readonly string[]): Promise<number> {
  throw new UsageError('later');
}
