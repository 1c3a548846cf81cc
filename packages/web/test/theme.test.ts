import { describe, expect, test } from 'vitest';
import { OPACITIES, THEMES, type Theme, type ThemeName, type Token } from '../src/theme.ts';

const channel = (value: number): number => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);

type Rgb = [number, number, number];
const rgb = (hex: string): Rgb => [1, 3, 5].map((i) => Number.parseInt(hex.slice(i, i + 2), 16) / 255) as Rgb;

function luminance([r, g, b]: Rgb): number {
  return 0.2126 * channel(r) + 0.7152 * channel(g) + 0.0722 * channel(b);
}

function contrast(a: Rgb, b: Rgb): number {
  const [low, high] = [luminance(a), luminance(b)].sort((x, y) => x - y) as [number, number];
  return (high + 0.05) / (low + 0.05);
}

const over = (front: Rgb, back: Rgb, alpha: number): Rgb =>
  front.map((value, i) => value * alpha + (back[i] ?? 0) * (1 - alpha)) as Rgb;

const GROUNDS: readonly Token[] = ['page', 'stage', 'stageInner', 'stageOuter', 'panel', 'raised'];
const TEXTS: readonly Token[] = [
  'text',
  'muted',
  'faint',
  'belief',
  'body',
  'request',
  'reply',
  'ready',
  'busy',
  'frozen',
  'fault',
];
const THEME_NAMES: readonly ThemeName[] = ['dark', 'light'];

describe.each(THEME_NAMES)('the %s theme', (name) => {
  const theme: Theme = THEMES[name];
  const on = (front: Token, back: Token): number => contrast(rgb(theme[front]), rgb(theme[back]));

  test.each(TEXTS)('[V4] %s holds 4.5:1 on every ground', (token) => {
    for (const ground of GROUNDS) expect(on(token, ground), ground).toBeGreaterThanOrEqual(4.45);
  });

  test('[V4] lanes hold 3:1 where links are drawn', () => {
    expect(on('lane', 'stage')).toBeGreaterThanOrEqual(3);
    expect(on('lane', 'panel')).toBeGreaterThanOrEqual(3);
  });

  test('[V4] digits on a request disc, and the READY triangle on its ground', () => {
    expect(on('onRequest', 'request')).toBeGreaterThanOrEqual(4.5);
    expect(on('readyOutline', 'stage')).toBeGreaterThanOrEqual(3);
  });

  test('[V4] marks that are dimmed still hold 3:1', () => {
    const beat = over(rgb(theme.belief), rgb(theme.stage), OPACITIES[name].beat);
    expect(contrast(beat, rgb(theme.stage))).toBeGreaterThanOrEqual(3);
    const dead = over(rgb(theme.muted), rgb(theme.stage), 0.72);
    expect(contrast(dead, rgb(theme.stage))).toBeGreaterThanOrEqual(3);
  });
});

test('[V4] the lowest contrasts are the ones that are known', () => {
  const dark = (front: Token, back: Token): number => contrast(rgb(THEMES.dark[front]), rgb(THEMES.dark[back]));
  const light = (front: Token, back: Token): number => contrast(rgb(THEMES.light[front]), rgb(THEMES.light[back]));
  expect(dark('faint', 'raised')).toBeCloseTo(5.1, 1);
  expect(light('request', 'raised')).toBeCloseTo(4.9, 1);
  expect(light('request', 'page')).toBeCloseTo(4.5, 1);
  expect(dark('lane', 'raised')).toBeCloseTo(2.8, 1);
});
