import type { KeyObject } from 'node:crypto';
import type { KeyRotations, RotatedKeys } from '../../app/ports/vault.ts';
import type { Act } from '../../app/ports/held-files.ts';
import { ConfigFault } from '../../domain/config-fault.ts';
import { fingerprintOf } from './vault.ts';
import { deriveWrappingKey, markOfSecret, rewrapKey, unwrapKey } from './wrap-key.ts';

/**
 * Wraps every key of the table by another secret, in one transaction: a kill leaves all of them wrapped by the old one or
 * all by the new one. The keys themselves stay, so nothing that is sealed is written anew and every lead is recognised as
 * before: the MAC key that opens is compared with the one that the ledger was made with. May be repeated.
 */
export async function rotateKeys(
  rotations: KeyRotations,
  secrets: { readonly old: Uint8Array; readonly new: Uint8Array },
  /** Of the ledger's stamp. Null: it has none yet. */
  macFingerprint: string | null,
  act: Act,
): Promise<RotatedKeys> {
  const [from, to] = [deriveWrappingKey(secrets.old), deriveWrappingKey(secrets.new)];
  const marks = { from: markOfSecret(from), to: markOfSecret(to) };
  if (marks.from === marks.to) {
    throw new ConfigFault('CONFIG_INVALID', 'LEADSYNC_SECRET_KEY_OLD: expected another key than LEADSYNC_SECRET_KEY');
  }
  return rotations.rewrap(marks, act, (keys) =>
    keys.map((key) => {
      if (key.wrapped.length === 0) return key;
      const plain = openByOld(from, key);
      if (key.purpose === 'mac' && macFingerprint !== null && fingerprintOf(plain) !== macFingerprint) {
        throw new ConfigFault(
          'CONFIG_KEY_MISMATCH',
          'the identity key in the key table is not the one this ledger was made with; nothing was changed: bring the key table back from a backup',
        );
      }
      return { ...key, wrapped: rewrapKey(to, key, plain) };
    }),
  );
}

function openByOld(from: KeyObject, key: Parameters<typeof unwrapKey>[1]): KeyObject {
  try {
    return unwrapKey(from, key);
  } catch (cause) {
    throw new ConfigFault(
      'CONFIG_KEY_MISMATCH',
      'LEADSYNC_SECRET_KEY_OLD: expected the key by which the key table of this ledger is wrapped, got another; nothing was changed',
      { cause },
    );
  }
}
