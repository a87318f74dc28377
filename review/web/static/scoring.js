// The form of one ballot: what is typed is kept at once, what is saved goes to the outbox.
import { isNewer, isOurs, isSettled, known, wordOf } from "./known.js";
import { canReach, count, drafts, hour, isOffline, judge, keepDraft, keyOf, lastOf, poll, save, say, stay, stored, waitingFor } from "./outbox.js";

const DRAFT_PAUSE = 2_500; // milliseconds without typing until a draft goes to the server, too
const ACK_PAUSE = 1_500; // how long "save and next" waits for the server before it goes on
const FAULT_PAUSE = 250; // until a field that was left tells its fault: what is being tapped must not move
const DIGIT_PAUSE = 900; // within which a second digit belongs to the first: 1, 0 → 10

const form = document.getElementById("score");
const { round, proposal, title, place, rubric, list } = form.dataset;
const all = form.querySelector("#all");
const key = keyOf(round, proposal);
const note = document.getElementById("form-note");
const news = document.getElementById("form-news");
const groups = [...form.querySelectorAll("[data-criterion]")];

// ---- numbers, exactly: a mark is never a double ----

/** What was typed as a plain decimal; null where it is none. Input methods type `。` and `，`. */
function plain(text) {
  const number = text.normalize("NFKC").trim().replace("。", ".").replace(/^(-?\d+),(\d{1,2}|\d{4,})$/, "$1.$2");
  return /^-?\d+(\.\d+)?$/.test(number) ? number : null;
}

const decimals = (number) => (number.split(".")[1] || "").replace(/0+$/, "").length;

/** A plain decimal × 10^places. */
function scaled(number, places) {
  const [whole, fraction = ""] = number.split(".");
  return BigInt(whole + fraction.padEnd(places, "0").slice(0, places));
}

function written(units, places) {
  const sign = units < 0n ? "-" : "";
  const digits = String(units < 0n ? -units : units).padStart(places + 1, "0");
  const fraction = digits.slice(digits.length - places).replace(/0+$/, "");
  return sign + digits.slice(0, digits.length - places) + (places && fraction ? `.${fraction}` : "");
}

/** The scale of a criterion in whole units. */
function scaleOf(group) {
  const { min, max, step } = group.dataset;
  const places = Math.max(...[min, max, step].map(decimals));
  return { places, min: scaled(min, places), max: scaled(max, places), step: scaled(step, places) };
}

/** Why something typed is no mark of a criterion; "" where it is one, or blank. */
function faultOf(group, text) {
  if (!text.trim()) return "";
  const number = plain(text);
  if (number === null) return say("bad_number");
  const { places, min, max, step } = scaleOf(group);
  const units = scaled(number, places);
  if (units < min || units > max) return say("bad_range", group.dataset);
  const fits = decimals(number) <= places && (units - min) % step === 0n;
  return fits ? "" : say("bad_step", group.dataset);
}

// ---- reading and filling the form ----

const field = (group) => form.elements[`crit-${group.dataset.index}`];
const abstains = (group) => form.elements[`abstain-${group.dataset.index}`];
const textOf = (group) => field(group).value;

function put(group, text) {
  field(group).value = text;
  mirror(group);
}

/** Show which level a mark is at. */
function mirror(group) {
  const number = plain(textOf(group));
  const levels = [...group.querySelectorAll("[data-set]")];
  const { places } = scaleOf(group);
  const reached = number === null || faultOf(group, number) ? [] : levels.filter((one) => scaled(one.dataset.set, places) <= scaled(number, places));
  for (const one of levels) one.setAttribute("aria-pressed", String(one === reached[0])); // the highest comes first
  group.classList.toggle("filled", abstains(group).checked || (textOf(group).trim() !== "" && !faultOf(group, textOf(group))));
}

function read() {
  return {
    rubric,
    fields: groups.map((group) => ({ criterion: group.dataset.criterion, title: group.dataset.title, text: textOf(group).trim() })),
    abstain: groups.filter((group) => abstains(group).checked).map((group) => group.dataset.criterion),
    say: form.elements.say.value,
    reason: form.elements.reason.value,
    comment: form.elements.comment.value,
  };
}

