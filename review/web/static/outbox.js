// Marks leave a device through here and nowhere else. A ballot is written down before anything is
// said about it, is sent until the server says that it has it, and is dropped only then, or when
// its judge decides so.
import { createStore, entries as allOf, get } from "./vendor/idb-keyval.js";

const FIRST_WAIT = 1_000; // milliseconds until a failed sending is tried again; doubles …
const LONGEST_WAIT = 15_000; // … up to this
const PATIENCE = 15_000; // an answer that takes longer will not come
const LEASE = 20_000; // how long one tab may be the one that sends, where there are no locks
const POLL = 20_000;

const meta = (name) => document.querySelector(`meta[name="${name}"]`);
const part = (id) => document.getElementById(id);
const texts = JSON.parse(part("i18n").textContent);
const language = document.documentElement.lang;
const clock = new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
const figure = new Intl.NumberFormat(language);

export const judge = meta("judge").content;
let csrf = meta("csrf").content;

/** A text in the language of the page, its places filled in. */
export const say = (key, values = {}) => texts[key].replace(/\{(\w+)\}/g, (_, name) => values[name]);
/** The text for so many things. */
export const count = (key, number) => say(`${key}_${number === 1 ? "one" : "many"}`, { count: figure.format(number) });
/** An instant of the server as the clock on the wall; the clock of this device is never asked. */
export const hour = (instant) => clock.format(new Date(instant));

export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16)); // randomUUID is for secure contexts only
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}

// ---- what is kept on the device ----

/** A store of IndexedDB; of this page's memory where the browser keeps none. */
class Shelf {
  constructor(name) {
    this.store = createStore(`review-${name}`, name);
    this.memory = null;
  }

  async reach(inDatabase, inMemory) {
    if (this.memory === null) {
      try {
        return await inDatabase();
      } catch {
        // Safari closes databases under a page: once more, then do without.
      }
      try {
        return await inDatabase();
      } catch {
        this.memory = new Map();
        document.documentElement.dataset.forgetful = "";
      }
    }
    return inMemory();
  }

  get(key) {
    return this.reach(() => get(key, this.store), () => this.memory.get(key));
  }

  entries() {
    return this.reach(() => allOf(this.store), () => [...this.memory.entries()]);
  }

  /** Replace a value by what `alter` makes of it, at once; by nothing where that is undefined. */
  change(key, alter) {
    const inDatabase = () => this.store("readwrite", (table) => new Promise((resolve, reject) => {
      let after;
      const asked = table.get(key);
      asked.onsuccess = () => {
        after = alter(asked.result);
        if (after === undefined) table.delete(key);
        else table.put(after, key);
      };
      table.transaction.oncomplete = () => resolve(after);
      table.transaction.onabort = table.transaction.onerror = () => reject(table.transaction.error);
    }));
    return this.reach(inDatabase, () => {
      const after = alter(this.memory.get(key));
      if (after === undefined) this.memory.delete(key);
      else this.memory.set(key, after);
      return after;
    });
  }
}

const ballots = new Shelf("outbox");
const notes = new Shelf("notes");
export const drafts = new Shelf("drafts");
/** What the server had last of each ballot, for pages that are shown without a connection. */
export const stored = new Shelf("stored");

/** Under which a ballot or a draft of this judge is kept. */
export const keyOf = (round, proposal) => JSON.stringify([judge, round, proposal]);
/** The ballot that waits for a proposal, if one does. */
export const waitingFor = (round, proposal) => ballots.get(keyOf(round, proposal));
/** What is to be shown of a waiting ballot: what was saved last. */
export const lastOf = (entry) => (entry.next || entry.head).body;

/**
 * Keep a ballot until the server has it; what is shown of it meanwhile: the proposal's `title`, the
 * round as its `place`, the criteria by id as `labels`, those that count as `counts`. What was never
 * sent gives way to it; what was sent may have arrived, so it goes first, under its own operation,
 * and this one after it.
 */
export async function save(body, about) {
  const fresh = { op: uuid(), body };
  await ballots.change(keyOf(body.round, body.proposal), (old) => {
    if (old && old.head.tried && !old.problem) return { ...old, ...about, next: fresh };
    return { judge, ...about, head: { ...fresh, tried: false }, next: null, problem: null };
  });
  await show();
  hurry();
}

