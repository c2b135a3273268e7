// The page: takes the state and its changes as server-sent events and shows them.

import { draw } from "/cluster/charts.js";
import { bytes, count, duration, fixed, money, percent, share, speed } from "/cluster/figures.js";

const API = "/api/cluster";
const ACTIVE = ["starting", "running", "assessing", "stopping"];
const SECONDS_BETWEEN_ANNOUNCEMENTS = 15;
const TOKEN_KEY = "dashboard-token";

const at = (id) => document.getElementById(id);
let state = null;
let chosen = null; // the sweep that the user picked, as [store, sweep]
let curve = null; // of the sweep in focus: {key, ...}

// ---- the connection

function connect() {
  const source = new EventSource(`${API}/events`);
  source.addEventListener("open", () => { at("connection").textContent = "live"; });
  source.addEventListener("state", (event) => { state = JSON.parse(event.data); showSoon(); });
  source.addEventListener("change", (event) => { state = merged(state ?? {}, JSON.parse(event.data)); showSoon(); });
  source.addEventListener("error", () => {
    at("connection").textContent = "connection lost, trying again";
    if (source.readyState === EventSource.CLOSED) setTimeout(connect, 3000); // refused: the token, or too many
  });
}

/** RFC 7396: JSON Merge Patch. */
function merged(target, patch) {
  const result = { ...target };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (isObject(value)) result[key] = merged(isObject(result[key]) ? result[key] : {}, value);
    else result[key] = value;
  }
  return result;
}

const isObject = (value) => typeof value === "object" && value !== null && !Array.isArray(value);

let due = false;
function showSoon() {
  if (due) return;
  due = true;
  requestAnimationFrame(() => { due = false; show(); });
}

// ---- texts and tables

function paint(node, name) {
  node.textContent = name;
  node.dataset.state = name;
  node.hidden = false;
}

function put(id, text) {
  if (at(id).textContent !== text) at(id).textContent = text; // untouched text is not read out again
}

/** Bring a table's body to `rows`: lists of cells, the first of which is the row's heading. */
function fill(id, rows, nothing) {
  const body = at(id).tBodies[0];
  const shown = rows.length ? rows : [[{ text: nothing, className: "nothing", span: at(id).tHead.rows[0].cells.length }]];
  while (body.rows.length > shown.length) body.deleteRow(-1);
  shown.forEach((cells, k) => fillRow(body.rows[k] ?? body.insertRow(), cells, rows.length > 0));
}

function fillRow(row, cells, headed) {
  const signature = `${cells.length} ${cells[0].span ?? ""}`;
  if (row.dataset.signature !== signature) {
    row.dataset.signature = signature;
    row.replaceChildren(...cells.map((cell, k) => {
      const made = document.createElement(headed && k === 0 ? "th" : "td");
      if (headed && k === 0) made.scope = "row";
      if (cell.span) made.colSpan = cell.span;
      return made;
    }));
  }
  row.removeAttribute("aria-current");
  cells.forEach((cell, k) => {
    const place = row.cells[k];
    if (cell.className) place.className = cell.className;
    if (cell.choose) choice(place, cell);
    else if (cell.state) paint(place.firstElementChild ?? place.appendChild(document.createElement("span")), cell.state), place.firstElementChild.className = "state";
    else if (place.textContent !== (cell.text ?? cell)) place.textContent = cell.text ?? cell;
    if (cell.current) row.setAttribute("aria-current", "true");
  });
}

function choice(place, { text, choose }) {
  let button = place.querySelector("button");
  if (!button) {
    button = document.createElement("button");
    button.type = "button";
    place.replaceChildren(button);
  }
  if (button.textContent !== text) button.textContent = text;
  button.onclick = choose;
}

// ---- what is shown

/** All sweeps as [store name, store, sweep]; a store without any counts once. */
function entries() {
  return Object.entries(state.stores).flatMap(([name, store]) => {
    const sweeps = Object.values(store.sweeps);
    return sweeps.length ? sweeps.map((sweep) => [name, store, sweep]) : [[name, store, null]];
  });
}

