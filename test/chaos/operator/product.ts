import { pathToFileURL } from 'node:url';

/** The product's own acts, as the checkout has them that is being tried: a copy may lack a safeguard. */
export interface Product {
  readonly openDatabase: typeof import('../../../src/adapters/ledger/database.ts').openDatabase;
  readonly createLedger: typeof import('../../../src/adapters/ledger/ledger.ts').createLedger;
  readonly createGapLedger: typeof import('../../../src/adapters/ledger/gap.ts').createGapLedger;
  readonly readStamp: typeof import('../../../src/adapters/ledger/stamp.ts').readStamp;
  readonly resolveInDoubt: typeof import('../../../src/app/resolve-in-doubt.ts').resolveInDoubt;
  readonly takeBackToWork: typeof import('../../../src/app/take-back-to-work.ts').takeBackToWork;
}

const modules = [
  'adapters/ledger/database',
  'adapters/ledger/ledger',
  'adapters/ledger/gap',
  'adapters/ledger/stamp',
  'app/resolve-in-doubt',
  'app/take-back-to-work',
] as const;

export async function loadProduct(checkout: string): Promise<Product> {
  const loaded = await Promise.all(
    modules.map((name) => import(pathToFileURL(`${checkout}/src/${name}.ts`).href) as Promise<object>),
  );
  return Object.assign({}, ...loaded) as Product;
}
