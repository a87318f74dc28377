// What this device knows of its judge's ballots: a page kept from before does not show it.
import { judge, lastOf, own, say, stored } from "./outbox.js";

const SETTLED = new Set(["done", "abstain", "recused"]);

/** Whether a ballot in a state leaves its judge nothing to do. */
export const isSettled = (state) => SETTLED.has(state);
/** Whether a ballot in a state is the judge's to fill in. */
export const isOurs = (state) => SETTLED.has(state) || state === "todo" || state === "part";

/** How far a ballot is, by the server's rules: only the criteria that count do. */
function progressOf(entry) {
  const { marks } = lastOf(entry);
  const counting = marks.filter(({ criterion }) => !entry.counts || entry.counts.includes(criterion));
  const told = counting.filter(({ mark, state }) => mark !== null || (state !== null && state !== "missing"));
  let state = told.some((one) => one.state === "recused") ? "recused" : "abstain";
  if (told.length < counting.length) state = told.length ? "part" : "todo";
  else if (told.some(({ mark }) => mark !== null)) state = "done";
  return { state, marked: told.length, wanted: counting.length };
}

/** By proposal of a round how far its ballot is; `at`: when it was stored, null while it waits. */
export async function known(round) {
  const found = new Map();
  for (const [key, entry] of await stored.entries()) {
    const [whose, where, proposal] = JSON.parse(key);
    if (whose === judge && where === round) found.set(proposal, { ...progressOf(entry), at: entry.at });
  }
  for (const [, entry] of await own()) {
    const { round: where, proposal } = lastOf(entry);
    if (where === round && !entry.problem) found.set(proposal, { ...progressOf(entry), at: null });
  }
  return found;
}

/** Whether that is later than what a page shows, which was stored `at` ("" for never). */
export const isNewer = (one, at) => one !== undefined && (one.at === null || one.at > at);

export const wordOf = ({ state, marked, wanted }) => say(`state_${state}`, { marked, wanted });
