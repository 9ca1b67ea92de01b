// Where somebody who signs in at the provider chooses whom to be.
import type { IncomingMessage } from 'node:http';
import { text } from 'node:stream/consumers';
import { html } from '../slack-page/render/html.ts';
import type { Settings } from './settings.ts';

/** The page of one sign-in. */
export function peoplePage(uid: string, people: Settings['PROVIDER_PEOPLE']): string {
  const buttons = people.map(
    ({ email, name, organisation, verified }) =>
      html`<button name="email" value="${email}"><b>${name}</b> ${email}${organisation === null ? ', a private account' : ''}${verified ? '' : ', not verified'}</button>`,
  );
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>The demo's sign-in provider</title>
<style>
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 2rem auto; padding: 0 1rem; }
form { display: grid; gap: .5rem; }
button { font: inherit; text-align: left; padding: .75rem; cursor: pointer; }
</style>
</head>
<body>
<main>
<h1>Sign in as</h1>
<p>This stands in for Google. There are no passwords.</p>
<form method="post" action="/interaction/${uid}">
${buttons}
<button name="email" value="">Nobody: cancel</button>
</form>
</main>
</body>
</html>
`.toString();
}

/** The address that was chosen. */
export async function chosenPerson(request: IncomingMessage): Promise<string> {
  return new URLSearchParams(await text(request)).get('email') ?? '';
}
