// Sends a chosen or dropped file with its progress and a way to stop it. The form works by itself
// without this file; the server's answer is the same page either way.
//
//   <form method="post" enctype="multipart/form-data" data-upload
//         data-upload-target="#files" data-max-bytes="20971520">
//
// `data-upload-target` names the part of the answer that takes the place of the same part here;
// without it the whole main part changes.
const MEGABYTE = 1024 * 1024;

const size = (bytes) =>
  bytes < MEGABYTE ? `${Math.max(1, Math.round(bytes / 1024))} kB` : `${(bytes / MEGABYTE).toFixed(1)} MB`;

export function start(form) {
  const input = form.querySelector('input[type="file"]');
  if (!input || "uploading" in form.dataset) return;
  form.dataset.uploading = "";
  const zone = form.querySelector(".drop-zone") || form;
  const limit = Number(form.dataset.maxBytes || Infinity);
  const isManual = form.dataset.upload === "manual";
  let request = null;

  const row = document.createElement("div");
  row.className = "progress-row";
  row.hidden = true;
  row.innerHTML =
    '<span class="progress-label"></span><progress value="0" max="100"></progress>' +
    '<span class="progress-told num"></span>' +
    '<button class="btn btn-link btn-sm" type="button">Cancel</button>';
  const [label, bar, told, cancel] = row.children;
  const problem = document.createElement("p");
  problem.className = "upload-error";
  problem.setAttribute("role", "alert");
  problem.hidden = true;
  zone.after(row, problem);

  function fail(sentence) {
    row.hidden = true;
    problem.textContent = sentence;
    problem.hidden = false;
    for (const button of form.querySelectorAll('[type="submit"]')) button.disabled = false;
  }

  function refuse() {
    for (const file of input.files) {
      if (file.size === 0) return `“${file.name}” is empty (0 bytes). Choose the file once more.`;
      if (file.size > limit) {
        return `“${file.name}” has ${size(file.size)}; the limit is ${size(limit)}. Choose a smaller file.`;
      }
    }
    return "";
  }

  function send() {
    if (request || !input.files.length) return;
    const sentence = refuse();
    if (sentence) {
      fail(sentence);
      return;
    }
    const names = [...input.files].map((file) => file.name).join(", ");
    const content = new FormData(form);
    problem.hidden = true;
    row.hidden = false;
    label.textContent = names;
    bar.setAttribute("aria-label", `Uploading ${names}`);
    bar.value = 0;
    told.textContent = "0 %";
    cancel.hidden = false;

    request = new XMLHttpRequest();
    request.open("POST", form.getAttribute("action") || location.href);
    request.setRequestHeader("X-Requested-With", "upload");
    request.upload.addEventListener("progress", (event) => {
      if (!event.lengthComputable) return;
      const share = Math.floor((100 * event.loaded) / event.total);
      bar.value = share;
      told.textContent = `${share} % · ${size(event.loaded)} of ${size(event.total)}`;
    });
    request.upload.addEventListener("load", () => {
      // From here the server reads the file; nothing is left to measure.
      bar.removeAttribute("value");
      told.textContent = "The file is here; it is being checked…";
    });
    request.addEventListener("load", () => {
      const answer = request;
      request = null;
      take(answer);
    });
    request.addEventListener("error", () => {
      request = null;
      fail(
        `The connection broke at ${bar.value} %. Nothing is lost: your file is still chosen. ` +
          "Choose it again or press the button to send it once more.",
      );
    });
    request.addEventListener("abort", () => {
      request = null;
      input.value = "";
      fail("You stopped the upload. No file was stored.");
    });
    request.send(content);
  }

  function take(answer) {
    const type = answer.getResponseHeader("Content-Type") || "";
    if (type.includes("json")) {
      let detail = "";
      try {
        detail = JSON.parse(answer.responseText).detail;
      } catch {
        // An answer that cannot be read is told by the general sentence below.
      }
      fail(detail || `The file was not stored (answer ${answer.status}). Try again.`);
      return;
    }
    const page = new DOMParser().parseFromString(answer.responseText, "text/html");
    const target = form.dataset.uploadTarget || "#main";
    const fresh = page.querySelector(target);
    if (!fresh || (answer.status >= 400 && page.querySelector(".last-resort"))) {
      const sentence = page.querySelector("main p")?.textContent.trim();
      fail(sentence || `The file was not stored (answer ${answer.status}). Try again.`);
      return;
    }
    show(page, target, fresh, answer.responseURL);
  }

  function show(page, target, fresh, address) {
    const place = document.querySelector(target);
    if (address && target === "#main") history.replaceState(null, "", address);
    place.replaceWith(fresh);
    const spoken = page.querySelector("[data-messages]");
    const messages = document.querySelector("[data-messages]");
    if (target !== "#main" && spoken && messages) messages.replaceChildren(...spoken.childNodes);
    fresh.dispatchEvent(new CustomEvent("page:changed", { bubbles: true }));
    const next = fresh.querySelector(".form-errors, [data-focus], input[type=file], a, button");
    next?.focus({ preventScroll: true });
  }

  input.addEventListener("change", () => !isManual && send());
  form.addEventListener("submit", (event) => {
    if (!input.files.length) return;
    event.preventDefault();
    send();
  });
  cancel.addEventListener("click", () => request?.abort());

  for (const name of ["dragenter", "dragover"]) {
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.classList.add("is-over");
    });
  }
  for (const name of ["dragleave", "drop"]) {
    zone.addEventListener(name, () => zone.classList.remove("is-over"));
  }
  zone.addEventListener("drop", (event) => {
    event.preventDefault();
    const files = event.dataTransfer.files;
    if (!files.length || request) return;
    if (files.length > 1 && !input.multiple) {
      fail(`You dropped ${files.length} files; here goes one. Drop them one by one.`);
      return;
    }
    input.files = files;
    if (!isManual) send();
  });
}