/** The one in focus: the user's choice, else what runs, else the latest. */
function focused(all) {
  const byChoice = chosen && all.find(([name, , sweep]) => name === chosen[0] && (sweep?.sweep ?? null) === chosen[1]);
  if (byChoice) return byChoice;
  const unfinished = ([, , sweep]) => sweep && sweep.combos_done < sweep.combos;
  const running = all.filter(([, store]) => ACTIVE.includes(store.state));
  return running.find(unfinished) ?? running[0] ?? [...all].sort((a, b) => b[1].updated - a[1].updated)[0];
}

function show() {
  const all = entries();
  const focus = focused(all);
  paint(at("status"), state.clusterStatus ?? "idle");
  put("problem", state.problem ?? "");
  at("problem").hidden = !state.problem;
  showFocus(focus);
  showTop(focus?.[2]);
  showSweeps(all, focus);
  showWorkers();
  showStartable();
  announce(focus);
}

function showFocus(focus) {
  const [name, store, sweep] = focus ?? [];
  put("focus-heading", sweep?.sweep ?? name ?? "No sweep yet");
  at("progress-line").hidden = at("charts").hidden = !sweep;
  const running = ACTIVE.includes(store?.state);
  at("stop").hidden = !running;
  at("stop").disabled = store?.state === "stopping" || !token();
  at("resume").hidden = !["interrupted", "died", "failed"].includes(store?.state);
  at("resume").disabled = !token();
  at("focus-state").hidden = !store;
  if (!store) return;
  paint(at("focus-state"), store.stalled_seconds ? "stalled" : store.state);
  const problem = store.problem ?? (store.stalled_seconds ? `no chunk completed for ${duration(store.stalled_seconds)}` : null);
  put("focus-problem", problem ?? "");
  at("focus-problem").hidden = !problem;
  const process = store.process ? ` · process ${store.process.pid} on ${store.process.host}` : "";
  put("focus-facts", sweep ? `${sweep.strategy} · ${count.format(sweep.bars)} bars · ${store.path}${process}` : `${store.path}${process}`);
  if (!sweep) return;
  at("progress").value = sweep.combos ? sweep.combos_done / sweep.combos : 0;
  put("done", percent(sweep.combos_done, sweep.combos));
  put("combos", `${count.format(sweep.combos_done)}`);
  put("rate", speed(sweep.rate));
  put("eta", sweep.combos_done === sweep.combos ? "none" : duration(sweep.eta_seconds));
  const { pending, running: working, completed, failed } = sweep.chunks;
  put("chunks", sweep.search ? "–" : `${count.format(completed)} of ${count.format(pending + working + completed + failed)}`);
  put("failed", count.format(failed));
  showRates(sweep);
  showEquity(name, sweep);
}

function showRates(sweep) {
  const place = at("rates");
  const { start, step, rates } = sweep.rates ?? {};
  if (!rates || rates.length < 2) {
    place.replaceChildren();
    put("rates-caption", rates ? "Too few chunks for a line yet." : "No chunk is completed yet.");
    return;
  }
  const times = rates.map((_, k) => start + k * step);
  const peak = Math.max(...rates);
  const signature = `${place.clientWidth} ${start} ${step} ${rates.length} ${rates.at(-1)}`;
  if (place.dataset.drawn === signature) return;
  place.dataset.drawn = signature;
  draw(place, `Combinations a second over time, ${speed(peak)} at most`, times, [{ values: rates, kind: "line", area: true }], 0);
  put("rates-caption", `${sweep.search ? "Trials" : "Combinations"} a second, in steps of ${duration(step)}`);
}

