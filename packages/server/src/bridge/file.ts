// A recording on disk: the trace as NDJSON, as it happens.

import { createWriteStream } from 'node:fs';
import { type Batch, writeEvent, writeHeader } from '@crows-nest/protocol';

export interface RecordingFile {
  write(batch: Batch): void;
  end(): Promise<void>;
}

/** Creates the file; never over an existing one. Rejects with the system's error. */
export async function openRecording(path: string, startedAt: string): Promise<RecordingFile> {
  const file = createWriteStream(path, { flags: 'wx' });
  await new Promise<void>((resolve, reject) => {
    file.once('open', () => resolve());
    file.once('error', reject);
  });
  file.write(writeHeader(startedAt));
  return {
    write(batch) {
      if (batch.events.length > 0) file.write(batch.events.map(writeEvent).join(''));
    },
    end: () => new Promise((resolve) => file.end(() => resolve())),
  };
}