// ---- sending ----

let connection = "ok"; // ok | offline | signed_out | other
/** Whether the last that was asked of the server was in vain. */
export const isOffline = () => connection === "offline";
let wait = FIRST_WAIT;
let timer = null;
let draining = false;
const tab = uuid();
const neighbours = "BroadcastChannel" in window ? new BroadcastChannel("review-outbox") : null;

/** Try at once, whatever was waited for. */
function hurry() {
  wait = FIRST_WAIT;
  drain();
}

function later(least = 0) {
  clearTimeout(timer);
  timer = setTimeout(drain, Math.max(least, wait * (0.75 + Math.random() / 2)));
  wait = Math.min(wait * 2, LONGEST_WAIT);
}

async function drain() {
  if (draining || !judge) return;
  draining = true;
  clearTimeout(timer);
  try {
    const pause = await alone(sendAll);
    if (pause !== null) later(pause);
  } finally {
    draining = false;
    await show();
  }
}

/** Do something that only one tab may do; another tab at it gives 0: look again soon. */
async function alone(work) {
  if (navigator.locks) return navigator.locks.request("review-outbox", { ifAvailable: true }, (lock) => (lock ? work() : 0));
  const mine = await lease(Date.now() + LEASE);
  if (!mine) return 0;
  try {
    return await work();
  } finally {
    await lease(0);
  }
}

async function lease(until) {
  const held = await notes.change("lease", (old) => (old && old.tab !== tab && old.until > Date.now() ? old : { tab, until }));
  return held.tab === tab;
}

/** Send what waits. Gives null where nothing does any more, else milliseconds to wait at least. */
async function sendAll() {
  for (;;) {
    const found = (await own()).filter(([, entry]) => !entry.problem);
    if (!found.length) return null;
    for (const [key] of found) {
      if (!navigator.locks) await lease(Date.now() + LEASE);
      const pause = await send(key);
      await show();
      if (pause !== null) return pause;
    }
  }
}

/** The ballots of this judge that wait, oldest first. */
export async function own() {
  const all = await ballots.entries();
  return all.filter(([, entry]) => entry.judge === judge).sort(([, a], [, b]) => (a.head.body.client_time < b.head.body.client_time ? -1 : 1));
}

async function send(key) {
  const entry = await ballots.change(key, (old) => old && { ...old, head: { ...old.head, tried: true } });
  if (!entry || entry.problem) return null;
  const { op, body } = entry.head;
  const { status, answer, after } = await ask("/api/ballots", "POST", { op, ...body });
  if (status === 200 && answer.op === op) {
    connection = "ok";
    wait = FIRST_WAIT;
    await settle(key, op, answer);
    return null;
  }
  if (status === 401) connection = "signed_out";
  else if (status === 403 && answer.code === "forbidden") return await checkWho(key, op, answer);
  else if (isRefusal(status, answer)) {
    connection = "ok";
    await refuse(key, op, { status, ...answer });
    return null;
  } else connection = "offline";
  return after;
}

/** Whether the application itself said no. A proxy or the page of a Wi-Fi says it without a code. */
const isRefusal = (status, answer) => status >= 400 && status < 500 && ![401, 408, 425, 429].includes(status) && typeof answer.code === "string";

/** A request whose failure is an answer, too: status 0. */
async function ask(url, method, body) {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(url, {
      method,
      body: body && JSON.stringify(body),
      headers: { "X-CSRF-Token": csrf, ...(body && { "Content-Type": "application/json" }) },
      credentials: "same-origin",
      cache: "no-store",
      redirect: "error",
      signal: stop.signal,
    });
    const answer = await response.json().catch(() => null);
    return { status: answer === null ? 0 : response.status, answer: answer || {}, after: 1000 * (Number(response.headers.get("Retry-After")) || 0) };
  } catch {
    return { status: 0, answer: {}, after: 0 };
  } finally {
    clearTimeout(patience);
  }
}

