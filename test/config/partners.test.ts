import { mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createPartners } from '../../src/config/partners.ts';
import { leadFields } from '../../src/contract/leads-1.2.5/fields.ts';
import { scratchFolder, type ScratchFolder } from '../support/scratch-folder.ts';

let scratch: ScratchFolder;
let folder: string;
beforeEach(async () => {
  scratch = await scratchFolder();
  folder = join(scratch.path, 'partners');
  await mkdir(folder);
});
afterEach(() => scratch.remove());

const write = (name: string, text: string) => writeFile(join(folder, name), text);

describe('createPartners', () => {
  it('reads every YAML of its folder and nothing else', async () => {
    await write('norte.yaml', 'partner: norte');
    await write('acme.yaml', 'partner: acme\nagent: { byPostalCode: agents.csv }');
    await write('agents.csv', '08014,51245');
    await write('.acme.yaml', 'half an edit');
    await write('acme.yaml~', 'an older one');
    const partners = createPartners(folder, { leadFields, timeZone: 'UTC' });
    expect(partners.reload().faults).toEqual([]);
    expect(partners.list().map(({ id }) => id)).toEqual(['acme', 'norte']);
    expect(partners.get('acme')?.agent.byPostalCode).toEqual({ '08014': '0051245' });
    expect(partners.get('sur')).toBeNull();
  });

  it('leaves the last valid config in force when an edit is not valid', async () => {
    await write('acme.yaml', 'partner: acme\ntooLong: shorten');
    const partners = createPartners(folder, { leadFields });
    await write('acme.yaml', 'partner: acme\ntooLong: cut');
    await write('norte.yaml', 'partner: norte');
    const { faults } = partners.reload();
    expect(faults.map(({ code }) => code)).toEqual(['CONFIG_PARTNER_INVALID']);
    expect(partners.get('acme')?.tooLong).toBe('shorten');
    expect(partners.get('norte')).not.toBeNull();
    await write('acme.yaml', 'partner: acme');
    expect(partners.reload().faults).toEqual([]);
    expect(partners.get('acme')?.tooLong).toBe('reject');
  });

  it('knows whose config has never been valid, until it is or is taken away', async () => {
    await write('acme.yaml', 'partner: acme\ntooLong: cut');
    const partners = createPartners(folder, { leadFields });
    expect([partners.isBroken('acme'), partners.isBroken('norte')]).toEqual([true, false]);
    await write('acme.yaml', 'partner: acme');
    partners.reload();
    expect(partners.isBroken('acme')).toBe(false);
    await write('acme.yaml', 'partner: acme\ntooLong: cut');
    partners.reload();
    expect(partners.isBroken('acme')).toBe(false);
    await write('norte.yaml', 'partner: sur');
    partners.reload();
    expect(partners.isBroken('norte')).toBe(true);
    await rm(join(folder, 'norte.yaml'));
    partners.reload();
    expect(partners.isBroken('norte')).toBe(false);
  });

  it('keeps the config as well when the table beside it is gone', async () => {
    await write('acme.yaml', 'partner: acme\nagent: { byPostalCode: agents.csv }');
    await write('agents.csv', '08014,51245');
    const partners = createPartners(folder, { leadFields });
    await rm(join(folder, 'agents.csv'));
    expect(partners.reload().faults).toHaveLength(1);
    expect(partners.get('acme')?.agent.byPostalCode).toEqual({ '08014': '0051245' });
  });

  it('forgets a config that was taken away, but not with the whole folder', async () => {
    await write('acme.yaml', 'partner: acme');
    await write('norte.yaml', 'partner: norte');
    const partners = createPartners(folder, { leadFields });
    await rm(join(folder, 'norte.yaml'));
    partners.reload();
    expect(partners.list().map(({ id }) => id)).toEqual(['acme']);
    await rename(folder, `${folder}.unmounted`);
    expect(partners.reload().faults).toHaveLength(1);
    expect(partners.get('acme')).not.toBeNull();
  });

  it("reports names that can not be a partner, without letting them into a valid one's place", async () => {
    await write('acme.yaml', 'partner: acme');
    await write('acme.yml', 'partner: acme\ntooLong: shorten');
    await write('Big Corp.yaml', 'partner: big');
    const partners = createPartners(folder, { leadFields });
    expect(partners.reload().faults.map(({ message }) => message.split(':')[0])).toEqual(['Big Corp.yaml', 'acme.yml']);
    expect(partners.get('acme')?.tooLong).toBe('reject');
    await write('acme.yaml', 'partner: acme\nwithoutNif: send');
    partners.reload();
    expect(partners.get('acme')?.withoutNif).toBe('send');
  });

  it('follows links, as container platforms mount configs', async () => {
    await writeFile(join(scratch.path, 'mounted'), 'partner: acme');
    await symlink(join(scratch.path, 'mounted'), join(folder, 'acme.yaml'));
    expect(createPartners(folder, { leadFields }).get('acme')).not.toBeNull();
  });
});
