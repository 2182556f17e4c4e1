// Says in a sentence why a passkey did not work. allauth's own script only writes to the console.
document.addEventListener("allauth.error", (event) => {
  const line = document.getElementById("passkey-status");
  if (!line) return;
  event.preventDefault();
  const name = event.detail.exception && event.detail.exception.name;
  const sentences = {
    NotAllowedError: "Nothing was done: the question was closed, took too long, or no key fits. Try again, or choose another way.",
    InvalidStateError: "This key is already on your account.",
    SecurityError: "Passkeys do not work at this address. Open the site under its usual name, or choose another way.",
    NotSupportedError: "This browser or key cannot do what is needed. Choose another way.",
  };
  line.textContent = sentences[name] || "The key could not be used. Try again, or choose another way.";
});
