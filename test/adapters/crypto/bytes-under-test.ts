import { createSecretKey } from 'node:crypto';
import { join } from 'node:path';
import { openBox, sealBox } from '../../../src/adapters/crypto/authenticated-box.ts';
import { createKeptBytes, type KeptBytes } from '../../../src/adapters/crypto/kept-bytes.ts';
import { NoDataKey, type DataKey } from '../../../src/app/ports/vault.ts';

/** Sealed files below `root`, under one data key for everybody, the same in every process. */
export function bytesUnderTest(root: string): KeptBytes {
  const key = createSecretKey(Buffer.alloc(32, 7));
  const bound = new Uint8Array();
  const dataKey: DataKey = {
    id: 1,
    seal: (plain) => sealBox(key, plain, bound),
    open: (sealed) => openBox(key, sealed, bound).toString(),
  };
  return createKeptBytes(
    {
      keyFor: async () => dataKey,
      async keyById(id) {
        if (id !== dataKey.id) throw new NoDataKey(id);
        return dataKey;
      },
    },
    { archive: join(root, 'archive'), rejected: join(root, 'rejected') },
  );
}
