import fastify from 'fastify';
import { html } from 'hono/html';
import { expect, test } from 'vitest';
import { registerPage, renderPage } from '../../../src/sandbox/page/page.ts';

const main = html`<h1>Heading</h1>`;

test('a page has the frame, marks where it is, and escapes its title', async () => {
  const page = await renderPage({ title: '<b>', section: 'docs', main });
  expect(page).toMatch(/^<!doctype html>\s*<html lang="en">/);
  expect(page).toContain('<title>&lt;b&gt; · Leads API sandbox</title>');
  expect(page).toContain('<h1>Heading</h1>');
  expect(page.match(/aria-current/g)).toHaveLength(1);
  expect(page).toMatch(/<a href="\/docs" aria-current="page">/);
  for (const path of ['/ficha-gestion', '/docs', '/openapi.json']) expect(page).toContain(`href="${path}"`);
});

test('what a page asks for is kept for good under its mark, and asked for again without', async () => {
  const app = fastify();
  registerPage(app);
  const page = await renderPage({ title: 'Title', section: 'docs', main });
  const hrefs = [...page.matchAll(/href="(\/assets\/[^"]+)"/g)].map(([, href]) => href ?? '');
  expect(hrefs.map((href) => href.split('?')[0])).toEqual(['/assets/sandbox.svg', '/assets/page.css']);
  for (const href of hrefs) {
    const marked = await app.inject(href);
    expect(marked.statusCode).toBe(200);
    expect(marked.headers['cache-control']).toContain('immutable');
    const plain = await app.inject(href.split('?')[0] ?? '');
    expect(plain.headers['cache-control']).toBe('no-cache');
    const known = { url: href, headers: { 'if-none-match': plain.headers.etag } };
    expect((await app.inject(known)).statusCode).toBe(304);
  }
  await app.close();
});

test('nothing in the stylesheet comes from outside', async () => {
  const app = fastify();
  registerPage(app);
  expect((await app.inject('/assets/page.css')).body).not.toMatch(/url\(|@import/);
  await app.close();
});
