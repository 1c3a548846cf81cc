// A recording on disk: the trace as NDJSON, as it happens [T5]. What the page no longer keeps is still there.

import { createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, parse } from 'node:path';
import { type Batch, type SideName, writeEvent, writeHeader } from '@crows-nest/protocol';

export interface RecordingFile {
  readonly path: string;
  /** Rejects with the system's error; what is written until then waits. */
  readonly opened: Promise<void>;
  readonly write: (batch: Batch) => void;
  end(): Promise<void>;
  /** Of a run that never began there is nothing to keep. */
  discard(): Promise<void>;
}

/** Nobody watches the disk during a demo: about an hour of 1,000 facts a second. */
const MAX_BYTES = 1024 ** 3;

/** Where runs are recorded that were given no file: a new folder that only this user can read. */
export function temporaryRecording(startedAt: string): string {
  return join(mkdtempSync(join(tmpdir(), 'crows-nest-')), `${startedAt.replace(/[:.]/g, '-')}.ndjson`);
}

/** The first run has the name that was given; beside it, by their numbers and sides, are the others: `demo-2-a.ndjson`. */
export function recordingPath(first: string, run: number, side: SideName | undefined): string {
  const { dir, name, ext } = parse(first);
  return join(dir, [name, ...(run > 1 ? [run] : []), ...(side ? [side] : [])].join('-') + ext);
}

/** Creates the file; never over an existing one. Later trouble (a full disk) ends it and is complained of once: the run goes on. */
export function openRecording(path: string, startedAt: string, complain: (line: string) => void): RecordingFile {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  let isOpen = false;
  let isOver = false;
  const opened = new Promise<void>((resolve, reject) => {
    file.once('open', () => {
      isOpen = true;
      resolve();
    });
    file.once('error', reject);
  });
  // Whoever opens it may be busy with another when it fails.
  opened.catch(() => {});
  const stop = (why: string): void => {
    if (isOver) return;
    isOver = true;
    if (isOpen) complain(`the recording ${path} ends here: ${why}`);
    file.end();
  };
  file.on('error', (error) => stop(error.message));
  file.write(writeHeader(startedAt));
  const end = (): Promise<void> =>
    new Promise((resolve) => {
      isOver = true;
      if (file.destroyed) resolve();
      else file.end(() => resolve());
    });
  return {
    path,
    opened,
    write({ events }) {
      if (isOver || events.length === 0) return;
      file.write(events.map(writeEvent).join(''));
      if (file.bytesWritten > MAX_BYTES) stop(`it has ${MAX_BYTES} bytes`);
    },
    end,
    async discard() {
      await end();
      if (isOpen) rmSync(path, { force: true });
    },
  };
}

/** Of a recording that could not be opened, in one line. */
export function unrecorded(error: unknown): string {
  const { code, path, message } = error as NodeJS.ErrnoException;
  return `not recorded to ${path}: ${code === 'EEXIST' ? 'there is such a file already' : message}`;
}
