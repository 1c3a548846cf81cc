// A recording on disk: the trace as NDJSON, as it happens [T5]. What the page no longer keeps is still there.

import { createWriteStream, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Batch, writeEvent, writeHeader } from '@crows-nest/protocol';

export interface RecordingFile {
  readonly path: string;
  write(batch: Batch): void;
  end(): Promise<void>;
}

/** Nobody watches the disk during a demo: about an hour of 1,000 facts a second. */
const MAX_BYTES = 1024 ** 3;

/** Where a run is recorded that was given no file: a new folder that only this user can read. */
export function temporaryRecording(startedAt: string): string {
  return join(mkdtempSync(join(tmpdir(), 'crows-nest-')), `${startedAt.replace(/[:.]/g, '-')}.ndjson`);
}

/**
 * Creates the file; never over an existing one. Rejects with the system's error. Later trouble (a full disk) ends the recording and
 * is complained of once: the run goes on.
 */
export async function openRecording(
  path: string,
  startedAt: string,
  complain: (line: string) => void,
): Promise<RecordingFile> {
  const file = createWriteStream(path, { flags: 'wx', mode: 0o600 });
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', reject);
  });
  let isOver = false;
  const stop = (why: string): void => {
    if (isOver) return;
    isOver = true;
    complain(`the recording ${path} ends here: ${why}`);
    file.end();
  };
  file.on('error', (error) => stop(error.message));
  file.write(writeHeader(startedAt));
  return {
    path,
    write({ events }) {
      if (isOver || events.length === 0) return;
      file.write(events.map(writeEvent).join(''));
      if (file.bytesWritten > MAX_BYTES) stop(`it has ${MAX_BYTES} bytes`);
    },
    end: () => new Promise((resolve) => (file.destroyed ? resolve() : file.end(() => resolve()))),
  };
}