async function settle(key, op, answer) {
  let sent = null;
  const left = await ballots.change(key, (old) => {
    if (!old || old.head.op !== op) return old;
    sent = { ...old, next: null, revisions: answer.revisions, at: answer.stored_at };
    return old.next ? { ...old, head: rebased(old.next, answer.revisions), next: null } : undefined;
  });
  if (sent) await stored.change(key, () => sent);
  await notes.change(judge, () => ({ stored: answer.stored_at }));
  acked += 1;
  const [, round, proposal] = JSON.parse(key);
  announce({ kind: "stored", round, proposal, at: answer.stored_at, revisions: answer.revisions, more: Boolean(left) });
}

/** A ballot on top of what was stored meanwhile. */
function rebased({ op, body }, revisions) {
  const base = Object.fromEntries(revisions.map(({ criterion, revision }) => [criterion, revision]));
  const marks = body.marks.map((mark) => ({ ...mark, base: base[mark.criterion] ?? mark.base }));
  return { op, body: { ...body, marks }, tried: false };
}

async function refuse(key, op, problem) {
  await ballots.change(key, (old) => {
    if (!old || old.head.op !== op) return old;
    const head = old.next ? { ...old.next, tried: false } : old.head; // nothing of it is stored
    return { ...old, head, next: null, problem };
  });
  const [, round, proposal] = JSON.parse(key);
  announce({ kind: "refused", round, proposal });
}

/** Somebody signed in anew, in another tab: the same judge goes on, another judge's marks wait. */
async function checkWho(key, op, answer) {
  const before = csrf;
  await poll();
  if (connection === "ok" && csrf === before) await refuse(key, op, { status: 403, ...answer });
  return connection === "ok" ? null : 0;
}

// ---- what the server tells by itself ----

let state = null;
/** What /api/state said last: the rounds and where they stand. */
export const stateOf = (round) => state?.rounds.find((one) => one.round === round);

export async function poll() {
  const { status, answer } = await ask("/api/state", "GET");
  if (status === 401) connection = "signed_out";
  if (status === 0 || status >= 500) connection = "offline";
  if (status !== 200 || !Array.isArray(answer.rounds)) return;
  if (answer.person !== judge) {
    connection = "other";
    return;
  }
  csrf = answer.csrf;
  meta("csrf").content = csrf;
  for (const input of document.querySelectorAll('input[name="csrf"]')) input.value = csrf;
  if (connection !== "ok") {
    connection = "ok";
    hurry();
  }
  state = answer;
  document.dispatchEvent(new CustomEvent("review:state", { detail: answer }));
}

/** Keep a draft with the server, too; whether it has it. */
export async function keepDraft(draft) {
  const { status } = await ask("/api/drafts", "PUT", draft);
  return status === 200;
}

function announce(news) {
  document.dispatchEvent(new CustomEvent("review:outbox", { detail: news }));
  if (neighbours) neighbours.postMessage({ judge, ...news });
}

// ---- what the judge sees ----

let acked = 0;
let turn = 0;
let held = false; // on this page, since another could not be shown

async function show() {
  const mine = ++turn;
  const all = await ballots.entries();
  const list = await own();
  const last = judge ? await notes.get(judge) : null;
  if (mine !== turn) return; // a later look is under way
  const undecided = list.filter(([, entry]) => entry.problem).length;
  const waiting = list.length - undecided;
  const others = all.length - list.length;
  const box = part("outbox");
  Object.assign(box.dataset, { waiting, undecided, acked, others, connection, state: stateNow(waiting, undecided, last) });
  const words = [];
  if (connection === "other") words.push(say("other_signed_in"));
  if (undecided) words.push(count("undecided", undecided));
  if (waiting) words.push(count(connection === "ok" ? "waiting" : connection === "signed_out" ? "signed_out" : "offline", waiting));
  if (connection !== "offline") held = false;
  if (held) words.push(say("stay"));
  else if (!words.length && connection === "offline") words.push(say("no_connection"));
  if (!words.length && last) words.push(say("stored", { time: hour(last.stored) }));
  if ("forgetful" in document.documentElement.dataset) words.push(say("no_storage"));
  if (!judge && others) words.push(count("kept", others));
  tell(words.join(" · "), connection === "signed_out" && list.length > 0, connection === "other");
  part("unsent-toggle").hidden = !list.length && !(judge && others);
  if (part("unsent-toggle").hidden) fold(true);
  if (judge) drawList(list, others);
  document.dispatchEvent(new CustomEvent("review:waiting", { detail: list.map(([, entry]) => entry) }));
}

