// The list: what waits on this device is marked so, and its pages are fetched in advance.
import { count, lastOf, say } from "./outbox.js";

const list = document.getElementById("list");
const { round } = list.dataset;
const rows = [...list.querySelectorAll("[data-proposal]")];

let fresh = false; // something was stored that the list does not show yet

document.addEventListener("review:waiting", ({ detail }) => {
  if (fresh && detail.every((entry) => entry.problem)) location.reload();
  const waiting = new Map(detail.filter((entry) => lastOf(entry).round === round).map((entry) => [lastOf(entry).proposal, entry]));
  for (const row of rows) {
    const entry = waiting.get(row.dataset.proposal);
    let badge = row.querySelector(".badge.waiting");
    if (entry && !badge) {
      badge = Object.assign(document.createElement("span"), { className: "badge waiting" });
      row.querySelector(".how").prepend(badge);
    }
    if (entry) badge.textContent = entry.problem ? count("undecided", 1) : say("waits");
    else badge?.remove();
  }
});

document.addEventListener("review:outbox", ({ detail }) => {
  if (detail.kind === "stored" && detail.round === round) fresh = true;
});

document.addEventListener("review:state", ({ detail }) => {
  const now = detail.rounds.find((one) => one.round === round);
  if (now && now.state !== list.dataset.state) location.reload();
});

const addresses = rows.filter((row) => ["todo", "part"].includes(row.dataset.state)).map((row) => row.querySelector("a").href);
if ("serviceWorker" in navigator) navigator.serviceWorker.ready.then(({ active }) => active.postMessage({ ahead: addresses }));
