// The live desk: what is on air and for how long, what comes next, and every action by one key. The clock counts here.
const WAIT = 6000; // ms until an action without an answer is called unheard
const SOON = 60; // seconds before the planned end from which the clock warns
const KEYS = [
  ["N", "next item on air"], ["E", "end: off air"], ["R", "release stock"], ["P", "price settled"], ["U", "units sold"],
  ["C", "correction"], ["↑ ↓", "choose an item"], ["D", "drop it"], ["1–9", "bench item in for it"], ["Z", "take back"],
  ["T", "plan again"], ["M", "money, hidden"],
];

function make(tag, className, attributes = {}, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

function write(node, text) {
  if (node.textContent !== text) node.textContent = text;
}

const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const pad = (number) => String(Math.floor(number)).padStart(2, "0");
const span = (seconds) => `${Math.floor(seconds / 60)}:${pad(seconds % 60)}`;

function render({ model, el }) {
  let base = { show: 0, local: 0, speed: 1, offset: 0 };
  let selected = null; // an offer id
  let money = false;
  let number = 0;
  let waiting = null; // {id, timer}
  let sent = ""; // what was typed when Enter was pressed last
  let stage = ""; // what the clock said last: read out only when it changes

  const root = make("div", "bpl", { "data-lm-suppress-shortcuts": "true", tabindex: "0", role: "application",
    "aria-label": "Live desk. N next, E end, R release, P price, U units, C correction, D drop, 1 to 9 bench, Z take back." });
  const top = make("div", "bpl-top");
  const [time, about, banner] = [make("span", "bpl-time"), make("span", "bpl-about"), make("span", "bpl-banner")];
  top.append(time, about, banner);
  const air = make("section", "bpl-air", { "aria-label": "On air" });
  const head = make("div", "bpl-head");
  const [title, role] = [make("div", "bpl-title"), make("div", "bpl-role")];
  const clock = make("div", "bpl-clock");
  const [count, until, state] = [make("div", "bpl-count"), make("div", "bpl-until"), make("div", "bpl-state", { role: "status" })];
  clock.append(count, until, state);
  const names = make("div", "bpl-names");
  names.append(title, role);
  head.append(names, clock);
  const facts = make("div", "bpl-facts");
  const price = make("div", "bpl-price");
  const say = make("div", "bpl-say");
  facts.append(price, say);
  const stock = make("div", "bpl-stock");
  const parts = make("ol", "bpl-parts");
  const left = make("div", "bpl-left");
  stock.append(left, parts);
  air.append(head, facts, stock);

  const form = make("div", "bpl-form");
  const fields = {};
  for (const [ask, words, hint] of [
    ["price", "price, ¥ (P)", "as settled: 98.5"], ["units", "units sold so far (U)", "1200 or 1.2万"],
    ["correct", "correction said on air (C)", "in the words that were said"],
  ]) {
    const label = make("label", `bpl-field bpl-field-${ask}`);
    const input = make("input", "", { type: "text", placeholder: hint, autocomplete: "off" });
    label.append(make("span", "", {}, words), input);
    form.append(label);
    fields[ask] = input;
  }
  const pays = make("label", "bpl-pays");
  const brand = make("input", "", { type: "checkbox" });
  pays.append(brand, make("span", "", {}, "the brand bears the cut"));
  form.children[0].after(pays);
  const buttons = make("div", "bpl-buttons");
  for (const [ask, words] of [["next", "Next on air (N)"], ["off", "Off air (E)"], ["release", "Release stock (R)"],
    ["drop", "Drop (D)"], ["undo", "Take back (Z)"], ["replan", "Plan again (T)"]]) {
    const button = make("button", "bpl-button", { type: "button", "data-ask": ask }, words);
    button.addEventListener("click", () => act(ask));
    buttons.append(button);
  }
  const answer = make("div", "bpl-answer", { role: "status", "aria-live": "polite" });
  const problems = make("div", "bpl-problems", { role: "status" });

  const columns = make("div", "bpl-columns");
  const next = make("section", "bpl-next", { "aria-label": "To come" });
  const nextHead = make("h4", "");
  const list = make("div", "bpl-list", { role: "listbox", "aria-label": "On air and to come" });
  next.append(nextHead, list);
  const bench = make("section", "bpl-bench", { "aria-label": "Bench" });
  const benchHead = make("h4", "");
  const benchList = make("div", "bpl-list");
  bench.append(benchHead, benchList);
  const side = make("section", "bpl-side", { "aria-label": "Corrections and entries" });
  const corrections = make("ul", "bpl-corrections");
  const log = make("ul", "bpl-log");
  side.append(make("h4", "", {}, "Corrections on air"), corrections, make("h4", "", {}, "Last entries"), log);
  columns.append(next, bench, side);
  const pots = make("div", "bpl-pots");
  const map = make("div", "bpl-keys", { "aria-label": "Keys" });
  for (const [key, words] of KEYS) {
    const one = make("span", "");
    one.append(make("kbd", "", {}, key), ` ${words}`);
    map.append(one);
  }
  root.append(top, air, buttons, form, answer, problems, columns, pots, map);
  el.append(root);

  const view = () => model.get("view");
  const now = () => base.show + (Date.now() - base.local) * base.speed;
  const at = (ms, seconds = false) => {
    const day = new Date(ms + base.offset * 60000);
    const words = `${pad(day.getUTCHours())}:${pad(day.getUTCMinutes())}`;
    return seconds ? `${words}:${pad(day.getUTCSeconds())}` : words;
  };

  function wind(received) {
    const told = model.get("clock");
    // Told just now, the clock goes on from here, whatever the browser's own clock says.
    base = { show: told.show ?? 0, local: received ? Date.now() : (told.real ?? 0), speed: told.speed ?? 1,
      offset: told.offset ?? 0 };
    tick();
  }

  function ask(what, more = {}) {
    number += 1;
    const id = `${number}-${Date.now()}`;
    if (what !== "clock") {
      clearTimeout(waiting?.timer);
      waiting = { id, timer: setTimeout(unheard, WAIT) };
    }
    try {
      model.send({ ask: what, id, ...more });
    } catch {
      unheard(); // its kernel is gone
    }
  }

  function unheard() {
    clearTimeout(waiting?.timer);
    waiting = null;
    root.classList.add("bpl-dead");
    show({ text: "Not recorded: the kernel does not answer. Run this cell again; what was entered before is kept.", state: "error" });
  }

  const choices = () => [view().running?.offer_id, ...(view().upcoming ?? []).map((each) => each.offer_id)].filter(Boolean);

  function chosen() {
    const there = choices();
    if (there.includes(selected)) return selected;
    return (view().upcoming ?? [])[0]?.offer_id ?? there[0] ?? null;
  }

  function act(what) {
    if (what === "drop") ask("drop", { offer_id: chosen() });
    else if (what === "next") ask("next", { offer_id: (view().upcoming ?? []).some((u) => u.offer_id === selected) ? selected : null });
    else ask(what);
    root.focus({ preventScroll: true });
  }

  function takeIn(key) {
    const item = (view().bench ?? []).find((each) => each.key === key);
    if (item) ask("bench", { offer_id: item.offer_id, instead_of: chosen() });
    else show({ text: `There is no bench item ${key}.`, state: "error" });
  }

  function enter(what) {
    const text = fields[what].value;
    sent = text;
    if (what === "price") ask(what, { text, brand_pays: brand.checked });
    else ask(what, { text });
  }

  const letters = { n: "next", e: "off", r: "release", d: "drop", z: "undo", t: "replan" };
  const jumps = { p: "price", u: "units", c: "correct" };
  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.toLowerCase();
    const typing = event.target.matches("input[type=text]");
    if (typing) {
      if (event.key === "Escape") root.focus({ preventScroll: true });
      else if (event.key === "Enter") {
        enter(Object.keys(fields).find((name) => fields[name] === event.target));
        root.focus({ preventScroll: true }); // the next key is an action, also while the kernel still thinks
      }
      else {
        event.stopPropagation();
        return;
      }
    } else if (event.target.matches("button, input") && (key === "enter" || key === " ")) {
      event.stopPropagation();
      return;
    } else if (event.repeat && (key in letters || /^[1-9]$/.test(key))) {
      // A key held down must not act twice.
    } else if (key in letters) act(letters[key]);
    else if (key in jumps) fields[jumps[key]].focus();
    else if (/^[1-9]$/.test(key)) takeIn(Number(key));
    else if (key === "m") {
      money = !money;
      purse();
    } else if (key === "arrowdown" || key === "arrowup") {
      const there = choices();
      const place = there.indexOf(chosen()) + (key === "arrowdown" ? 1 : -1);
      selected = there[Math.min(Math.max(place, 0), there.length - 1)] ?? null;
      lists();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  });

  function show({ text = "", remarks = [], state: kind = "", id = "" }) {
    if (waiting && id && id === waiting.id) {
      clearTimeout(waiting.timer);
      waiting = null;
      root.classList.remove("bpl-dead");
    }
    answer.replaceChildren(make("div", "", {}, text), ...remarks.map((words) => make("div", "bpl-remark", {}, words)));
    answer.className = `bpl-answer ${kind ? `bpl-${kind}` : ""} ${remarks.length ? "bpl-remarked" : ""}`;
    answer.hidden = !text;
  }

  function answered() {
    const said = model.get("answer");
    const latest = waiting && said.id === waiting.id;
    show(said);
    if (!said.entered) return;
    if (said.state !== "error") {
      if (fields[said.entered].value === sent) fields[said.entered].value = ""; // unless typed on since
      if (said.entered === "price") brand.checked = false;
    } else if (latest && document.activeElement === root) fields[said.entered].focus(); // to be mended where it was typed
  }

  // Called twice a second: the clock, and everything that is late by as much as the item on air is.
  function tick() {
    const { running, show_ends: showEnds } = view();
    const moment = now();
    write(time, at(moment, true));
    if (running) {
      const gone = (moment - running.started) / 1000;
      const rest = running.minutes * 60 - gone;
      write(count, rest >= 0 ? span(rest) : `+${span(-rest)}`);
      write(until, `${span(Math.max(gone, 0))} of ${running.minutes} min · until ${at(running.started + running.minutes * 60000)}`);
      const words = rest < 0 ? "over time" : rest <= SOON ? "ends within a minute" : "in time";
      if (words !== stage) {
        stage = words;
        write(state, words);
        air.dataset.state = rest < 0 ? "over" : rest <= SOON ? "soon" : "fine";
      }
      for (const row of parts.children) {
        const due = row.dataset.done === "yes" ? "done" : Number(row.dataset.at) <= moment ? "due" : "later";
        if (row.dataset.due !== due) {
          row.dataset.due = due;
          write(row.lastChild, { done: "released", due: "due now: press R", later: `at ${at(Number(row.dataset.at), true)}` }[due]);
        }
      }
    } else {
      stage = "";
      write(count, "–:––");
      write(until, (view().upcoming ?? []).length ? "press N for the next item" : "no item is left");
      write(state, "nothing on air");
      air.dataset.state = "none";
    }
    const late = Math.max(0, moment - (view().next_at ?? moment));
    for (const row of list.children) {
      if (row.dataset.at) write(row.firstChild, at(Number(row.dataset.at) + late));
    }
    const end = (view().ends ?? moment) + late;
    const over = Math.ceil((end - (showEnds ?? end)) / 60000);
    write(nextHead, over > 0 ? `To come · ends ${at(end)}, ${over} min over${view().over ? ": drop one" : ": T plans again"}` : `To come · ends ${at(end)}`);
    nextHead.className = over > 0 ? "bpl-late" : "";
  }

  function onAir() {
    const { running } = view();
    write(title, running ? running.title : "Nothing on air");
    write(role, running ? `${running.offer_id} · ${running.role}: ${running.role_words}` : "");
    facts.hidden = stock.hidden = !running;
    parts.replaceChildren();
    if (!running) return;
    write(price, `${running.price}${running.settled ? " settled" : " planned"}`);
    say.replaceChildren(...running.say.map((words) => make("div", "", {}, words)));
    say.className = `bpl-say ${running.compares ? "" : "bpl-alone"}`;
    const sold = running.sold === null ? "no count of sales yet" : `${whole.format(running.sold)} sold`;
    write(left, `${whole.format(running.left)} left now · ${sold} · ${whole.format(running.unreleased)} not released yet`);
    for (const part of running.parts) {
      const row = make("li", "bpl-part", { "data-at": part.at, "data-done": part.done ? "yes" : "no" });
      row.append(`${part.number}: ${whole.format(part.units)} units, ${whole.format(part.left)} after it · `, make("b", ""));
      parts.append(row);
    }
  }

  function line(offer, { when, cells, starts = null, current = false }) {
    const row = make("div", `bpl-row ${current ? "bpl-current" : ""}`, { role: "option", "data-offer": offer,
      "aria-selected": String(offer === chosen()) });
    if (starts !== null) row.dataset.at = starts;
    row.append(make("span", "bpl-when", {}, when), ...cells.map(([name, text]) => make("span", `bpl-${name}`, {}, text)));
    row.addEventListener("click", () => {
      selected = offer;
      lists();
    });
    return row;
  }

  function lists() {
    const { running, upcoming = [], aired = [], bench: waitingItems = [], vacancies = 0 } = view();
    const rows = aired.map((each) => {
      const units = each.units === null ? "no count" : `${whole.format(each.units)} sold`;
      const row = make("div", "bpl-row bpl-aired");
      row.append(make("span", "bpl-when", {}, "aired"), make("span", "bpl-what", {}, each.title),
        make("span", "bpl-cost", {}, each.price), make("span", "bpl-note", {}, units));
      return row;
    });
    if (running) {
      rows.push(line(running.offer_id, { when: "on air", current: true,
        cells: [["what", running.title], ["cost", running.price], ["note", `${running.minutes} min`]] }));
    }
    for (const each of upcoming) {
      const notes = [`${each.minutes} min`, each.role, each.slot ? (each.moved ? `was slot ${each.slot}` : "") : "from the bench",
        each.better ? `the pot ${each.cheaper ? "allows" : "asks for"} ${each.better}` : ""];
      rows.push(line(each.offer_id, { when: at(each.starts), starts: each.starts,
        cells: [["what", each.title], ["cost", each.price], ["note", notes.filter(Boolean).join(" · ")]] }));
    }
    list.replaceChildren(...rows);
    const target = [running, ...upcoming].find((each) => each && each.offer_id === chosen());
    write(benchHead, vacancies ? `Bench · ${vacancies} place${vacancies > 1 ? "s" : ""} vacant` : `Bench · in for ${target?.title ?? "nobody"}`);
    benchList.replaceChildren(...waitingItems.map((each) => {
      const row = make("button", `bpl-row bpl-in ${each.best ? "bpl-best" : ""}`, { type: "button", "data-offer": each.offer_id });
      row.append(make("kbd", "", {}, String(each.key)), make("span", "bpl-what", {}, each.title),
        make("span", "bpl-cost", {}, each.price), make("span", "bpl-note", {}, each.best ? "best to step in" : ""));
      row.addEventListener("click", () => {
        takeIn(each.key);
        root.focus({ preventScroll: true });
      });
      return row;
    }));
    tick();
  }

  function purse() {
    const { pots: told = {} } = view();
    pots.hidden = false;
    write(pots, money
      ? `Platform subsidy: ${told.spent} spent, ${told.ahead} expected ahead, ${told.left} free, ${told.reserve} kept for the air. M hides it.`
      : "Platform subsidy: hidden from the camera. M shows it.");
  }

  function draw() {
    const { session = "", version = "", problems: broken = [], corrections: said = [], log: entries = [] } = view();
    write(about, `${session} · plan ${version}`);
    write(banner, model.get("rehearsal"));
    banner.hidden = !model.get("rehearsal");
    onAir();
    problems.replaceChildren(...broken.map((words) => make("div", "", {}, words)));
    problems.hidden = !broken.length;
    const story = (each) => make("li", "", { title: each.who }, `${at(each.at)} ${each.title}: ${each.words}`);
    corrections.replaceChildren(...(said.length ? said.map(story) : [make("li", "", {}, "none")]));
    log.replaceChildren(...(entries.length ? entries.map(story) : [make("li", "", {}, "nothing yet")]));
    stage = "";
    purse();
    lists();
  }

  const rewind = () => wind(true);
  model.on("change:clock", rewind);
  model.on("change:view", draw);
  model.on("change:answer", answered);
  wind(false);
  draw();
  show(model.get("answer"));
  ask("clock");
  const timer = setInterval(tick, 500);
  return () => {
    clearInterval(timer);
    clearTimeout(waiting?.timer);
    model.off("change:clock", rewind);
    model.off("change:view", draw);
    model.off("change:answer", answered);
  };
}

export default { render };
