// A control's name with the key that does the same, as long as single keys are on.

import { type CommandId, keysOf } from '../../model/commands.ts';
import type { Settings } from '../settings.svelte.ts';

export function withKey(settings: Settings, name: string, id: CommandId): string {
  const key = keysOf(id)[0];
  return settings.shortcuts && key !== undefined ? settings.words.comfort.withKey(name, key) : name;
}
