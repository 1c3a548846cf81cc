// A guest that speaks ZMTP by hand over TCP, byte for byte as it likes: for versions and habits that libzmq does not have any more.

import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import {
  bytesFrame,
  type Message,
  peekFrame,
  writeGreeting,
  writeMessage,
  writeReady,
  ZmtpReader,
} from '@crows-nest/protocol';

export class RawGuest {
  readonly socket: Socket;
  readonly heard: Message[] = [];
  readonly commands: string[] = [];
  readonly #reader = new ZmtpReader();
  readonly #looks = new Set<() => void>();

  constructor(port: number) {
    this.socket = connect({ port, host: '127.0.0.1', noDelay: true });
    this.socket.on('error', () => {});
    this.socket.on('data', (chunk) => {
      for (const item of this.#reader.read(chunk)) {
        if (item.type === 'message') this.heard.push(item.sizes.map((size, i) => bytesFrame(peekFrame(item, i, size))));
        else this.commands.push(item.type);
      }
      for (const look of [...this.#looks]) look();
    });
  }

  /** Greets, waits to be greeted, and shakes hands as that kind of socket. */
  async greet(minor: number, socketType: string): Promise<void> {
    await once(this.socket, 'connect');
    this.socket.write(writeGreeting({ minor }));
    await this.until(() => this.commands.includes('greeted'));
    this.socket.write(writeReady([['Socket-Type', socketType]]));
    await this.until(() => this.commands.includes('ready'));
  }

  say(...frames: string[]): void {
    this.socket.write(writeMessage(frames));
  }

  until(isSo: () => boolean): Promise<void> {
    return new Promise((resolve) => {
      const look = (): void => {
        if (!isSo()) return;
        this.#looks.delete(look);
        resolve();
      };
      this.#looks.add(look);
      look();
    });
  }

  end(): void {
    this.socket.destroy();
  }
}
