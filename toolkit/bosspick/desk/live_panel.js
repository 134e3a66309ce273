// The live desk: what is on air and for how long, what comes next, and every action by one key. The clock counts here.
const WAIT = 6000; // ms until an action without an answer is called unheard
const SOON = 60; // seconds before the planned end from which the clock warns
const KEYS = [
  ["N", "next"], ["E", "off"], ["R", "release"], ["P", "price"], ["U", "units"], ["C", "correct"], ["↑ ↓", "choose"],
  ["D", "drop"], ["1–9", "bench"], ["Z", "undo"], ["T", "replan"], ["M", "money"],
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
  const words = model.get("words"); // in the desk's language
  const fill = (name, values) => words[name].replace(/%\((\w+)\)s/g, (_, place) => values[place]);
  let base = { show: 0, local: 0, speed: 1, offset: 0 };
  let selected = null; // an offer id
  let money = false;
  let number = 0;
  let waiting = null; // {id, timer}
  let sent = ""; // what was typed when Enter was pressed last
  let stage = ""; // what the clock said last: read out only when it changes
  let shown = ""; // the item on air that was drawn last

  const root = make("div", "bpl", { "data-lm-suppress-shortcuts": "true", tabindex: "0", role: "application",
    "aria-label": words.desk, lang: words.lang });
  const top = make("div", "bpl-top");
  const [time, about, banner] = [make("span", "bpl-time"), make("span", "bpl-about"), make("span", "bpl-banner")];
  top.append(time, about, banner);
  const air = make("section", "bpl-air", { "aria-label": words.on_air });
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
  for (const ask of ["price", "units", "correct"]) {
    const label = make("label", `bpl-field bpl-field-${ask}`);
    const input = make("input", "", { type: "text", placeholder: words[`${ask}_hint`], autocomplete: "off" });
    label.append(make("span", "", {}, words[ask]), input);
    form.append(label);
    fields[ask] = input;
  }
  const pays = make("label", "bpl-pays");
  const brand = make("input", "", { type: "checkbox" });
  pays.append(brand, make("span", "", {}, words.brand_pays));
  form.children[0].after(pays);
  const buttons = make("div", "bpl-buttons");
  for (const ask of ["next", "off", "release", "drop", "undo", "replan"]) {
    const button = make("button", "bpl-button", { type: "button", "data-ask": ask }, words[ask]);
    button.addEventListener("click", () => act(ask));
    buttons.append(button);
  }
  const answer = make("div", "bpl-answer", { role: "status", "aria-live": "polite" });
  const problems = make("div", "bpl-problems", { role: "status" });

  const columns = make("div", "bpl-columns");
  const next = make("section", "bpl-next", { "aria-label": words.to_come });
  const nextHead = make("h4", "");
  const list = make("div", "bpl-list", { role: "listbox", "aria-label": words.list });
  next.append(nextHead, list);
  const bench = make("section", "bpl-bench", { "aria-label": words.bench });
  const benchHead = make("h4", "");
  const benchList = make("div", "bpl-list");
  bench.append(benchHead, benchList);
  const side = make("section", "bpl-side", { "aria-label": words.side });
  const corrections = make("ul", "bpl-corrections");
  const log = make("ul", "bpl-log");
  side.append(make("h4", "", {}, words.corrections), corrections, make("h4", "", {}, words.log), log);
  columns.append(next, bench, side);
  const pots = make("div", "bpl-pots");
  const map = make("div", "bpl-keys", { "aria-label": words.keys });
  for (const [key, name] of KEYS) {
    const one = make("span", "");
    one.append(make("kbd", "", {}, key), ` ${words[`key_${name}`]}`);
    map.append(one);
  }
  root.append(top, air, buttons, form, answer, problems, columns, pots, map);
  el.append(root);

  const view = () => model.get("view");
  const now = () => base.show + (Date.now() - base.local) * base.speed;
  const at = (ms, seconds = false) => {
    const day = new Date(ms + base.offset * 60000);
    const told = `${pad(day.getUTCHours())}:${pad(day.getUTCMinutes())}`;
    return seconds ? `${told}:${pad(day.getUTCSeconds())}` : told;
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
    show({ text: words.unheard, state: "error" });
  }

  const choices = () => [view().running?.offer_id, ...(view().upcoming ?? []).map((each) => each.offer_id)].filter(Boolean);

  function chosen() {
    const there = choices();
    if (there.includes(selected)) return selected;
    return (view().upcoming ?? [])[0]?.offer_id ?? there[0] ?? null;
  }

  // Price and count belong to the item on air: what is left of them in a field is not the next one's.
  function empty(but = null) {
    for (const name of ["price", "units"]) if (fields[name] !== but) fields[name].value = "";
    if (but !== fields.price) brand.checked = false;
  }

  function act(what) {
    if (what === "next" || what === "off") empty();
    if (what === "drop") ask("drop", { offer_id: chosen() });
    else if (what === "next") ask("next", { offer_id: (view().upcoming ?? []).some((u) => u.offer_id === selected) ? selected : null });
    else ask(what);
    root.focus({ preventScroll: true });
  }

  function takeIn(key) {
    const item = (view().bench ?? []).find((each) => each.key === key);
    if (item) ask("bench", { offer_id: item.offer_id, instead_of: chosen() });
    else show({ text: fill("no_bench_item", { key }), state: "error" });
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
    else if (key in jumps) fields[jumps[key]].select(); // what was refused before is typed over, not on
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
    answer.replaceChildren(make("div", "", {}, text), ...remarks.map((remark) => make("div", "bpl-remark", {}, remark)));
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
      const end = at(running.started + running.minutes * 60000);
      write(until, fill("gone", { gone: span(Math.max(gone, 0)), minutes: running.minutes, end }));
      const told = rest < 0 ? words.over : rest <= SOON ? words.soon : words.in_time;
      if (told !== stage) {
        stage = told;
        write(state, told);
        air.dataset.state = rest < 0 ? "over" : rest <= SOON ? "soon" : "fine";
      }
      for (const row of parts.children) {
        const due = row.dataset.done === "yes" ? "done" : Number(row.dataset.at) <= moment ? "due" : "later";
        if (row.dataset.due !== due) {
          row.dataset.due = due;
          const later = fill("later", { clock: at(Number(row.dataset.at), true) });
          write(row.lastChild, { done: words.released, due: words.due, later }[due]);
        }
      }
    } else {
      stage = "";
      write(count, "–:––");
      write(until, (view().upcoming ?? []).length ? words.press_next : words.none_left);
      write(state, words.nothing);
      air.dataset.state = "none";
    }
    const late = Math.max(0, moment - (view().next_at ?? moment));
    for (const row of list.children) {
      if (row.dataset.at) write(row.firstChild, at(Number(row.dataset.at) + late));
    }
    const end = (view().ends ?? moment) + late;
    // Whole minutes, as the end is told: seconds alone are no delay.
    const over = Math.floor((end - (showEnds ?? end)) / 60000);
    write(nextHead, fill(over > 0 ? (view().over ? "too_late" : "late") : "ends", { end: at(end), over }));
    nextHead.className = over > 0 ? "bpl-late" : "";
  }

  function onAir() {
    const { running } = view();
    const item = running ? `${running.offer_id} ${running.started}` : "";
    if (item !== shown) empty(document.activeElement); // another desk may have gone on while somebody types here
    shown = item;
    write(title, running ? running.title : words.nothing_title);
    write(role, running ? fill("role", { offer: running.offer_id, role: running.role, words: running.role_words }) : "");
    facts.hidden = stock.hidden = !running;
    parts.replaceChildren();
    if (!running) return;
    write(price, fill(running.settled ? "settled" : "planned", { price: running.price }));
    say.replaceChildren(...running.say.map((sentence) => make("div", "", {}, sentence)));
    say.className = `bpl-say ${running.compares ? "" : "bpl-alone"}`;
    const sold = running.sold === null ? words.no_sales : fill("sold", { units: whole.format(running.sold) });
    write(left, fill("left", { left: whole.format(running.left), sold, unreleased: whole.format(running.unreleased) }));
    for (const part of running.parts) {
      const row = make("li", "bpl-part", { "data-at": part.at, "data-done": part.done ? "yes" : "no" });
      const told = fill("part", { number: part.number, units: whole.format(part.units), left: whole.format(part.left) });
      row.append(`${told} · `, make("b", ""));
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
      const units = each.units === null ? words.no_count : fill("sold", { units: whole.format(each.units) });
      const row = make("div", "bpl-row bpl-aired");
      row.append(make("span", "bpl-when", {}, words.aired), make("span", "bpl-what", {}, each.title),
        make("span", "bpl-cost", {}, each.price), make("span", "bpl-note", {}, units));
      return row;
    });
    if (running) {
      rows.push(line(running.offer_id, { when: words.now, current: true,
        cells: [["what", running.title], ["cost", running.price], ["note", fill("minutes", running)]] }));
    }
    for (const each of upcoming) {
      const place = each.slot ? (each.moved ? fill("was_slot", each) : "") : words.from_bench;
      const better = each.better ? fill(each.cheaper ? "allows" : "asks", { price: each.better }) : "";
      const notes = [fill("minutes", each), each.role, place, better];
      rows.push(line(each.offer_id, { when: at(each.starts), starts: each.starts,
        cells: [["what", each.title], ["cost", each.price], ["note", notes.filter(Boolean).join(" · ")]] }));
    }
    list.replaceChildren(...rows);
    const target = [running, ...upcoming].find((each) => each && each.offer_id === chosen());
    const free = fill(vacancies > 1 ? "vacancies" : "vacant", { places: vacancies });
    write(benchHead, vacancies ? free : target ? fill("in_for", target) : words.in_for_none);
    benchList.replaceChildren(...waitingItems.map((each) => {
      const row = make("button", `bpl-row bpl-in ${each.best ? "bpl-best" : ""}`, { type: "button", "data-offer": each.offer_id });
      row.append(make("kbd", "", {}, String(each.key)), make("span", "bpl-what", {}, each.title),
        make("span", "bpl-cost", {}, each.price), make("span", "bpl-note", {}, each.best ? words.best : ""));
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
    write(pots, money ? fill("money", told) : words.money_hidden);
  }

  function draw() {
    const { session = "", version = "", problems: broken = [], corrections: said = [], log: entries = [] } = view();
    write(about, fill("plan", { session, version }));
    write(banner, model.get("rehearsal"));
    banner.hidden = !model.get("rehearsal");
    onAir();
    problems.replaceChildren(...broken.map((rule) => make("div", "", {}, rule)));
    problems.hidden = !broken.length;
    const story = (each) => make("li", "", { title: each.who }, fill("entry", { clock: at(each.at), ...each }));
    corrections.replaceChildren(...(said.length ? said.map(story) : [make("li", "", {}, words.none)]));
    log.replaceChildren(...(entries.length ? entries.map(story) : [make("li", "", {}, words.nothing_yet)]));
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