/** Fill in what was typed where it still fits, and show the rest beside the form. */
function fill(typed) {
  const gone = [];
  for (const { criterion, title: called, text } of typed.fields) {
    const group = groups.find((one) => one.dataset.criterion === criterion);
    const fits = group && !faultOf(group, text);
    if (group && (fits || typed.rubric === rubric)) put(group, fits && text ? plain(text) : text);
    else if (text) gone.push(`${called}: ${text}`);
    if (group && typed.rubric !== rubric && text) tellTyped(group, say("typed_before", { mark: text }));
  }
  for (const group of groups) {
    abstains(group).checked = typed.abstain.includes(group.dataset.criterion);
    mirror(group);
  }
  form.elements.say.value = typed.say;
  form.elements.reason.value = typed.reason;
  form.elements.comment.value = typed.comment;
  if (gone.length) tellGone(gone);
  tellScope();
}

function tellTyped(group, text) {
  const line = group.querySelector(".typed");
  line.textContent = text;
  line.hidden = false;
}

function tellGone(lines) {
  const box = document.getElementById("typed-gone");
  box.querySelector("ul").replaceChildren(...lines.map((line) => Object.assign(document.createElement("li"), { textContent: line })));
  box.hidden = false;
}

/** What was typed, where the form shows what is stored and takes nothing. */
function tellUnsent(lines) {
  document.querySelector("#typed-gone p").textContent = say("typed_unsent");
  if (lines.length) tellGone(lines);
}

/** A waiting ballot in the shape of a draft. */
function asTyped(entry) {
  const body = lastOf(entry);
  const whole = ["abstain", "recused"].find((how) => body.marks.every(({ state }) => state === how)) || "mark";
  return {
    rubric: body.rubric,
    fields: body.marks.map(({ criterion, mark }) => ({ criterion, title: entry.labels[criterion], text: mark || "" })),
    abstain: whole === "mark" ? body.marks.filter(({ state }) => state === "abstain").map(({ criterion }) => criterion) : [],
    say: whole,
    reason: whole === "mark" ? "" : body.comment || "",
    comment: whole === "mark" ? body.comment || "" : "",
  };
}

function asBody(typed) {
  const whole = typed.say !== "mark";
  const marks = groups.map((group) => {
    const { criterion, base } = group.dataset;
    const text = textOf(group).trim();
    if (whole) return { criterion, mark: null, state: typed.say, base: Number(base) };
    if (abstains(group).checked) return { criterion, mark: null, state: "abstain", base: Number(base) };
    return { criterion, mark: text ? plain(text) : null, state: text ? null : "missing", base: Number(base) };
  });
  const comment = (whole ? typed.reason : typed.comment).trim();
  return { round, proposal, rubric, marks, comment, client_time: new Date().toISOString() };
}

// ---- drafts ----

let pause = null;
let dirty = false;

async function keep() {
  dirty = true;
  const draft = read();
  note.textContent = say("draft");
  note.dataset.state = "draft";
  await drafts.change(key, () => draft);
  clearTimeout(pause);
  pause = setTimeout(async () => {
    if (!dirty || !(await keepDraft({ round, proposal, data: draft }))) return;
    await drafts.change(key, (old) => old && { ...old, kept: true });
  }, DRAFT_PAUSE);
}

// ---- saving ----

function check(typed) {
  let first = null;
  for (const group of groups) {
    const fault = faultNow(group);
    tellFault(group, fault);
    if (fault) first ??= group.querySelector('input[type="text"], input:checked');
  }
  const wanted = typed.say === "recused" && !typed.reason.trim();
  tellFault(document.getElementById("cannot"), wanted ? say("reason_wanted") : "");
  if (wanted) {
    document.getElementById("cannot").open = true;
    first ??= form.elements.reason;
  }
  first?.focus();
  return first === null;
}

/** Why a criterion cannot be saved as it stands; "" where it can. */
const faultNow = (group) => (form.elements.say.value !== "mark" || abstains(group).checked ? "" : faultOf(group, textOf(group)));

function tellFault(where, text) {
  const line = where.querySelector(".problem");
  line.textContent = text;
  line.hidden = !text;
  for (const input of where.querySelectorAll('input[type="text"], textarea')) {
    if (text) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  }
  const wrong = groups.filter((group) => !group.querySelector(".problem").hidden).length;
  const sum = document.getElementById("form-faults");
  const words = wrong ? count("to_correct", wrong) : "";
  if (sum.textContent !== words) sum.textContent = words; // read aloud when it changes
}

async function store() {
  const typed = read();
  if (!check(typed)) return false;
  clearTimeout(pause);
  dirty = false;
  const labels = Object.fromEntries(groups.map((group) => [group.dataset.criterion, group.dataset.title]));
  const counts = groups.filter((group) => "counts" in group.dataset).map((group) => group.dataset.criterion);
  await save(asBody(typed), { title, place, labels, counts });
  if (dirty) return true; // typed on meanwhile
  await drafts.change(key, () => undefined);
  tellWaiting(typed);
  return true;
}

