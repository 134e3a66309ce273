(function () {
  "use strict";
  var read = function (id) { return JSON.parse(document.getElementById(id).textContent); };
  var config = read("plotly-config");
  var dark = window.matchMedia("(prefers-color-scheme: dark)");
  // Paper gets figures of its own, drawn light and at the width of an A4 page: a chart cannot be laid out anew while
  // the printer waits.
  var PAPER_WIDTH = 690;

  function themed(layout, ink, grid) {
    layout.paper_bgcolor = layout.plot_bgcolor = "rgba(0,0,0,0)";
    layout.font.color = ink;
    ["xaxis", "yaxis"].forEach(function (name) {
      layout[name] = Object.assign(layout[name] || {}, { gridcolor: grid, zerolinecolor: grid, linecolor: grid });
    });
    return layout;
  }

  function draw(place, paper) {
    var figure = read("data-" + place.dataset.figure);
    var night = dark.matches && !paper;
    var ink = night ? "#e7e5e0" : "#1c1b19";
    var layout = themed(figure.layout, ink, night ? "#44423d" : "#dedbd3");
    figure.data.forEach(function (trace) { if (trace.meta === "ink") { trace.marker.color = ink; } });
    if (paper) { layout.width = PAPER_WIDTH; layout.height *= 0.75; layout.font.size = 10; }
    return Plotly.react(place, figure.data, layout, Object.assign({}, config, { responsive: !paper, staticPlot: paper }));
  }

  function drawScreen() {
    document.querySelectorAll(".chart.screen").forEach(function (place) { draw(place, false); });
  }

  if (!window.matchMedia("print").matches) { drawScreen(); }
  // Whoever prints without a person waits for this.
  window.drawn = Promise.all(Array.from(document.querySelectorAll(".chart.paper"), function (place) { return draw(place, true); }));
  dark.addEventListener("change", drawScreen);

  // On a phone the style sheet stands each row as lines, a heading before each value. A browser that lays a table out
  // otherwise may forget what it is: the roles say so.
  var ROLES = { TABLE: "table", THEAD: "rowgroup", TBODY: "rowgroup", TR: "row", TD: "cell" };
  document.querySelectorAll(".scroll table").forEach(function (table) {
    var heads = Array.from(table.tHead.rows[0].cells, function (head) { return head.textContent; });
    [table].concat(Array.from(table.querySelectorAll("thead, tbody, tr, td, th"))).forEach(function (part) {
      part.setAttribute("role", ROLES[part.tagName] || (part.scope === "row" ? "rowheader" : "columnheader"));
    });
    table.querySelectorAll("tbody tr").forEach(function (row) {
      Array.from(row.cells).forEach(function (cell, place) { if (cell.colSpan === 1) { cell.dataset.label = heads[place]; } });
    });
    table.parentNode.classList.add("stacks");
  });

  var toggle = document.getElementById("toggle");
  var words = { true: toggle.dataset.hide, false: toggle.textContent };
  toggle.addEventListener("click", function () {
    var open = toggle.getAttribute("aria-pressed") !== "true";
    toggle.setAttribute("aria-pressed", String(open));
    toggle.textContent = words[open];
    document.querySelectorAll("details.internal").forEach(function (box) { box.open = open; });
  });
})();
