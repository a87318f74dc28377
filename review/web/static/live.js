// Organiser pages: times in the reader's clock, the state of the live connection, polling where it fails.

// As the reader writes times where the page is in one of their languages: 16:15 or 4:15 pm.
const page = document.documentElement.lang;
const locale = navigator.languages.find((l) => l.split("-")[0] === page.split("-")[0]) ?? page;
const clock = new Intl.DateTimeFormat(locale, { hour: "2-digit", minute: "2-digit" });
const full = new Intl.DateTimeFormat(locale, { dateStyle: "medium", timeStyle: "short" });

// Server times are UTC; a page shows them as the organiser's own clock does.
function localTimes(root) {
  for (const element of root.querySelectorAll("time[datetime]:not([data-local])")) {
    const at = new Date(element.dateTime);
    if (Number.isNaN(at.valueOf())) continue;
    const today = at.toDateString() === new Date().toDateString();
    element.textContent = today && !("full" in element.dataset) ? clock.format(at) : full.format(at);
    element.title = full.format(at);
    element.dataset.local = "";
  }
}
localTimes(document);

// A local time that was typed becomes an instant.
for (const form of document.querySelectorAll("form:has(input[type='datetime-local'])")) {
  form.addEventListener("submit", () => {
    for (const input of form.querySelectorAll("input[type='datetime-local']")) {
      const target = form.elements[input.dataset.instant];
      if (target) target.value = input.value ? new Date(input.value).toISOString() : "";
    }
  });
}

for (const button of document.querySelectorAll("[data-print]")) {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
}

for (const button of document.querySelectorAll("[data-copy]")) {
  button.hidden = !navigator.clipboard;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent.trim());
    button.textContent = button.dataset.done;
  });
}

// Filter the rows of a table as one types.
for (const input of document.querySelectorAll("[data-filters]")) {
  const apply = () => {
    const word = input.value.trim().toLocaleLowerCase();
    for (const row of document.querySelectorAll(`#${input.dataset.filters} > tr`)) {
      row.hidden = word !== "" && !row.textContent.toLocaleLowerCase().includes(word);
    }
  };
  input.addEventListener("input", apply);
  document.addEventListener("htmx:after:swap", apply);
}

const source = document.getElementById("live");
if (source) {
  const line = document.getElementById("live-line");
  const POLL = 10_000; // milliseconds between polls where streaming does not work
  const SILENT = 40_000; // a stream without a sign of life for so long is dead
  let heard = 0;
  let state = "";

  const show = (next) => {
    if (next === state) return;
    state = next;
    line.dataset.live = next;
    line.textContent = line.dataset[next];
  };
  const alive = () => {
    heard = Date.now();
    show("on");
  };
  source.addEventListener("htmx:sse:after:connection", (event) => {
    if (event.detail.connection.status === 200) alive();
    else if (event.detail.connection.status === 401 || event.detail.connection.status === 403) location.reload();
  });
  source.addEventListener("beat", alive);
  source.addEventListener("reload", () => location.reload());
  source.addEventListener("htmx:sse:after:message", () => {
    alive();
    localTimes(document);
  });

  const poll = async () => {
    try {
      const answer = await fetch(`${source.dataset.poll}&mark=${encodeURIComponent(source.dataset.mark)}`, { credentials: "same-origin" });
      if (answer.status === 205 || answer.redirected) return location.reload();
      if (!answer.ok) throw new Error(answer.statusText);
      const text = await answer.text();
      source.dataset.mark = answer.headers.get("X-Mark");
      if (text.trim()) await htmx.swap({ sourceElement: source, target: source, text, swap: "none", request: {}, response: {}, push: null, replace: null });
      localTimes(document);
      show("poll");
    } catch {
      show("off");
    }
  };
  setInterval(() => {
    if (document.hidden || Date.now() - heard < SILENT) return;
    poll();
  }, POLL);
  setTimeout(() => { if (!heard) poll(); }, 3_000);
}
