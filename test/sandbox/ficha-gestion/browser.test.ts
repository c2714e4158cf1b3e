import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  chromiumPath,
  launchChromium,
  openPage,
  overflowOf,
  seriousViolations,
  tabTo,
  widths,
} from '../../support/browser.ts';
import { useFichaGestion } from './ficha-under-test.ts';

const ficha = useFichaGestion('ficha browser');

/** Synthetic people, one of them as long as fields may be and without a place to break. */
async function createSome(): Promise<string> {
  await ficha.create({ name: '<script>alert(1)</script>', partner: 'Acme', ramo: '1' });
  const leadId = await ficha.create({
    name: 'Núria Puig i Ferrer',
    partner: 'Correduría Acme S.L.',
    campaign: 'autumn',
    ramo: '12',
  });
  await ficha.update(leadId, '5', 'Contactado');
  await ficha.update(leadId, '20', `Cerrado ${'x'.repeat(300)}`);
  const longest = await ficha.create({
    name: 'W'.repeat(50),
    dni: '1'.repeat(2_000),
    partner: 'W'.repeat(255),
    campaign: 'W'.repeat(255),
    partnerLeadId: 'W'.repeat(45),
    ramo: '1'.repeat(60),
    parametersURL: 'W'.repeat(999),
  });
  await ficha.update(longest, '5'.repeat(3_000), 'x');
  await ficha.create({ dni: 'W'.repeat(60), ramo: '2'.repeat(12) });
  return leadId;
}

describe.skipIf(chromiumPath === null)('in a browser', () => {
  let browser: Browser;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());

  test.each(widths)('at %i px nothing complains and no page is wider than the window', async (width) => {
    const { page, complaints } = await openPage(browser, { width });
    await page.goto(`${ficha.url}/ficha-gestion`);
    expect(await overflowOf(page)).toBe(0);
    const leadId = await createSome();
    for (const path of ['', '?ramo=99', `/${leadId}`, `/${Number(leadId) + 1}`]) {
      await page.goto(`${ficha.url}/ficha-gestion${path}`);
      expect(await overflowOf(page), path).toBe(0);
    }
    expect(complaints).toEqual([]);
  });

  test.each(widths)('at %i px the keyboard searches, opens a lead and goes back', async (width) => {
    const leadId = await createSome();
    const { page } = await openPage(browser, { width });
    await page.goto(`${ficha.url}/ficha-gestion`);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await page.keyboard.press('Enter');
    await tabTo(page, 'input[type=search]');
    await page.keyboard.type('nuria');
    await page.keyboard.press('Enter');
    await page.waitForURL(/\?search=/);
    expect(await page.locator('tbody tr').count()).toBe(1);
    const listing = page.url();
    await tabTo(page, '.leads a');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${ficha.url}/ficha-gestion/${leadId}`);
    expect(await page.locator('.history li').count()).toBe(3);
    await tabTo(page, '.back a');
    await page.keyboard.press('Enter');
    await page.waitForURL(listing);
    expect(await page.inputValue('input[type=search]')).toBe('nuria');
  });

  test.each([
    { width: 1280, scheme: 'light' },
    { width: 1280, scheme: 'dark' },
    { width: 400, scheme: 'light' },
  ] as const)('axe finds nothing serious at $width px, $scheme', async ({ width, scheme }) => {
    const { page } = await openPage(browser, { width, scheme });
    await page.goto(`${ficha.url}/ficha-gestion`);
    expect(await seriousViolations(page)).toEqual([]);
    const leadId = await createSome();
    for (const path of ['', '?ramo=99', '?search=over', `/${leadId}`, '/4711']) {
      await page.goto(`${ficha.url}/ficha-gestion${path}`);
      expect(await seriousViolations(page), path).toEqual([]);
    }
  });

  test('without scripts the search works as well', async () => {
    const leadId = await createSome();
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${ficha.url}/ficha-gestion`);
    await page.fill('input[type=search]', leadId);
    await page.click('button');
    await page.waitForURL(`${ficha.url}/ficha-gestion/${leadId}`);
  });
});
