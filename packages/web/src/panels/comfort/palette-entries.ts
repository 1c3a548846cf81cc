// Everything the palette offers now: the commands, whom to select, and what can be done to whom. Found in both languages,
// because whoever knows a thing by its English name looks for that.

import { peerActions } from '../../model/actions.ts';
import { commandsOf, GROUPS, keysOf } from '../../model/commands.ts';
import { WORDS } from '../../stage/words.ts';
import { faultWords } from '../../words/faults.ts';
import { type Locale, words } from '../../words/words.ts';
import type { Page } from '../page.svelte.ts';
import { carryOut, isPossible } from './carry-out.ts';
import type { Layout } from './layout.svelte.ts';

export interface PaletteEntry {
  readonly id: string;
  readonly name: string;
  /** What else it is found by. */
  readonly texts: readonly string[];
  readonly group: string;
  readonly keys: readonly string[];
  readonly run: () => void;
}

type Said = (locale: Locale) => string;

/** Its own language first, then the other. */
const both = (page: Page, said: Said): readonly string[] =>
  page.settings.locale === 'en' ? [said('en'), said('zh')] : [said('zh'), said('en')];

function commandEntries(page: Page, layout: Layout): PaletteEntry[] {
  const { comfort } = page.settings.words;
  return GROUPS.flatMap((group) =>
    commandsOf(group)
      .filter(({ id, sheetOnly }) => !sheetOnly && isPossible(page, id))
      .map(({ id }) => ({
        id,
        name: comfort.command[id],
        texts: both(page, (locale) => words[locale].comfort.command[id]),
        group: comfort.group[group],
        keys: page.settings.shortcuts ? keysOf(id) : [],
        run: () => carryOut(page, layout, id),
      })),
  );
}

function peerEntries(page: Page): PaletteEntry[] {
  const { comfort } = page.settings.words;
  return Object.values(page.look.state.peers)
    .filter((peer) => !peer.left)
    .flatMap((peer) => {
      const nameIn = (locale: Locale) => WORDS[locale].name(peer.name);
      const entry = (id: string, said: Said, run: () => void): PaletteEntry => {
        const texts = both(page, said);
        return { id: `${id} ${peer.peer}`, name: texts[0] ?? '', texts, group: comfort.group.stage, keys: [], run };
      };
      const select = entry(
        'select',
        (locale) => words[locale].comfort.select(nameIn(locale)),
        () => page.select({ type: 'peer', peer: peer.peer }),
      );
      const possible = page.presenter ? peerActions(peer).filter(({ obstacle }) => obstacle === null) : [];
      const acts = possible.map(({ name, command }) =>
        entry(
          name,
          (locale) => words[locale].comfort.act(faultWords[locale].act[name], nameIn(locale)),
          () => void page.command(command),
        ),
      );
      return [select, ...acts];
    });
}

export const paletteEntries = (page: Page, layout: Layout): PaletteEntry[] => [
  ...commandEntries(page, layout),
  ...peerEntries(page),
];
