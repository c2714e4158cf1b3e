import { closeSync, openSync, readFileSync, readSync, writeSync } from 'node:fs';

/** One thing that the API did, or a fault that it played. Written at the moment of the effect. */
export type TruthEntry =
  | {
      readonly kind: 'create';
      readonly atMs: number;
      readonly leadId: string;
      /** The contract's field, as the request had it. */
      readonly partner: string;
      readonly partnerLeadId: string;
      readonly requestId: string;
      /** The Idempotency-Key: an API that honours it does so after a crash as well. */
      readonly key: string;
    }
  | {
      readonly kind: 'update';
      readonly atMs: number;
      readonly leadId: string;
      readonly observacion: string;
      readonly requestId: string;
    }
  /** A create under an Idempotency-Key that was carried out before: nothing is done. */
  | { readonly kind: 'repeat'; readonly leadId: string; readonly requestId: string }
  | { readonly kind: 'fault'; readonly fault: string; readonly requestId: string };

/** Appends in one write that is on the disk when it returns: the API may be killed right after. */
export function openTruth(path: string): (entry: TruthEntry) => void {
  const fd = openSync(path, 'as');
  return (entry) => void writeSync(fd, `${JSON.stringify(entry)}\n`);
}

export function readTruth(path: string): readonly TruthEntry[] {
  return parse(readFileSync(path, 'utf8'));
}

/** Reads only what is new at each look. A line that is still being written comes with the next look. */
export function followTruth(path: string): () => readonly TruthEntry[] {
  const seen: TruthEntry[] = [];
  let offset = 0;
  return () => {
    const fd = openSync(path, 'r');
    try {
      for (;;) {
        const buffer = Buffer.alloc(1 << 20);
        const chunk = buffer.subarray(0, readSync(fd, buffer, 0, buffer.length, offset));
        const whole = chunk.lastIndexOf(10) + 1;
        if (whole === 0) return seen;
        seen.push(...parse(chunk.subarray(0, whole).toString()));
        offset += whole;
      }
    } finally {
      closeSync(fd);
    }
  };
}

function parse(text: string): readonly TruthEntry[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as TruthEntry);
}
