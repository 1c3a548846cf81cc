// The address follows the view, so that a copied link opens the same one. What is as usual is left out of it.

import { type Address, writeAddress } from '../model/address.ts';
import { SHARE } from '../model/split.ts';
import type { Page } from './page.svelte.ts';

/** Browsers refuse an address that changes too often; a hand on a slider would. */
const SETTLED_MS = 300;

function addressOf({ settings, speed, selection }: Page): Address {
  const { usual } = settings;
  return {
    ...(settings.theme !== usual.theme && { theme: settings.theme }),
    ...(settings.locale !== usual.locale && { lang: settings.locale }),
    ...(speed !== 1 && { speed }),
    ...(selection && { select: selection }),
    ...(settings.panelOpen !== usual.panelOpen && { panel: settings.panelOpen }),
    ...(!settings.spaceTimeOpen && { spaceTime: false }),
    ...(Math.abs(settings.split - SHARE) > 0.001 && { split: settings.split }),
    ...(settings.presentation && { presentation: true }),
    ...(settings.schematic && { schematic: true }),
    ...(!settings.showBeats && { beats: false }),
  };
}

/** To be called where effects live. Only the query is written: whatever else an address could bear is not carried on. */
export function keepAddress(page: () => Page, view: Window): void {
  $effect(() => {
    const query = writeAddress(addressOf(page()));
    const settled = setTimeout(() => {
      const { pathname, search, hash } = view.location;
      if (search !== query || hash !== '') view.history.replaceState(view.history.state, '', pathname + query);
    }, SETTLED_MS);
    return () => clearTimeout(settled);
  });
}