function tellWaiting(typed) {
  const open = typed.say === "mark" ? typed.fields.filter(({ criterion, text }) => !text && !typed.abstain.includes(criterion)).length : 0;
  note.textContent = open ? count("open_left", open) : "";
  note.dataset.state = "saved";
}

/** Once the server has it, or has had its time: a page that can be shown without it is gone to. */
async function storeAndGo() {
  if (leaving || !check(read())) return;
  leave(true);
  const answered = new Promise((resolve) => {
    document.addEventListener("review:outbox", ({ detail }) => mine(detail) && resolve(detail.kind === "stored"));
    document.addEventListener("review:waiting", () => isOffline() && resolve(null));
    setTimeout(() => resolve(null), ACK_PAUSE);
  });
  await store();
  const taken = await answered;
  const next = await following();
  const reached = taken !== false && (await canReach(next));
  if (reached) location.assign(next);
  else leave(false);
  if (!reached && taken !== false) await stay();
}

/** The next that is left to do, as far as this device knows; else the list. */
async function following() {
  const found = await known(round);
  const left = JSON.parse(document.getElementById("left").textContent);
  const one = left.find(({ proposal: name, at }) => !(isNewer(found.get(name), at) && isSettled(found.get(name).state)));
  return one ? one.url : list;
}

let leaving = false;
let editable = !all.disabled;

/** While another page comes, nothing more can be typed into this one. */
function leave(now) {
  leaving = now;
  all.disabled = leaving || !editable;
  form.classList.toggle("leaving", leaving);
  form.setAttribute("aria-busy", String(leaving));
}

const mine = (detail) => detail.round === round && detail.proposal === proposal;

document.addEventListener("review:outbox", ({ detail }) => {
  if (!mine(detail)) return;
  if (detail.kind === "dropped") location.reload();
  if (detail.kind === "stored") tellStored(detail);
});

// A page that the browser takes out of its memory has not heard what was stored meanwhile.
window.addEventListener("pageshow", async ({ persisted }) => {
  if (!persisted) return;
  leave(false);
  const last = await stored.get(key);
  if (last && lastOf(last).rubric === rubric) tellStored(last);
  tellState();
});

const badge = document.getElementById("state");
const served = { state: badge.dataset.state, word: badge.textContent };

/** How far this ballot is, as far as it is known here. */
async function tellState() {
  const one = (await known(round)).get(proposal);
  const newer = isOurs(served.state) && isNewer(one, form.dataset.stored);
  badge.textContent = newer ? wordOf(one) : served.word;
  badge.className = `badge ${newer ? one.state : served.state}`;
}

document.addEventListener("review:waiting", tellState);

/** What is saved from now on comes on top of what the server has. */
function tellStored({ revisions, at }) {
  for (const { criterion, revision } of revisions) {
    const group = groups.find((one) => one.dataset.criterion === criterion);
    if (group) group.dataset.base = revision;
  }
  document.getElementById("stored-at").textContent = say("stored", { time: hour(at) });
}

// ---- the round and its form change under the judge's hands ----

function tellNews(text, reload) {
  news.textContent = text;
  news.hidden = !text;
  if (text && reload) {
    const link = Object.assign(document.createElement("a"), { href: location.href, textContent: say("reload") });
    news.append(" ", link);
  }
}

document.addEventListener("review:state", ({ detail }) => {
  const now = detail.rounds.find((one) => one.round === round);
  if (!now) return;
  editable = now.state === "open" && !("barred" in form.dataset);
  all.disabled = leaving || !editable;
  if (editable && now.rubric !== rubric) tellNews(say("form_changed"), true);
  else if (now.state !== form.dataset.state) tellNews(now.state === "open" ? say("open") : say(now.state), false);
  form.dataset.state = now.state;
});

// ---- hands on the form ----

/** What is typed on one group: a whole mark at once on steppers and levels, digits on buttons. */
for (const group of groups) {
  for (const button of group.querySelectorAll("[data-by]")) button.addEventListener("click", () => {
    const { places, min, max, step } = scaleOf(group);
    const number = plain(textOf(group));
    const up = button.dataset.by === "1";
    // From nothing to the middle: at an end of the scale one touch would be a mark that nobody means.
    let units = number === null ? min + ((max - min) / step / 2n) * step : scaled(number, places) + (up ? step : -step);
    units = units < min ? min : units > max ? max : units;
    typed(group, written(units, places));
  });
  for (const level of group.querySelectorAll("[data-set]")) level.addEventListener("click", () => typed(group, level.dataset.set));
}

