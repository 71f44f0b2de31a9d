/** What the page does in the browser, without any library. Everything is shown as text, never as HTML. */
export const SHARE_SCRIPT = `
'use strict';
(function () {
  var at = function (id) { return document.getElementById(id); };
  var problem = function (text) { at('problem').textContent = text; at('problem').hidden = !text; };
  var bytes = function (text) {
    var plain = atob(text.replace(/-/g, '+').replace(/_/g, '/'));
    return Uint8Array.from(plain, function (c) { return c.charCodeAt(0); });
  };
  var link = /^#([A-Za-z0-9_-]{22})\\.([A-Za-z0-9_-]{43})$/.exec(location.hash);
  if (!window.isSecureContext || !window.crypto || !crypto.subtle)
    return problem('This page opens secrets over https only. Ask for a link that begins with https://.');
  if (!link) return problem('The link is not complete. Copy all of it, also what stands behind the # sign.');
  var token = link[1], key = link[2];
  at('show').disabled = false;

  function open(sealed) {
    var raw = bytes(sealed);
    var how = { name: 'AES-GCM', iv: raw.subarray(0, 12), additionalData: new TextEncoder().encode(token), tagLength: 128 };
    return crypto.subtle.importKey('raw', bytes(key), 'AES-GCM', false, ['decrypt'])
      .then(function (aes) { return crypto.subtle.decrypt(how, aes, raw.subarray(12)); })
      .then(function (plain) { return JSON.parse(new TextDecoder().decode(plain)); });
  }

  function add(parent, tag, text) {
    var made = document.createElement(tag);
    made.textContent = text;
    return parent.appendChild(made);
  }

  function addSecret(name, value) {
    var section = at('secrets').appendChild(document.createElement('section'));
    add(section, 'label', name.replace(/_/g, ' '));
    var shown = add(section, 'pre', value);
    shown.id = 'secret-' + name;
    var copy = add(section, 'button', 'Copy');
    copy.type = 'button';
    copy.addEventListener('click', function () {
      navigator.clipboard.writeText(value).then(
        function () { copy.textContent = 'Copied'; },
        function () { getSelection().selectAllChildren(shown); });
    });
  }

  function show(found, left) {
    history.replaceState(null, '', location.pathname);
    at('ask').hidden = true;
    at('title').textContent = found.service_name;
    at('about').textContent = [found.username, found.external_url].filter(Boolean).join(' · ');
    Object.keys(found.secrets).forEach(function (name) { addSecret(name, found.secrets[name]); });
    at('left').textContent = left === 0 ? 'The link is used up: keep what you see.' : 'The link opens ' + left + ' more time' + (left === 1 ? '.' : 's.');
    at('shown').hidden = false;
  }

  function refused(status, error) {
    at('show').disabled = false;
    if (status === 403) {
      var first = at('locked').hidden;
      at('locked').hidden = false;
      at('passphrase').focus();
      return problem(first ? '' : error);
    }
    if (status === 404) at('ask').hidden = true;
    problem(status === 404 ? 'This link opens nothing: it is over, was used, or never was. Ask for another one.' : error);
  }

  at('form').addEventListener('submit', function (event) {
    event.preventDefault();
    problem('');
    at('show').disabled = true;
    var body = { token: token };
    if (!at('locked').hidden && at('passphrase').value) body.passphrase = at('passphrase').value;
    fetch('api/shares/redeem', {
      method: 'POST', headers: { 'content-type': 'application/json' }, body: JSON.stringify(body),
      credentials: 'omit', cache: 'no-store',
    }).then(function (answer) {
      return answer.json().then(function (said) {
        if (!answer.ok) return refused(answer.status, said.error);
        return open(said.sealed).then(
          function (found) { show(found, said.views_left); },
          function () { problem('The key in this link does not fit: it was altered on its way.'); });
      });
    }).catch(function () {
      at('show').disabled = false;
      problem('The server does not answer. Try again.');
    });
  });
})();
`;
