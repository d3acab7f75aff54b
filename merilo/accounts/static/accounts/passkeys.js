// Passkeys: <form data-passkey="create|get" data-options="{…}"> fills its field `credential` and is sent.
// With data-options-url in place of data-options the question is fetched when the button is pressed.
(() => {
  "use strict";
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (letter) => letter.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replace(/\+/g, "-").replace(/\//g, "_").replace(/=/g, "");
  const named = (list) => (list || []).map((entry) => ({ ...entry, id: bytes(entry.id) }));

  const questionOf = ({ publicKey }) => ({
    publicKey: {
      ...publicKey,
      challenge: bytes(publicKey.challenge),
      ...(publicKey.user && { user: { ...publicKey.user, id: bytes(publicKey.user.id) } }),
      ...(publicKey.excludeCredentials && { excludeCredentials: named(publicKey.excludeCredentials) }),
      ...(publicKey.allowCredentials && { allowCredentials: named(publicKey.allowCredentials) }),
    },
  });

  const answerOf = (credential) => {
    const response = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[name]) response[name] = text(credential.response[name]);
    }
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  };

  const optionsOf = async (form) => {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const answer = await fetch(form.dataset.optionsUrl, { headers: { "X-Requested-With": "XMLHttpRequest" } });
    if (!answer.ok) throw new Error(String(answer.status));
    return (await answer.json()).request_options;
  };

  const ask = async (form) => {
    const trouble = form.querySelector("[data-trouble]");
    trouble.textContent = "";
    try {
      const question = questionOf(await optionsOf(form));
      const credential = await navigator.credentials[form.dataset.passkey](question);
      form.elements.credential.value = JSON.stringify(answerOf(credential));
      form.submit();
    } catch {
      trouble.textContent = trouble.dataset.trouble;
    }
  };

  for (const form of document.querySelectorAll("form[data-passkey]")) {
    const able = window.isSecureContext && window.PublicKeyCredential;
    form.hidden = !able;
    const unable = document.getElementById(form.dataset.unable);
    if (unable) unable.hidden = able;
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      ask(form);
    });
  }
})();
