// The offers that may air: filter, sort, lock, ban, ask why. Only the rows in sight exist; everything goes by offer id.
const ROW = 30; // px, as in the style sheet
const SPARE = 6; // rows drawn beyond either edge
const COLUMNS = [
  { key: "id" },
  { key: "title" },
  { key: "category" },
  { key: "brand" },
  { key: "price", number: true },
  { key: "worth", number: true },
  { key: "state" },
];
const ORDER = { ten: 0, bench: 1 };
const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const whole = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });
const fold = (text) => text.normalize("NFKC").toLowerCase();

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

function render({ model, el }) {
  const words = model.get("words"); // in the desk's language
  const say = (name, values) => words[name].replace(/%\((\w+)\)s/g, (_, place) => values[place]);
  const own = `bpg-${Math.random().toString(36).slice(2)}`;
  let offers = []; // {id, title, category, brand, price, worth, words}
  let order = []; // offers as sorted
  let visible = []; // those of them that pass the filter
  let selected = null; // an offer id
  let sorting = { key: "worth", down: true };
  const drawn = new Map(); // offer id -> {row, cells, lock, ban}

  // JupyterLab would take B as "insert a cell below" and the arrows as moves between cells.
  const root = make("div", "bpg", { "data-lm-suppress-shortcuts": "true", lang: words.lang });
  const filter = make("input", "bpg-filter", {
    type: "search", placeholder: words.filter_hint, "aria-label": words.filter,
  });
  const count = make("span", "bpg-count", { role: "status" });
  const keys = make("span", "bpg-keys", {}, words.keys);
  const bar = make("div", "bpg-bar");
  bar.append(filter, count, keys);
  const head = make("div", "bpg-line bpg-head", { role: "row" });
  const sorters = COLUMNS.map((column) => {
    const cell = make("div", column.number ? "bpg-number" : "", { role: "columnheader" });
    const button = make("button", "bpg-sort", { type: "button", title: say("sort", { column: words[column.key] }) });
    button.addEventListener("click", () => sortBy(column.key));
    cell.append(button);
    head.append(cell);
    return { column, cell, button };
  });
  head.append(make("div", "", { role: "columnheader", "aria-label": words.actions }));
  const body = make("div", "bpg-body", {
    role: "grid", tabindex: "0", "aria-label": words.grid,
  });
  const space = make("div", "bpg-space", { role: "rowgroup" });
  const none = make("div", "bpg-none");
  body.append(space);
  const table = make("div", "bpg-table");
  table.append(head, body, none);
  const answer = make("div", "bpg-answer", { role: "status", "aria-live": "polite" });
  root.append(bar, table, answer);
  el.append(root);

  const mark = (id) => model.get("marks")[id] ?? {};
  const numberOf = (offer, key) => mark(offer.id)[key] ?? offer[key];

  function stateWords(id) {
    const { mark: wanted, place, rank } = mark(id);
    const where = place === "bench" ? say("on_bench", { rank }) : place === "ten" ? words.in_ten : words.out;
    return wanted ? `${words[wanted]} · ${where}` : where;
  }

  function read() {
    const columns = model.get("rows");
    offers = (columns.id ?? []).map((id, k) => {
      const offer = { id };
      for (const key of ["title", "category", "brand", "price", "worth"]) offer[key] = columns[key][k];
      offer.words = fold([id, offer.title, offer.category, offer.brand].join(" "));
      return offer;
    });
    sort();
  }

  function sort({ keep = null } = {}) {
    const { key, down } = sorting;
    const rank = (offer) => {
      if (key === "price" || key === "worth") return numberOf(offer, key);
      if (key === "state") return `${ORDER[mark(offer.id).place] ?? 2} ${stateWords(offer.id)}`;
      return offer[key];
    };
    const keyed = offers.map((offer) => [rank(offer), offer]);
    const compare = (a, b) => (typeof a === "number" ? a - b : a < b ? -1 : a > b ? 1 : 0);
    keyed.sort(([a, x], [b, y]) => (down ? -1 : 1) * compare(a, b) || compare(x.id, y.id));
    order = keyed.map(([, offer]) => offer);
    for (const { column, cell, button } of sorters) {
      const on = column.key === key;
      cell.setAttribute("aria-sort", on ? (down ? "descending" : "ascending") : "none");
      write(button, on ? `${words[key]} ${down ? "▼" : "▲"}` : words[column.key]);
    }
    sift({ keep });
  }

  function sortBy(key) {
    const first = key === "price" || key === "worth";
    sorting = { key, down: sorting.key === key ? !sorting.down : first };
    sort();
  }

  function sift({ keep = null } = {}) {
    const sought = fold(filter.value).split(/\s+/).filter(Boolean);
    visible = sought.length
      ? order.filter((offer) => {
          const all = `${offer.words} ${fold(stateWords(offer.id))}`;
          return offer.id === keep || sought.every((word) => all.includes(word));
        })
      : order;
    space.style.height = `${visible.length * ROW}px`;
    body.setAttribute("aria-rowcount", String(visible.length));
    write(count, say("count", { shown: whole.format(visible.length), all: whole.format(offers.length) }));
    write(none, offers.length ? words.none : words.not_yet);
    none.hidden = visible.length > 0;
    body.hidden = !none.hidden;
    draw();
  }

  function rowOf(id) {
    const row = make("div", "bpg-line bpg-row", { role: "row", id: `${own}-${id}`, "data-offer": id });
    const cells = COLUMNS.map((column) => make("div", column.number ? "bpg-number" : "", { role: "gridcell" }));
    const actions = make("div", "bpg-actions", { role: "gridcell" });
    const [lock, ban, why] = ["lock", "ban", "why"].map((ask) =>
      make("button", "bpg-ask", { type: "button", tabindex: "-1", "data-ask": ask }, words[ask]),
    );
    actions.append(lock, ban, why);
    row.append(...cells, actions);
    return { row, cells, lock, ban };
  }

  function fill({ row, cells, lock, ban }, offer, place) {
    const { mark: word, place: where } = mark(offer.id);
    const values = [
      offer.id, offer.title, offer.category, offer.brand, money.format(numberOf(offer, "price")),
      whole.format(numberOf(offer, "worth")), stateWords(offer.id),
    ];
    values.forEach((value, k) => write(cells[k], value));
    cells[1].title = offer.title;
    row.className = `bpg-line bpg-row ${where ? `bpg-${where}` : ""} ${word ? `bpg-${word}` : ""}`;
    row.style.transform = `translateY(${place * ROW}px)`;
    row.setAttribute("aria-rowindex", String(place + 1));
    row.setAttribute("aria-selected", String(offer.id === selected));
    write(lock, word === "locked" ? words.unlock : words.lock);
    write(ban, word === "banned" ? words.allow : words.ban);
  }

  function draw() {
    const from = Math.max(0, Math.floor(body.scrollTop / ROW) - SPARE);
    const window = visible.slice(from, from + Math.ceil((body.clientHeight || 12 * ROW) / ROW) + 2 * SPARE);
    const wanted = new Set(window.map((offer) => offer.id));
    for (const [id, parts] of drawn) {
      if (wanted.has(id)) continue;
      parts.row.remove();
      drawn.delete(id);
    }
    window.forEach((offer, k) => {
      let parts = drawn.get(offer.id);
      if (!parts) {
        parts = rowOf(offer.id);
        drawn.set(offer.id, parts);
        space.append(parts.row);
      }
      fill(parts, offer, from + k);
    });
    if (drawn.has(selected)) body.setAttribute("aria-activedescendant", `${own}-${selected}`);
    else body.removeAttribute("aria-activedescendant");
  }

  function select(place) {
    if (!visible.length) return;
    const at = Math.min(Math.max(place, 0), visible.length - 1);
    selected = visible[at].id;
    if (at * ROW < body.scrollTop) body.scrollTop = at * ROW;
    const below = (at + 1) * ROW - body.clientHeight;
    if (below > body.scrollTop) body.scrollTop = below;
    draw();
  }

  const placeOf = (id) => visible.findIndex((offer) => offer.id === id);
  const ask = (what, id) => model.send({ ask: what, offer_id: id });

  body.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const at = placeOf(selected);
    const page = Math.max(1, Math.floor(body.clientHeight / ROW) - 1);
    const moves = {
      ArrowDown: at + 1, ArrowUp: at < 0 ? 0 : at - 1, PageDown: at + page, PageUp: at - page, Home: 0, End: visible.length,
    };
    const asks = { l: "lock", b: "ban", w: "why" };
    if (event.key in moves) select(moves[event.key]);
    else if (event.key === "/") filter.focus();
    else if (asks[event.key.toLowerCase()] && at >= 0) ask(asks[event.key.toLowerCase()], selected);
    else return;
    event.preventDefault();
    event.stopPropagation();
  });
  body.addEventListener("focus", () => {
    if (placeOf(selected) < 0) select(Math.round(body.scrollTop / ROW));
  });
  body.addEventListener("click", (event) => {
    const row = event.target.closest(".bpg-row");
    if (!row) return;
    selected = row.dataset.offer;
    body.focus({ preventScroll: true });
    draw();
    const what = event.target.dataset.ask;
    if (what) ask(what, selected);
  });
  let due = 0;
  body.addEventListener("scroll", () => {
    due ||= requestAnimationFrame(() => {
      due = 0;
      draw();
    });
  });
  filter.addEventListener("input", () => {
    body.scrollTop = 0;
    sift();
  });
  filter.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" && visible.length) body.focus();
    else if (event.key === "Escape") filter.value = "";
    else return;
    event.preventDefault();
    event.stopPropagation();
    sift();
  });

  function answered() {
    const { text = "", state = "" } = model.get("answer");
    write(answer, text);
    answer.className = `bpg-answer ${state ? `bpg-${state}` : ""}`;
    answer.hidden = !text;
  }

  // A row acted on stays under the hand, wherever its new worth puts it and whatever the filter asks for.
  function marked() {
    const before = placeOf(selected);
    if (before < 0) return sort();
    const offset = before * ROW - body.scrollTop;
    sort({ keep: selected });
    body.scrollTop = placeOf(selected) * ROW - offset;
    draw();
  }
  model.on("change:rows", read);
  model.on("change:marks", marked);
  model.on("change:answer", answered);
  // Shown in a tab or a folded section, the body has no height until it is opened.
  const sized = new ResizeObserver(() => {
    head.style.paddingRight = `${body.offsetWidth - body.clientWidth + 5}px`; // as wide as the scroll bar is here
    draw();
  });
  sized.observe(body);
  read();
  answered();
  return () => {
    sized.disconnect();
    cancelAnimationFrame(due);
    model.off("change:rows", read);
    model.off("change:marks", marked);
    model.off("change:answer", answered);
  };
}

export default { render };
