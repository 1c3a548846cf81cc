// Everything a person can tell the page by a key or by its name: the one list behind the shortcuts, the keys sheet, the palette
// and the keys beside the buttons, so that they can never differ.

export type CommandGroup = 'time' | 'until' | 'view' | 'stage';

interface Entry {
  readonly id: string;
  readonly group: CommandGroup;
  /** As `KeyboardEvent.key` has them, single letters small; `Shift+` where it makes another key of one without a character. */
  readonly keys?: readonly string[];
  /** Goes on while the key is kept down. */
  readonly repeats?: true;
  /** Only a presenter can. */
  readonly presenter?: true;
  /** For the keys sheet alone: the key is handled where it means something, or the palette would be told to open itself. */
  readonly sheetOnly?: true;
  /** Also when single keys are switched off, and while somebody types: it takes more than a character. */
  readonly always?: true;
}

export const COMMANDS = [
  { id: 'toggleHold', group: 'time', keys: [' '] },
  { id: 'back', group: 'time', keys: ['ArrowLeft'], repeats: true },
  { id: 'forward', group: 'time', keys: ['ArrowRight'], repeats: true },
  { id: 'farBack', group: 'time', keys: ['Shift+ArrowLeft'], repeats: true },
  { id: 'farForward', group: 'time', keys: ['Shift+ArrowRight'], repeats: true },
  { id: 'previousEvent', group: 'time', keys: [','], repeats: true },
  { id: 'nextEvent', group: 'time', keys: ['.'], repeats: true },
  // A clicker sends the page keys.
  { id: 'previousMarker', group: 'time', keys: ['[', 'PageUp'], repeats: true },
  { id: 'nextMarker', group: 'time', keys: [']', 'PageDown'], repeats: true },
  { id: 'live', group: 'time', keys: ['l'] },
  { id: 'jump', group: 'time', keys: ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'], sheetOnly: true },
  { id: 'start', group: 'time' },
  { id: 'goTo', group: 'time', keys: ['g'] },
  { id: 'slower', group: 'time', keys: ['<'], repeats: true },
  { id: 'faster', group: 'time', keys: ['>'], repeats: true },
  { id: 'normalSpeed', group: 'time' },
  { id: 'untilLoss', group: 'until' },
  { id: 'untilExpiry', group: 'until' },
  { id: 'untilFault', group: 'until' },
  { id: 'untilDisagreement', group: 'until' },
  { id: 'untilPeer', group: 'until' },
  { id: 'untilNothing', group: 'until' },
  { id: 'presentation', group: 'view', keys: ['f'] },
  { id: 'schematic', group: 'view', keys: ['e'] },
  { id: 'beats', group: 'view', keys: ['b'] },
  { id: 'spaceTime', group: 'view', keys: ['s'] },
  { id: 'otherSide', group: 'view', keys: ['x'] },
  { id: 'compare', group: 'view' },
  { id: 'panel', group: 'view', keys: ['i'] },
  { id: 'theme', group: 'view', keys: ['d'] },
  { id: 'openRecording', group: 'view' },
  { id: 'closeRecording', group: 'view' },
  { id: 'language', group: 'view' },
  { id: 'help', group: 'view', keys: ['?'] },
  { id: 'palette', group: 'view', keys: ['Ctrl+k'], sheetOnly: true, always: true },
  { id: 'close', group: 'view', keys: ['Escape'], sheetOnly: true, always: true },
  { id: 'heal', group: 'stage', keys: ['h'], presenter: true },
  { id: 'stageMove', group: 'stage', keys: ['ArrowLeft', 'ArrowUp', 'ArrowDown', 'ArrowRight'], sheetOnly: true },
  { id: 'stageSelect', group: 'stage', keys: ['Enter'], sheetOnly: true },
  { id: 'stageMenu', group: 'stage', keys: ['Shift+F10'], presenter: true, sheetOnly: true },
] as const satisfies readonly Entry[];

export type CommandId = (typeof COMMANDS)[number]['id'];
export interface PageCommand extends Entry {
  readonly id: CommandId;
}

const ALL: readonly PageCommand[] = COMMANDS;

export const commandsOf = (group: CommandGroup): readonly PageCommand[] => ALL.filter((c) => c.group === group);
export const GROUPS: readonly CommandGroup[] = ['time', 'until', 'view', 'stage'];

const BY_ID = new Map<CommandId, PageCommand>(ALL.map((command) => [command.id, command]));
/** What is handled elsewhere is not the page's to take. */
const BY_KEY = new Map(
  ALL.filter((command) => !command.id.startsWith('stage')).flatMap((command) =>
    (command.keys ?? []).map((key) => [key, command] as const),
  ),
);

export const commandOfKey = (key: string): PageCommand | undefined => BY_KEY.get(key);

const SHOWN: Record<string, string> = {
  ' ': 'Space',
  ArrowLeft: '←',
  ArrowRight: '→',
  ArrowUp: '↑',
  ArrowDown: '↓',
  Escape: 'Esc',
  PageUp: 'PgUp',
  PageDown: 'PgDn',
};

const shown = (key: string): string =>
  key
    .split('+')
    .map((part) => SHOWN[part] ?? (part.length === 1 ? part.toUpperCase() : part))
    .join(' ');

/** Its keys as they are printed on a keyboard. */
export function keysOf(id: CommandId): readonly string[] {
  const keys = BY_ID.get(id)?.keys ?? [];
  return id === 'jump' ? ['0 – 9'] : keys.map(shown);
}
