import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';

/** The machine's Chromium, or null. Tests that need it are skipped without it: `describe.skipIf(chromiumPath === null)`. */
export const chromiumPath = findChromium();

if (chromiumPath === null) {
  console.error(
    '\n!!! NO chromium ON THE PATH: the browser tests are SKIPPED. Get it: apt-get install chromium (brew install chromium)\n',
  );
}

function findChromium(): string | null {
  for (const folder of (process.env['PATH'] ?? '').split(delimiter)) {
    for (const name of ['chromium', 'chromium-browser', 'google-chrome']) {
      try {
        accessSync(join(folder, name), constants.X_OK);
        return join(folder, name);
      } catch {
        continue;
      }
    }
  }
  return null;
}

/** Headless. For the caller's afterAll to close. */
export async function launchChromium(): Promise<Browser> {
  if (chromiumPath === null) throw new Error('no chromium on the PATH');
  // Its own sandbox needs user namespaces, which containers refuse.
  return chromium.launch({ executablePath: chromiumPath, args: ['--no-sandbox'] });
}

/** The two widths that every page is made for, in CSS pixels. */
export const widths = [1280, 400] as const;

export interface OpenPage {
  readonly page: Page;
  /** What its console has complained of, and errors that no script caught. */
  readonly complaints: readonly string[];
}

/** A page in a context of its own: no cookie and no cache of another test's. */
export async function openPage(
  browser: Browser,
  { width = 1280, scheme = 'light' }: { width?: number; scheme?: 'light' | 'dark' } = {},
): Promise<OpenPage> {
  const context = await browser.newContext({ viewport: { width, height: 800 }, colorScheme: scheme });
  const page = await context.newPage();
  const complaints: string[] = [];
  page.on('console', (message) => {
    if (['error', 'warning'].includes(message.type())) complaints.push(message.text());
  });
  page.on('pageerror', (error) => complaints.push(String(error)));
  return { page, complaints };
}

/** By how many pixels the page is wider than its window. */
export function overflowOf(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - document.documentElement.clientWidth');
}

/** What axe finds serious or critical: the rule and the elements. */
export async function seriousViolations(page: Page): Promise<string[]> {
  await page.evaluate(axe.source);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: typeof axe }).axe.run());
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .map(({ id, help, nodes }) => `${id}: ${help}: ${nodes.map(({ html }) => html).join(' ')}`);
}

/** Presses Tab until the focus is on what `selector` matches. Throws after 60 presses: the keyboard doesn't get there. */
export async function tabTo(page: Page, selector: string): Promise<void> {
  for (let presses = 0; presses < 60; presses += 1) {
    await page.keyboard.press('Tab');
    if ((await page.locator(':focus').and(page.locator(selector)).count()) > 0) return;
  }
  throw new Error(`Tab does not lead to ${selector}`);
}