function typed(group, text) {
  put(group, text);
  abstains(group).checked = false;
  tellFault(group, "");
  mirror(group);
  keep();
}

function tellScope() {
  const whole = form.elements.say.value !== "mark";
  form.classList.toggle("not-marked", whole);
  form.querySelector("#reason-box").hidden = !whole;
}

form.addEventListener("input", ({ target }) => {
  const group = target.closest("[data-criterion]");
  if (group) {
    if (textOf(group).trim()) abstains(group).checked = false;
    tellFault(group, "");
  }
  for (const one of groups) {
    if (target === abstains(one) && target.checked) field(one).value = "";
    mirror(one);
  }
  tellScope();
  keep();
});

form.addEventListener("focusout", ({ target }) => {
  const group = target.closest("[data-criterion]");
  if (group && isWriting(target)) setTimeout(() => {
    if (group.contains(document.activeElement)) return;
    tellFault(group, faultNow(group));
    mirror(group);
  }, FAULT_PAUSE);
});

form.addEventListener("submit", (event) => {
  event.preventDefault();
  if (event.submitter?.value === "next") storeAndGo();
  else store();
});

// ---- keys: digits mark, Enter goes on, Ctrl+Enter saves and goes to the next proposal ----

let digits = "";
let lastDigit = 0;

const isRadios = (group) => group.dataset.kind === "radio";
const isWriting = (element) => element.matches('textarea, input[type="text"]');

function focusGroup(group) {
  const inside = isRadios(group) ? group.querySelector("input:checked") || group.querySelectorAll("input")[1] : field(group);
  inside.focus();
  if (inside.select) inside.select();
  group.scrollIntoView({ block: "nearest" });
}

document.addEventListener("keydown", (event) => {
  if (event.isComposing || all.disabled || event.altKey) return;
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    storeAndGo();
    return;
  }
  if (event.ctrlKey || event.metaKey) return;
  const here = document.activeElement;
  const group = here.closest("[data-criterion]");
  if (event.key === "Enter" && group && !here.matches("button")) {
    event.preventDefault();
    const after = groups[groups.indexOf(group) + 1];
    if (after) focusGroup(after);
    else form.querySelector("#save-next, #save").focus();
  } else if (/^[0-9.]$/.test(event.key) && !isWriting(here) && (group || here === document.body || here.id === "main")) {
    event.preventDefault();
    digit(event.key, group || groups.find((one) => !textOf(one).trim()) || groups[0]);
  }
});

/** A digit where no text is typed: marks the criterion that has the focus, else the first open one. */
function digit(character, group) {
  if (!isRadios(group)) {
    focusGroup(group);
    typed(group, character);
    return;
  }
  const now = performance.now();
  digits = now - lastDigit < DIGIT_PAUSE ? digits + character : character;
  lastDigit = now;
  const values = [...field(group)].map((radio) => radio.value);
  if (!values.includes(digits)) digits = values.includes(character) ? character : digits;
  if (!values.includes(digits)) return;
  typed(group, digits);
  focusGroup(group);
}

async function start() {
  const last = await stored.get(key);
  if (last && last.at > form.dataset.stored && lastOf(last).rubric === rubric) {
    fill(asTyped(last)); // this page was kept from before
    tellStored(last);
  }
  const here = read();
  const fromServer = JSON.parse(document.getElementById("draft").textContent);
  const local = await drafts.get(key);
  const entry = await waitingFor(round, proposal);
  const found = local || (entry && asTyped(entry)) || fromServer;
  const differs = found && JSON.stringify({ ...found, kept: 0 }) !== JSON.stringify({ ...here, kept: 0 });
  if (differs && all.disabled) tellUnsent(found.fields.filter(({ text }) => text).map(({ title: called, text }) => `${called}: ${text}`));
  else if (differs) {
    fill(found);
    note.textContent = entry && !local ? "" : say("draft_found");
    note.dataset.state = entry && !local ? "saved" : "draft";
    if (found.rubric !== rubric) tellNews(say("form_changed_typed"), false);
  }
  for (const group of groups) mirror(group);
  tellScope();
  tellState();
  for (const button of form.querySelectorAll(".bar button")) button.disabled = button.hidden = false;
  if (matchMedia("(pointer: fine)").matches && !location.hash && !all.disabled) focusGroup(groups.find((one) => !textOf(one).trim()) || groups[0]);
  form.dataset.ready = "";
  if (judge) poll();
}

start();