/** In one word, for the look of the line. */
function stateNow(waiting, undecided, last) {
  if (connection === "other" || connection === "offline") return connection;
  if (undecided) return "undecided";
  if (waiting) return connection === "ok" ? "waiting" : connection;
  return last ? "stored" : "idle";
}

/** The status line; it is read aloud when it changes, so it is left alone while it does not. */
function tell(words, signIn, reload) {
  const line = part("status");
  if (line.dataset.words === words + signIn + reload) return;
  line.dataset.words = words + signIn + reload;
  line.textContent = words;
  if (signIn) line.append(" ", link("/join", say("sign_in")));
  if (reload) line.append(" ", link(location.href, say("reload")));
}

function link(href, text) {
  const made = document.createElement("a");
  made.href = href;
  made.textContent = text;
  return made;
}

function element(name, text, css) {
  const made = document.createElement(name);
  made.textContent = text;
  if (css) made.className = css;
  return made;
}

function drawList(list, others) {
  const place = part("unsent-list");
  const drawn = JSON.stringify([list, state]);
  if (place.dataset.drawn !== drawn) {
    place.dataset.drawn = drawn;
    place.replaceChildren(...list.map(([key, entry]) => drawEntry(key, entry)));
  }
  part("unsent-others").hidden = !others;
  part("unsent-others").textContent = others ? count("others", others) : "";
  const again = list.filter(([, entry]) => isSendable(entry));
  part("unsent-again").hidden = again.length < 2;
  part("unsent-again").textContent = count("send_all", again.length);
  if (list.some(([, { problem }]) => problem) && !("seen" in part("unsent").dataset)) {
    part("unsent").dataset.seen = ""; // opened for the judge once; whoever folds it keeps it folded
    fold(false);
  }
}

function drawEntry(key, entry) {
  const row = document.createElement("li");
  const { problem } = entry;
  row.append(element("strong", entry.title), " ", element("small", entry.place));
  if (!problem) {
    row.append(" ", element("span", say("waits"), "quiet"));
    return row;
  }
  row.dataset.problem = problem.code;
  row.append(element("p", explain(entry)));
  if (problem.code === "stale") row.append(compare(entry));
  const buttons = element("p", "", "row");
  const { round, proposal } = lastOf(entry);
  const form = link(`/judge/score?${new URLSearchParams({ round, proposal })}`, say("to_form"));
  form.setAttribute("role", "button");
  form.className = "secondary";
  const add = (text, act, css) => {
    const button = element("button", text, css);
    button.type = "button";
    button.addEventListener("click", act);
    buttons.append(button);
    return button;
  };
  if (problem.code === "stale") {
    add(say("keep_mine"), () => resend([key]));
    add(say("take_stored"), () => drop(key, entry, "take_ask"), "secondary");
  } else {
    if (problem.code === "round_not_open") add(say("send_again"), () => resend([key])).disabled = !isSendable(entry);
    if (problem.code === "judge_withdrawn") add(say("send_again"), () => resend([key]));
    if (problem.code === "rubric_changed" || problem.code === "invalid_marks") buttons.append(form);
    add(say("drop"), () => drop(key, entry, "drop_ask"), "secondary");
  }
  row.append(buttons);
  return row;
}

/** Whether a ballot that came when its round was not open would be taken now. */
const isSendable = (entry) => entry.problem?.code === "round_not_open" && stateOf(lastOf(entry).round)?.state === "open";

function explain(entry) {
  const { code, message } = entry.problem;
  if (isSendable(entry)) return say("round_open_again");
  if (["round_not_open", "stale", "rubric_changed"].includes(code)) return say(code);
  return say("refused", { message: message || code });
}

const shown = ({ mark, state: how }) => mark ?? say(how || "none");

