// Pictures that repeat are drawn once and stamped. A key carries everything the picture depends on, so that what is kept
// can never change what is seen; and they are kept in two generations, so that what is not used goes.

import type { Brush, StageContext } from './brush.ts';
import type { Box2 } from './marks.ts';

interface Sprite {
  image: ImageBitmap;
  originX: number;
  originY: number;
}

/** Pixels in one generation: 16 MB. */
const PIXELS_KEPT = 4_000_000;
/** A larger picture is drawn as it is. */
const SIDE_MOST_PX = 1024;
const MARGIN_PX = 2;

/** The sprites of one theme and density. */
export interface Store {
  young: Map<string, Sprite>;
  old: Map<string, Sprite>;
  pixels: number;
}

const STORES = new Map<string, Store>();
/** A window moved between screens has two densities, and each has two themes. */
const STORES_MOST = 4;

function storeFor({ themeName, dpr }: Brush): Store {
  const key = `${themeName} ${dpr}`;
  const known = STORES.get(key);
  if (known) return known;
  if (STORES.size >= STORES_MOST) STORES.clear();
  const made: Store = { young: new Map(), old: new Map(), pixels: 0 };
  STORES.set(key, made);
  return made;
}

/**
 * Draws about (x, y), moved to whole device pixels so that a stamp is as sharp as what it was made of.
 * `box` is what the picture takes up about its origin; it is asked for once a picture.
 */
export function stamp(
  brush: Brush,
  key: string,
  x: number,
  y: number,
  box: () => Box2,
  draw: (own: Brush) => void,
): void {
  const { ctx, dpr } = brush;
  const deviceX = Math.round(x * dpr);
  const deviceY = Math.round(y * dpr);
  const sprite = spriteFor(brush, key, box, draw);
  if (sprite) {
    const { image, originX, originY } = sprite;
    if (dpr === 1) ctx.drawImage(image, deviceX - originX, deviceY - originY);
    else {
      const { width, height } = image;
      ctx.drawImage(image, (deviceX - originX) / dpr, (deviceY - originY) / dpr, width / dpr, height / dpr);
    }
    return;
  }
  ctx.translate(deviceX / dpr, deviceY / dpr);
  draw(brush);
  ctx.translate(-deviceX / dpr, -deviceY / dpr);
}

function spriteFor(brush: Brush, key: string, box: () => Box2, draw: (own: Brush) => void): Sprite | null {
  if (typeof OffscreenCanvas === 'undefined') return null;
  brush.store ??= storeFor(brush);
  const { store } = brush;
  const known = store.young.get(key);
  if (known) return known;
  const before = store.old.get(key);
  if (before) {
    store.old.delete(key);
    return keep(store, key, before);
  }
  const made = makeSprite(brush, box(), draw);
  return made && keep(store, key, made);
}

function keep(store: Store, key: string, sprite: Sprite): Sprite {
  store.young.set(key, sprite);
  store.pixels += sprite.image.width * sprite.image.height;
  if (store.pixels > PIXELS_KEPT) {
    for (const { image } of store.old.values()) image.close();
    store.old = store.young;
    store.young = new Map();
    store.pixels = 0;
  }
  return sprite;
}

/** For when a face has been loaded: what was set in another is void. */
export function forgetSprites(): void {
  STORES.clear();
}

function makeSprite(brush: Brush, box: Box2, draw: (own: Brush) => void): Sprite | null {
  const { dpr } = brush;
  const originX = Math.ceil(-box.x * dpr) + MARGIN_PX;
  const originY = Math.ceil(-box.y * dpr) + MARGIN_PX;
  const width = originX + Math.ceil((box.x + box.width) * dpr) + MARGIN_PX;
  const height = originY + Math.ceil((box.y + box.height) * dpr) + MARGIN_PX;
  if (width < 1 || height < 1 || width > SIDE_MOST_PX || height > SIDE_MOST_PX) return null;
  const canvas = new OffscreenCanvas(width, height);
  const own = canvas.getContext('2d');
  if (!own) return null;
  own.setTransform(dpr, 0, 0, dpr, originX, originY);
  draw({ ...brush, ctx: own, font: '' });
  return { image: canvas.transferToImageBitmap(), originX, originY };
}

const named = new WeakMap<object, number>();
let names = 0;

/** A short name for an array that never changes: a key need not spell it out. */
export function nameFor(thing: object): number {
  let name = named.get(thing);
  if (name === undefined) {
    name = ++names;
    named.set(thing, name);
  }
  return name;
}

interface Layer {
  key: string;
  canvas: OffscreenCanvas;
}

const LAYERS = new WeakMap<StageContext, Layer>();

/** A whole stage's ground, kept for each context while its key is the same. */
export function layer(brush: Brush, key: string, width: number, height: number, draw: (own: Brush) => void): void {
  const { ctx, dpr, themeName } = brush;
  if (typeof OffscreenCanvas === 'undefined') return draw(brush);
  const whole = `${themeName} ${dpr} ${width} ${height} ${key}`;
  let kept = LAYERS.get(ctx);
  if (kept?.key !== whole) {
    const canvas = new OffscreenCanvas(Math.max(1, Math.ceil(width * dpr)), Math.max(1, Math.ceil(height * dpr)));
    const own = canvas.getContext('2d', { alpha: false });
    if (!own) return draw(brush);
    own.setTransform(dpr, 0, 0, dpr, 0, 0);
    draw({ ...brush, ctx: own, font: '' });
    kept = { key: whole, canvas };
    LAYERS.set(ctx, kept);
  }
  ctx.drawImage(kept.canvas, 0, 0, kept.canvas.width / dpr, kept.canvas.height / dpr);
}
