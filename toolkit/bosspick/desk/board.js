// The ten and the bench as cards: drag a card over another, or do the same by keys. Everything goes by offer id.
const money = new Intl.NumberFormat("en", { minimumFractionDigits: 2, maximumFractionDigits: 2 });
const TYPE = "application/x-bosspick-offer";

function make(tag, className, attributes = {}, text = "") {
  const node = document.createElement(tag);
  node.className = className;
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  node.textContent = text;
  return node;
}

function render({ model, el }) {
  const words = model.get("words"); // in the desk's language
  const fill = (name, values) => words[name].replace(/%\((\w+)\)s/g, (_, place) => values[place]);
  let carried = null; // an offer id on its way, by hand or by keys
  let focus = null; // the offer id whose card takes the keys
  let byKeys = false;
  let underWay = false; // whether what was said last is being planned

  // JupyterLab would take B and the arrows for itself.
  const root = make("div", "bpb", { "data-lm-suppress-shortcuts": "true", lang: words.lang });
  const keys = make("p", "bpb-keys", {}, words.help);
  const said = make("p", "bpb-said", { role: "status", "aria-live": "polite" });
  const lists = {};
  const columns = make("div", "bpb-columns");
  for (const name of ["ten", "bench"]) {
    const column = make("section", `bpb-column bpb-${name}`, { "aria-label": words[name] });
    lists[name] = make("ol", "bpb-list", { "data-list": name });
    column.append(make("h5", "", {}, words[name]), lists[name]);
    columns.append(column);
  }
  root.append(keys, columns, said);
  el.append(root);

  const cards = () => [...root.querySelectorAll(".bpb-card")];
  const cardOf = (id) => cards().find((card) => card.dataset.offer === id);
  const listOf = (card) => card?.parentNode.dataset.list;
  const send = (ask, id, other = "") => model.send({ ask, offer_id: id, other });
  const titleOf = (id) => cardOf(id)?.dataset.title ?? id;

  function say(text, planning = false) {
    said.textContent = text;
    underWay = planning;
  }

  function draw() {
    const { ten = [], bench = [] } = model.get("cards");
    for (const [name, offers] of Object.entries({ ten, bench })) {
      lists[name].replaceChildren(...offers.map((offer, place) => cardFor(offer, place)));
      if (!offers.length) lists[name].append(make("li", "bpb-none", {}, words[`no_${name}`]));
    }
    if (!cardOf(focus)) focus = cards()[0]?.dataset.offer ?? null;
    for (const card of cards()) card.tabIndex = card.dataset.offer === focus ? 0 : -1;
    if (byKeys) cardOf(focus)?.focus({ preventScroll: true });
    if (carried && !cardOf(carried)) carried = null;
    if (underWay) say(words.planned);
    lift();
  }

  function cardFor(offer, place) {
    const mark = words[offer.mark] ?? "";
    const told = fill("card", { when: offer.when || place + 1, title: offer.title, price: money.format(offer.price) });
    const card = make("li", `bpb-card ${offer.mark ? `bpb-${offer.mark}` : ""}`, {
      draggable: "true", "data-offer": offer.id, "data-title": offer.title, "aria-label": [told, mark].filter(Boolean).join(" · "),
    });
    card.append(
      make("span", "bpb-when", {}, offer.when || String(place + 1)),
      make("span", "bpb-title", { title: offer.title }, offer.title),
      make("span", "bpb-price", {}, `¥${money.format(offer.price)}`),
      make("span", "bpb-id", {}, mark ? `${offer.id} · ${mark}` : offer.id),
    );
    return card;
  }

  function lift() {
    for (const card of cards()) {
      const up = card.dataset.offer === carried;
      card.classList.toggle("bpb-up", up);
      card.setAttribute("aria-grabbed", String(up));
    }
  }

  function put(target, list) {
    const id = carried;
    carried = null;
    lift();
    if (!id || target === id) return say(words.put_down);
    const from = listOf(cardOf(id));
    if (from === "bench" && list === "ten") {
      say(target ? fill("swapped", { comes: titleOf(id), goes: titleOf(target) }) : fill("locked_in", { title: titleOf(id) }), true);
      send(target ? "swap" : "lock", id, target ?? "");
    } else if (from === "ten" && list === "bench") {
      say(target ? fill("swapped", { comes: titleOf(target), goes: titleOf(id) }) : fill("left_out", { title: titleOf(id) }), true);
      if (target) send("swap", target, id);
      else send("ban", id);
    } else {
      say(words.order);
    }
  }

  root.addEventListener("dragstart", (event) => {
    const card = event.target.closest(".bpb-card");
    if (!card) return;
    carried = card.dataset.offer;
    byKeys = false;
    event.dataTransfer.setData(TYPE, carried);
    event.dataTransfer.effectAllowed = "move";
    lift();
  });
  root.addEventListener("dragend", () => {
    carried = null;
    lift();
    for (const node of root.querySelectorAll(".bpb-over")) node.classList.remove("bpb-over");
  });
  root.addEventListener("dragover", (event) => {
    const column = event.target.closest(".bpb-column");
    if (!column || !carried) return;
    event.preventDefault();
    for (const node of root.querySelectorAll(".bpb-over")) node.classList.remove("bpb-over");
    (event.target.closest(".bpb-card") ?? column).classList.add("bpb-over");
  });
  root.addEventListener("drop", (event) => {
    const column = event.target.closest(".bpb-column");
    if (!column || !carried) return;
    event.preventDefault();
    put(event.target.closest(".bpb-card")?.dataset.offer ?? null, column.classList.contains("bpb-ten") ? "ten" : "bench");
  });
  root.addEventListener("click", (event) => {
    const card = event.target.closest(".bpb-card");
    if (!card) return;
    focus = card.dataset.offer;
    byKeys = true;
    for (const each of cards()) each.tabIndex = each === card ? 0 : -1;
    card.focus();
  });
  root.addEventListener("keydown", (event) => {
    const card = event.target.closest(".bpb-card");
    if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
    const id = card.dataset.offer;
    const mine = [...card.parentNode.querySelectorAll(".bpb-card")];
    const other = listOf(card) === "ten" ? lists.bench : lists.ten;
    const at = mine.indexOf(card);
    const moves = {
      ArrowDown: mine[at + 1], ArrowUp: mine[at - 1], Home: mine[0], End: mine[mine.length - 1],
      ArrowRight: other.querySelectorAll(".bpb-card")[Math.min(at, other.childElementCount - 1)],
    };
    moves.ArrowLeft = moves.ArrowRight;
    const key = event.key.toLowerCase();
    if (event.key in moves) {
      const to = moves[event.key];
      if (to) {
        focus = to.dataset.offer;
        for (const each of cards()) each.tabIndex = each === to ? 0 : -1;
        to.focus();
      }
    } else if (key === "s") {
      if (carried) put(id, listOf(card));
      else {
        carried = id;
        lift();
        say(fill("picked_up", { title: titleOf(id) }));
      }
    } else if (event.key === "Escape" && carried) {
      carried = null;
      lift();
      say(words.put_down);
    } else if (key === "l") send("lock", id);
    else if (key === "b") send("ban", id);
    else return;
    byKeys = true;
    event.preventDefault();
    event.stopPropagation();
  });
  root.addEventListener("focusout", (event) => {
    // A card that is drawn anew loses the focus to nothing; somebody who goes elsewhere takes it along.
    if (event.relatedTarget && !root.contains(event.relatedTarget)) byKeys = false;
  });

  // Beside its list of suggestions a field of tags hears of Enter only when it is left.
  const enter = (event) => {
    if (event.key !== "Enter" || !event.target.matches?.(".jupyter-widget-taginput") || !event.target.value) return;
    event.preventDefault();
    event.target.dispatchEvent(new Event("change"));
  };
  document.addEventListener("keydown", enter);
  model.on("change:cards", draw);
  draw();
  return () => {
    document.removeEventListener("keydown", enter);
    model.off("change:cards", draw);
  };
}

export default { render };