/** Mine beside what is stored, where they differ. */
function compare(entry) {
  const { current = [], comment } = entry.problem.details || {};
  const stored = new Map(current.map((cell) => [cell.criterion, cell]));
  const rows = lastOf(entry).marks.map((mark) => [entry.labels[mark.criterion], shown(mark), shown(stored.get(mark.criterion) || {})]);
  if (lastOf(entry).comment !== null) rows.push([say("comment"), lastOf(entry).comment || "–", comment || "–"]);
  const table = document.createElement("table");
  const cells = (kind, values) => {
    const row = document.createElement("tr");
    row.append(...values.map((value) => element(kind, value)));
    return row;
  };
  table.append(cells("th", ["", say("mine"), say("theirs")]), ...rows.filter(([, a, b]) => a !== b).map((row) => cells("td", row)));
  return table;
}

/** Send refused ballots once more, as new operations on top of what is stored now. */
async function resend(keys) {
  for (const key of keys) await ballots.change(key, (old) => {
    if (!old || !old.problem) return old;
    const head = rebased({ op: uuid(), body: lastOf(old) }, old.problem.details?.current || []);
    return { ...old, head, next: null, problem: null };
  });
  await show();
  hurry();
}

const resendAll = async () => resend((await own()).filter(([, entry]) => isSendable(entry)).map(([key]) => key));

function tryNow() {
  hurry();
  poll().then(show);
}

async function drop(key, entry, question) {
  if (!(await confirmed(say(question, { title: entry.title })))) return;
  await ballots.change(key, () => undefined);
  await drafts.change(key, () => undefined);
  await show();
  const { round, proposal } = lastOf(entry);
  announce({ kind: "dropped", round, proposal });
}

/** Ask a question that is answered with yes or no, or tell something to which there is one answer. */
function confirmed(question, yesText = say("yes"), noText = say("no")) {
  const dialog = part("ask");
  if (!dialog.showModal) return Promise.resolve(noText ? window.confirm(question) : window.alert(question));
  part("ask-text").textContent = question;
  const [no, yes] = ["no", "yes"].map((answer) => dialog.querySelector(`[data-answer="${answer}"]`));
  no.textContent = noText;
  no.hidden = !noText;
  yes.textContent = yesText;
  return new Promise((resolve) => {
    const finish = (answer) => {
      dialog.close();
      resolve(answer);
    };
    no.onclick = () => finish(false);
    yes.onclick = () => finish(true);
    dialog.oncancel = () => resolve(false);
    dialog.showModal();
  });
}

function fold(folded) {
  part("unsent").hidden = folded;
  part("outbox").classList.toggle("unfolded", !folded);
  part("unsent-toggle").setAttribute("aria-expanded", String(!folded));
  part("unsent-toggle").textContent = say(folded ? "show" : "hide");
}

/** The last resort: what is unsent as text that can be sent by any other way. */
async function asText() {
  const list = await own();
  const blocks = list.map(([, entry]) => {
    const { round, proposal, marks, comment } = lastOf(entry);
    const lines = marks.map((mark) => `  ${entry.labels[mark.criterion]} [${mark.criterion}]: ${shown(mark)}`);
    if (comment) lines.push(`  ${say("comment")}: ${comment}`);
    return [`${entry.place}: ${entry.title} [${round} / ${proposal}]`, ...lines].join("\n");
  });
  return [say("my_ballots"), ...blocks].join("\n\n");
}

async function copy(event) {
  const area = part("unsent-text");
  area.value = await asText();
  area.hidden = false;
  area.select();
  try {
    if (navigator.clipboard) await navigator.clipboard.writeText(area.value);
    else document.execCommand("copy"); // all there is without https
    event.target.textContent = say("copied");
  } catch {
    area.focus(); // it is selected: the judge can copy it
  }
}

async function download() {
  const made = link(URL.createObjectURL(new Blob([await asText()], { type: "text/plain" })), "");
  made.download = "marks.txt";
  document.body.append(made);
  made.click();
  made.remove();
}

