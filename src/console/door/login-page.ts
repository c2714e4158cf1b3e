import { html, raw } from 'hono/html';
import type { Html } from '../frame/frame.ts';

/** `said`: why the last try led here again. */
export function loginPage(of: {
  readonly formToken: string;
  readonly said: string | null;
  readonly next: string;
}): Html {
  const described = of.said === null ? '' : raw('aria-describedby="said"');
  return html`<form class="card login" method="post" action="/login">
    <h1>Log in</h1>
    ${of.said === null ? '' : html`<p class="notice bad" id="said" role="alert">${of.said}</p>`}
    <input type="hidden" name="form" value="${of.formToken}" />
    <input type="hidden" name="next" value="${of.next}" />
    <p>
      <label for="name">Name</label>
      <input
        id="name"
        name="name"
        autocomplete="username"
        autocapitalize="none"
        spellcheck="false"
        required
        ${described}
      />
    </p>
    <p>
      <label for="password">Password</label>
      <input id="password" name="password" type="password" autocomplete="current-password" required ${described} />
    </p>
    <p><button class="main">Log in</button></p>
  </form>`;
}