async function showEquity(name, sweep) {
  const best = sweep.top[0];
  const key = `${name}\n${sweep.sweep}`;
  if (!best) {
    at("equity").replaceChildren();
    put("equity-caption", "No row has enough trades to be ranked yet.");
    return;
  }
  if (curve?.key !== key) {
    curve = { key, combo: null, asked: 0 };
    at("equity").replaceChildren();
    put("equity-caption", `Combination ${best.combo} is simulated …`);
  }
  if (curve.combo === best.combo || Date.now() - curve.asked < 3000) return;
  curve.asked = Date.now();
  const query = new URLSearchParams({ store: name, sweep: sweep.sweep });
  const answer = await fetch(`${API}/equity?${query}`).then((found) => (found.ok ? found.json() : null), () => null);
  if (!answer || curve.key !== key) return;
  if (answer.pending) setTimeout(showSoon, 3100);
  if (answer.combo === undefined || answer.combo === curve.combo) return;
  curve.combo = answer.combo;
  curve.answer = answer;
  drawEquity();
}

function drawEquity() {
  const answer = curve?.answer;
  if (!answer) return;
  if (answer.problem) {
    at("equity").replaceChildren();
    put("equity-caption", answer.problem);
    return;
  }
  const { times, equity, hold, combo } = answer;
  const label = `Equity of combination ${combo}: from ${money.format(equity[0])} to ${money.format(equity.at(-1))}; buying and holding ends at ${money.format(hold.at(-1))}`;
  draw(at("equity"), label, times, [{ values: hold, kind: "other" }, { values: equity, kind: "line" }]);
  put("equity-caption", `Combination ${combo}, in the swept bars; dashed: buying and holding`);
}

function showTop(sweep) {
  const top = sweep?.top ?? [];
  at("top-section").hidden = !top.length;
  if (!top.length) return;
  const same = (name) => top.every((row) => JSON.stringify(row.params[name]) === JSON.stringify(top[0].params[name]));
  const names = Object.keys(top[0].params).filter((name) => !same(name));
  const behind = sweep.unranked ? `; ${count.format(sweep.unranked)} rows are still to be ranked` : "";
  put("top-caption", `By ${sweep.metric.replaceAll("_", " ")}${behind}`);
  fill("top", top.map((row) => [
    String(row.combo),
    row.pnl == null ? "–" : money.format(row.pnl),
    fixed(row.sharpe),
    share(row.win_rate),
    fixed(row.profit_factor),
    share(row.max_drawdown),
    count.format(row.total_trades),
    { text: names.map((name) => `${name} ${typeof row.params[name] === "object" ? JSON.stringify(row.params[name]) : row.params[name]}`).join(", ") || "all alike", className: "text" },
  ]), "");
}

function showSweeps(all, focus) {
  fill("sweeps", all.map(([name, store, sweep]) => [
    {
      text: sweep?.sweep ?? name,
      choose: () => { chosen = [name, sweep?.sweep ?? null]; show(); },
      current: name === focus[0] && sweep?.sweep === focus[2]?.sweep,
    },
    { state: sweepState(store, sweep), className: "text" },
    sweep ? percent(sweep.combos_done, sweep.combos) : "–",
    sweep ? count.format(sweep.combos) : "–",
    speed(sweep?.rate),
    duration(sweep?.eta_seconds),
    { text: store.path, className: "text" },
  ]), "None yet: start one below, or on a command line.");
}

/** A store's sweeps take turns: one may be done while the store is still swept into. */
function sweepState(store, sweep) {
  if (sweep && sweep.combos_done === sweep.combos) return "completed";
  return store.stalled_seconds ? "stalled" : store.state;
}

function showWorkers() {
  fill("nodes", state.nodes.map((node) => [
    node.name,
    { state: node.state, className: "text" },
    node.cores == null ? "–" : String(node.cores),
    node.cpu_percent != null ? `${Math.round(node.cpu_percent)} %` : node.load != null ? `load ${fixed(node.load, 1)}` : "–",
    node.memory_total == null ? "–" : `${bytes(node.memory_used)} of ${bytes(node.memory_total)}`,
  ]), "No machine is known.");
  fill("workers", Object.values(state.workers).map((worker) => [
    worker.worker,
    { text: worker.chunk ?? "idle", className: "text" },
    count.format(worker.chunks),
    count.format(worker.combos),
    worker.cpu_percent == null ? "–" : `${worker.cpu_percent} %`,
    bytes(worker.memory_bytes),
  ]), "No sweep is running.");
}

