import { expect, it } from 'vitest';
import { formatPreview } from '../../src/cli/retention-text.ts';

const nothing = { rows: [], blocked: 0, blockedPast: 0, files: 0, results: 0, keys: [], kept: [], notValid: [] };

it('offers to go on without a config only for partners that have none: a config that is not valid is to be mended', () => {
  const text = formatPreview({ ...nothing, kept: ['acme', 'norte'], notValid: ['norte'] }, 100);
  expect(text).toContain('without a config, so nothing of them is destroyed: acme (--without-config)');
  expect(text).toContain('config not valid, so nothing of them is destroyed: norte (`leadsync partner list` says why)');
});
