import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import {
  chromiumPath,
  launchChromium,
  openPage,
  overflowOf,
  seriousViolations,
  tabTo,
  widths,
} from '../../support/browser.ts';
import { useSandboxes } from '../sandbox-under-test.ts';
import { shownFigures } from './shown-figures.ts';

const sandboxes = useSandboxes('sandbox docs browser');

describe.skipIf(chromiumPath === null)('in a browser', () => {
  let browser: Browser;
  let url: string;
  beforeAll(async () => {
    browser = await launchChromium();
  });
  afterAll(() => browser.close());
  beforeEach(async () => {
    // The mode with the most to show.
    const authentication = { kind: 'oauth2', clientId: 'acme', clientSecret: 'secret-1' } as const;
    ({ url } = await sandboxes.start({ authentication }));
  });

  test.each(widths)('at %i px nothing complains, and nothing is wider than the window or cut off', async (width) => {
    const { page, complaints } = await openPage(browser, { width });
    await page.goto(`${url}/docs`);
    expect(await overflowOf(page)).toBe(0);
    // Only a box that says that it scrolls may hold more than it shows.
    const cut = await page
      .locator('article :is(pre, table, p, dd, figure)')
      .evaluateAll((all) =>
        all.filter((one) => one.scrollWidth > one.clientWidth + 1 && one.closest('.scroll') === null).map(String),
      );
    expect(cut).toEqual([]);
    expect(complaints).toEqual([]);
  });

  test.each(widths)('at %i px a link into the page shows its place', async (width) => {
    const { page } = await openPage(browser, { width });
    await page.goto(`${url}/docs#altaLead`);
    const top = await page.locator('#altaLead').evaluate((section) => section.getBoundingClientRect().top);
    expect(top).toBeGreaterThanOrEqual(0);
    expect(top).toBeLessThan(100);
    await page.waitForSelector('.contents a[href="#altaLead"][aria-current]', { state: 'attached' });
  });

  test.each(widths)('at %i px the keyboard goes to a chapter, and copies a command', async (width) => {
    const { page } = await openPage(browser, { width });
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.goto(`${url}/docs`);
    await page.keyboard.press('Tab');
    expect(await page.locator(':focus').textContent()).toBe('Skip to the content');
    await tabTo(page, '.contents a[href="#tutorial"]');
    await page.keyboard.press('Enter');
    await page.waitForURL(`${url}/docs#tutorial`);
    await tabTo(page, '[data-call="check"] .copy');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-call="check"] .copy:has-text("Copied")');
    const shown = (await shownFigures(url)).find(({ call, kind }) => call === 'check' && kind === 'command');
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(shown?.text);
  });

  test('selects a command where there is no clipboard', async () => {
    const { page, complaints } = await openPage(browser);
    await page.addInitScript('Object.defineProperty(navigator, "clipboard", { value: undefined })');
    await page.goto(`${url}/docs`);
    await page.click('[data-call="check"] .copy');
    await page.waitForSelector('[data-call="check"] .copy:has-text("Selected")');
    expect(await page.evaluate('String(getSelection())')).toContain('/client-data');
    expect(complaints).toEqual([]);
  });

  test("puts the reader's own leadId into the commands, and nothing that a shell would read", async () => {
    const { page } = await openPage(browser);
    await page.goto(`${url}/docs`);
    const command = page.locator('[data-call="update"][data-kind="command"] code');
    expect(await command.textContent()).toContain('"leadId": "10000001"');
    await page.fill('#own-lead-id', "4711'; $(id)");
    expect(await command.textContent()).toContain('"leadId": "4711id"');
    await page.fill('#own-lead-id', '');
    expect(await command.textContent()).toContain('"leadId": "10000001"');
  });

  test.each(widths.flatMap((width) => [{ width, scheme: 'light' } as const, { width, scheme: 'dark' } as const]))(
    'axe finds nothing serious at $width px, $scheme',
    async ({ width, scheme }) => {
      const { page } = await openPage(browser, { width, scheme });
      await page.goto(`${url}/docs`);
      expect(await seriousViolations(page)).toEqual([]);
    },
  );

  test('without scripts everything is there but what needs them', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(`${url}/docs`);
    expect(await page.locator('.copy:visible, .own-lead:visible').count()).toBe(0);
    expect(await page.locator('figure.command:visible').count()).toBeGreaterThan(10);
    await page.click('.contents a[href="#reference"]');
    expect(page.url()).toBe(`${url}/docs#reference`);
  });

  test('on paper there is neither the contents nor a button', async () => {
    const { page } = await openPage(browser);
    await page.goto(`${url}/docs`);
    expect(await page.locator('.contents:visible, .copy:visible').count()).toBeGreaterThan(1);
    await page.emulateMedia({ media: 'print' });
    expect(await page.locator('.contents:visible, .copy:visible, .masthead nav:visible').count()).toBe(0);
    expect(await page.locator('#altaLead:visible').count()).toBe(1);
  });
});