function showStartable() {
  const select = at("start-sweep");
  const names = state.startable.join("\n");
  if (select.dataset.names === names) return;
  select.dataset.names = names;
  const before = select.value;
  select.replaceChildren(...state.startable.map((name) => new Option(name, name)));
  if (state.startable.includes(before)) select.value = before;
}

// ---- what is said: states at once, progress now and then

let said = { text: "", state: "", when: 0 };
function announce(focus) {
  const [name, store, sweep] = focus ?? [];
  if (!store) return;
  const shown = store.stalled_seconds ? "stalled" : store.state;
  const soon = Date.now() - said.when < SECONDS_BETWEEN_ANNOUNCEMENTS * 1000;
  if (soon && shown === said.state) return;
  const progress = sweep ? `, ${percent(sweep.combos_done, sweep.combos)} done` : "";
  const left = sweep?.eta_seconds ? `, about ${duration(sweep.eta_seconds)} left` : "";
  const text = `${sweep?.sweep ?? name} ${shown}${progress}${left}`;
  if (text === said.text) return;
  said = { text, state: shown, when: Date.now() };
  put("announcement", text);
}

// ---- what changes something

function token() {
  return sessionStorage.getItem(TOKEN_KEY); // of this tab and port; never in a cookie
}

async function post(path, body) {
  const answer = await fetch(`${API}/${path}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", Authorization: `Bearer ${token()}` },
    body: JSON.stringify(body),
  });
  const content = await answer.json().catch(() => ({}));
  if (answer.status === 401) lock();
  if (!answer.ok) throw new Error(content.error ?? `the dashboard answered ${answer.status}`);
  return content;
}

function tell(text, bad = false) {
  put("answer", text);
  at("answer").toggleAttribute("data-bad", bad);
}

async function change(path, body, done) {
  try {
    await post(path, body);
    tell(done);
  } catch (error) {
    tell(error.message, true);
  }
}

function lock() {
  sessionStorage.removeItem(TOKEN_KEY);
  showLock();
}

function showLock() {
  at("unlock").hidden = Boolean(token());
  at("start").hidden = !token();
  if (state) showSoon();
}

async function unlock(given) {
  sessionStorage.setItem(TOKEN_KEY, given);
  try {
    await post("session", {});
    tell("");
  } catch (error) {
    tell(error.message, true);
  }
  showLock();
}

at("start").addEventListener("submit", async (event) => {
  event.preventDefault();
  const sweep = at("start-sweep").value;
  const body = { sweep };
  if (at("start-ray").value) body.ray = at("start-ray").value;
  if (at("start-workers").value) body.workers = Number(at("start-workers").value);
  if (at("start-data").value.trim()) body.data = at("start-data").value.trim();
  chosen = null;
  await change("start", body, `${sweep} is starting`);
});
at("stop").addEventListener("click", () => {
  const [store] = focused(entries());
  change("stop", { store }, `${store} is stopping; what is done is kept`);
});
at("resume").addEventListener("click", () => {
  const [store] = focused(entries());
  change("resume", { store }, `${store} goes on where it was`);
});
at("unlock").addEventListener("submit", (event) => {
  event.preventDefault();
  unlock(at("token").value.trim());
  at("token").value = "";
});
addEventListener("resize", () => {
  delete at("rates").dataset.drawn;
  if (state) showSoon();
  drawEquity();
});

const given = new URLSearchParams(location.hash.slice(1)).get("token");
if (given) history.replaceState(null, "", location.pathname); // it stays out of the history and of the address bar
if (given) await unlock(given);
else showLock();
connect();
