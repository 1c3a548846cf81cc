// Short lines about what a person just asked for, each gone after a while unless it is dismissed first.

export type Tone = 'refused' | 'done';

export interface Notice {
  readonly id: number;
  readonly text: string;
  readonly tone: Tone;
}

const SHOWN_MS = 8000;
const MOST = 3;

export class Notices {
  list = $state.raw<readonly Notice[]>([]);
  #nextId = 1;

  say(text: string, tone: Tone): void {
    const notice: Notice = { id: this.#nextId++, text, tone };
    this.list = [...this.list.filter((n) => n.text !== text), notice].slice(-MOST);
    setTimeout(() => this.dismiss(notice.id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.list = this.list.filter((notice) => notice.id !== id);
  }
}
