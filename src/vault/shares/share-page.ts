import { createHash } from 'node:crypto';
import { SHARE_SCRIPT } from './share-script.js';

const STYLE = `
:root { color-scheme: light dark; --line: #c4c8d0; --soft: #5b6472; --act: #1f5fbf; }
@media (prefers-color-scheme: dark) { :root { --line: #454b57; --soft: #a4adba; --act: #7db0ff; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 34rem; margin: 0 auto; padding: 2.5rem 1.25rem; }
h1 { font-size: 1.4rem; margin: 0 0 .75rem; }
p { margin: .5rem 0 1rem; }
.soft { color: var(--soft); font-size: .9rem; }
label { display: block; margin: 1rem 0 .25rem; }
input, button { font: inherit; padding: .6rem .9rem; border-radius: .4rem; border: 1px solid var(--line); }
input { width: 100%; }
button { cursor: pointer; margin-top: 1rem; }
button.main { width: 100%; border-color: transparent; background: #1f5fbf; color: #fff; font-weight: 600; }
button:disabled { opacity: .5; cursor: default; }
pre { margin: .25rem 0 0; padding: .75rem; border: 1px solid var(--line); border-radius: .4rem; font: 1rem/1.45 ui-monospace, monospace;
  white-space: pre-wrap; overflow-wrap: anywhere; user-select: all; }
section button { margin-top: .4rem; padding: .25rem .7rem; font-size: .9rem; }
[role=alert] { font-weight: 600; }
[hidden] { display: none; }
`;

const sha256 = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`;

/** Nothing but this page's own script and style, named by their digests, and requests to this server. */
export const SHARE_POLICY =
  `default-src 'none'; script-src ${sha256(SHARE_SCRIPT)}; style-src ${sha256(STYLE)}; connect-src 'self'; ` +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** All of it in one answer: it works without the internet, and shows nothing before somebody asks for it. */
export const SHARE_PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="robots" content="noindex, nofollow, noarchive">
<title>A secret for you</title>
<style>${STYLE}</style>
</head>
<body>
<main>
<h1 id="title">Somebody has shared a secret with you</h1>
<div id="ask">
<p>It is shown once you ask for it. That uses the link up, or one view of it: do it when you can keep what you see.</p>
<form id="form">
<div id="locked" hidden>
<label for="passphrase">Passphrase</label>
<input id="passphrase" type="password" autocomplete="off" autocapitalize="none" spellcheck="false">
</div>
<button id="show" class="main" type="submit" disabled>Show the secret</button>
</form>
</div>
<p id="problem" role="alert" hidden></p>
<div id="shown" hidden>
<p id="about"></p>
<div id="secrets"></div>
<p id="left" class="soft"></p>
</div>
<p class="soft">It is opened in your browser. The key in the link is never sent to the server.</p>
<noscript><p role="alert">This page needs JavaScript: without it nothing can be opened in the browser.</p></noscript>
</main>
<script>${SHARE_SCRIPT}</script>
</body>
</html>
`;