/** Nothing of a judge stays readable on a tablet that is handed on; what is unsent stays kept. */
async function forget() {
  navigator.serviceWorker?.controller?.postMessage({ forget: true });
  if ("caches" in window) await caches.delete("judge-pages");
  for (const [key, draft] of await drafts.entries()) if (draft.kept) await drafts.change(key, () => undefined);
  for (const [key] of await stored.entries()) await stored.change(key, () => undefined);
}

/**
 * Only the server can end a session, so without it nobody is signed out, and the judge is told so:
 * the next one at a shared tablet would go on with this one's session.
 */
async function signOut(event) {
  event.preventDefault();
  const button = event.target.querySelector("button");
  const left = (await own()).length;
  if (left && !(await confirmed(count("leave", left), say("leave_yes"), say("leave_no")))) return;
  button.disabled = true;
  const done = await endSession(event.target);
  button.disabled = false;
  if (!done) {
    await confirmed(say("leave_not"), say("understood"), "");
    return;
  }
  await forget();
  location.assign("/join");
}

/** Whether the server has ended the session: its own page of signing in is the answer to that. */
async function endSession(form) {
  const stop = new AbortController();
  const patience = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const response = await fetch(form.action, {
      method: "POST",
      body: new URLSearchParams(new FormData(form)),
      credentials: "same-origin",
      cache: "no-store",
      signal: stop.signal,
    });
    return response.status === 401 || (response.ok && response.redirected && new URL(response.url).pathname === new URL("/join", location.href).pathname);
  } catch {
    return false;
  } finally {
    clearTimeout(patience);
  }
}

/** Whether a page can be gone to now: without a connection the worker must have it. */
export async function canReach(address) {
  if (!navigator.onLine) await poll();
  if (!isOffline()) return true;
  const worker = navigator.serviceWorker?.controller; // none over plain http
  if (!worker) return false;
  const { port1, port2 } = new MessageChannel();
  return new Promise((resolve) => {
    port1.onmessage = ({ data }) => resolve(data);
    setTimeout(() => resolve(false), FIRST_WAIT);
    worker.postMessage({ kept: new URL(address, location.href).href }, [port2]);
  });
}

/** Say that a page cannot be shown now, and look whether it can. */
export async function stay() {
  held = true;
  await show();
  poll().then(show);
}

/** Keep a judge from walking into a page that cannot be shown. */
async function guardLinks(event) {
  const target = event.target.closest("a[href]");
  if (!target || target.target || target.download || event.ctrlKey || event.metaKey || event.shiftKey) return;
  if (navigator.onLine && !isOffline()) return;
  event.preventDefault();
  if (await canReach(target.href)) location.assign(target.href);
  else await stay();
}

function localTimes() {
  for (const time of document.querySelectorAll("time[datetime]")) time.textContent = hour(time.dateTime);
}

async function start() {
  localTimes();
  document.addEventListener("click", guardLinks);
  part("unsent-toggle").addEventListener("click", () => {
    fold(!part("unsent").hidden);
    if (!part("unsent").hidden) part("outbox").scrollIntoView({ block: "start" });
  });
  part("unsent-now").addEventListener("click", tryNow);
  part("unsent-again").addEventListener("click", resendAll);
  part("unsent-copy").addEventListener("click", copy);
  part("unsent-save").addEventListener("click", download);
  part("sign-out")?.addEventListener("submit", signOut);
  const last = await notes.get("judge");
  if (judge && last && last !== judge) await forget();
  if (judge) await notes.change("judge", () => judge);
  await show();
  if (!judge) return;
  if ("serviceWorker" in navigator) navigator.serviceWorker.register("/sw.js").catch(() => {});
  if (neighbours) neighbours.addEventListener("message", ({ data }) => {
    show();
    if (data.judge === judge) document.dispatchEvent(new CustomEvent("review:outbox", { detail: data }));
  });
  const awake = () => {
    if (document.hidden) return;
    hurry();
    poll().then(show);
  };
  for (const [target, event] of [[window, "online"], [window, "pageshow"], [document, "visibilitychange"]]) target.addEventListener(event, awake);
  setInterval(() => document.hidden || poll().then(show), POLL);
  awake();
}

start();
