// The list: what this device knows and the page does not is laid over it, and its pages are fetched
// in advance.
import { isNewer, isOurs, isSettled, known, wordOf } from "./known.js";
import { count, hour, lastOf, say } from "./outbox.js";

const list = document.getElementById("list");
const { round } = list.dataset;
const rows = [...list.querySelectorAll("[data-proposal]")];
const badgeOf = (row) => row.querySelector(".badge");
const timeOf = (row) => row.querySelector(".at");
const served = new Map(rows.map((row) => [row, { state: row.dataset.state, word: badgeOf(row).textContent, time: timeOf(row).textContent }]));

let fresh = false; // something was stored that the list does not show yet
let turn = 0;

/** Each ballot as far as it is known here, and what follows from that. */
async function overlay() {
  const mine = ++turn;
  const found = await known(round);
  if (mine !== turn) return; // a later look is under way
  for (const row of rows) {
    const before = served.get(row);
    const one = found.get(row.dataset.proposal);
    const newer = isOurs(before.state) && isNewer(one, row.dataset.at);
    row.dataset.state = newer ? one.state : before.state;
    badgeOf(row).textContent = newer ? wordOf(one) : before.word;
    badgeOf(row).className = `badge ${row.dataset.state}`;
    timeOf(row).textContent = newer && one.at ? hour(one.at) : before.time;
  }
  const open = rows.filter(({ dataset }) => isOurs(dataset.state) && !isSettled(dataset.state));
  const settled = rows.filter(({ dataset }) => isSettled(dataset.state)).length;
  tally(settled, settled + open.length);
  const sorted = list.dataset.order === "open" ? [...open, ...rows.filter((row) => !open.includes(row))] : rows;
  const place = list.querySelector("ol.items");
  if (sorted.some((row, index) => place.children[index] !== row)) place.replaceChildren(...sorted);
  lead(open[0]);
}

function tally(done, all) {
  const bar = list.querySelector("progress");
  if (!bar) return; // nothing to mark
  const words = say("done_of", { done, all });
  list.querySelector(".progress strong").textContent = words;
  bar.value = done;
  bar.max = all || 1;
  bar.setAttribute("aria-label", words);
}

/** To what comes next, or say that nothing does. */
function lead(row) {
  const link = document.getElementById("next");
  if (!link) return; // the round is not open
  link.parentElement.hidden = !row;
  document.getElementById("all-done").hidden = Boolean(row);
  if (!row) return;
  link.href = row.querySelector("a").href;
  link.querySelector("strong").textContent = [row.dataset.number, row.querySelector("strong").textContent].filter(Boolean).join(" · ");
}

document.addEventListener("review:waiting", ({ detail }) => {
  if (fresh && detail.every((entry) => entry.problem)) {
    location.reload();
    return;
  }
  const waiting = new Map(detail.filter((entry) => lastOf(entry).round === round).map((entry) => [lastOf(entry).proposal, entry]));
  for (const row of rows) {
    const entry = waiting.get(row.dataset.proposal);
    const line = row.querySelector(".unsent");
    line.hidden = !entry;
    line.textContent = !entry ? "" : entry.problem ? count("undecided", 1) : say("waits");
  }
  overlay();
});

document.addEventListener("review:outbox", ({ detail }) => {
  if (detail.kind === "stored" && detail.round === round) fresh = true;
});

document.addEventListener("review:state", ({ detail }) => {
  const now = detail.rounds.find((one) => one.round === round);
  if (now && now.state !== list.dataset.state) location.reload();
});

window.addEventListener("pageshow", overlay);

/** This list, the forms that are open, then whatever else a judge may want to look at. */
const forms = [...rows].sort((a, b) => isSettled(a.dataset.state) - isSettled(b.dataset.state)).map((row) => row.querySelector("a").href);
const addresses = [location.href, "/judge", ...forms, ...[...list.querySelectorAll(".progress a")].map(({ href }) => href)];
if ("serviceWorker" in navigator) navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ ahead: addresses }));
