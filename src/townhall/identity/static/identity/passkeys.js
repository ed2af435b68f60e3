// Passkeys: forms marked `data-passkey` get their answer from the browser (WebAuthn level 3, JSON).
// "create" makes one, "get" signs in. Nothing here decides anything: the server checks the answer.
(() => {
  "use strict";

  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (c) => c.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-")
      .replace(/\//g, "_")
      .replace(/=+$/, "");
  const listed = (credentials) =>
    (credentials || []).map((each) => ({ ...each, id: bytes(each.id) }));

  async function create({ publicKey }) {
    const made = await navigator.credentials.create({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        user: { ...publicKey.user, id: bytes(publicKey.user.id) },
        excludeCredentials: listed(publicKey.excludeCredentials),
      },
    });
    return answer(made, {
      clientDataJSON: text(made.response.clientDataJSON),
      attestationObject: text(made.response.attestationObject),
      transports: made.response.getTransports ? made.response.getTransports() : [],
    });
  }

  async function get({ publicKey }) {
    const used = await navigator.credentials.get({
      publicKey: {
        ...publicKey,
        challenge: bytes(publicKey.challenge),
        allowCredentials: listed(publicKey.allowCredentials),
      },
    });
    const { userHandle } = used.response;
    return answer(used, {
      clientDataJSON: text(used.response.clientDataJSON),
      authenticatorData: text(used.response.authenticatorData),
      signature: text(used.response.signature),
      userHandle: userHandle && userHandle.byteLength ? text(userHandle) : null,
    });
  }

  function answer(credential, response) {
    return {
      id: credential.id,
      rawId: text(credential.rawId),
      type: credential.type,
      authenticatorAttachment: credential.authenticatorAttachment,
      clientExtensionResults: credential.getClientExtensionResults(),
      response,
    };
  }

  async function optionsOf(form) {
    if (form.dataset.options) return JSON.parse(form.dataset.options);
    const reply = await fetch(form.dataset.optionsUrl, {
      headers: { "X-Requested-With": "XMLHttpRequest" },
    });
    if (!reply.ok) throw new Error(`options: ${reply.status}`);
    return (await reply.json()).request_options;
  }

  function prepare(form) {
    form.querySelector("[data-passkey-missing]").hidden = true;
    form.querySelector("[data-passkey-button]").hidden = false;
    const status = form.querySelector("[data-passkey-status]");
    form.addEventListener("submit", async (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      status.textContent = "";
      try {
        const options = await optionsOf(form);
        const given = await (form.dataset.passkey === "create" ? create : get)(options);
        form.elements.credential.value = JSON.stringify(given);
      } catch (error) {
        console.info("passkey:", error);
        status.textContent = form.dataset.failed;
        return;
      }
      form.submit();
    });
  }

  function start() {
    if (!window.PublicKeyCredential) return;
    document.querySelectorAll("form[data-passkey]").forEach((form) => {
      if (form.dataset.prepared) return;
      form.dataset.prepared = "yes";
      prepare(form);
    });
  }

  start();
  document.addEventListener("htmx:load", start);
})();
