// A long press of a finger, for browsers that make no context-menu event of it.

const PRESS_MS = 550;
/** A finger that moves farther scrolls or drags. */
const STILL_PX = 10;

export class LongPress {
  #press: { readonly x: number; readonly y: number; readonly timer: ReturnType<typeof setTimeout> } | null = null;
  #taken = false;

  /** `act` is done when the finger stays; it says whether it did anything. */
  down({ pointerType, clientX: x, clientY: y }: PointerEvent, act: () => boolean): void {
    this.#taken = false;
    this.release();
    if (pointerType !== 'touch') return;
    const timer = setTimeout(() => {
      this.#taken = act();
    }, PRESS_MS);
    this.#press = { x, y, timer };
  }

  move({ clientX, clientY }: PointerEvent): void {
    if (this.#press && Math.hypot(clientX - this.#press.x, clientY - this.#press.y) > STILL_PX) this.release();
  }

  release(): void {
    if (this.#press) clearTimeout(this.#press.timer);
    this.#press = null;
  }

  /** Whether the click that now comes is only the finger that lets go: asked once. */
  letsGo(): boolean {
    const taken = this.#taken;
    this.#taken = false;
    return taken;
  }
}
