"use strict";
// Sorting and filtering of the table, and the capacity slider. Without it the page says the same. Texts are moved and
// set as text, never made into markup.
(() => {
  const $ = (id) => document.getElementById(id);

  // --- the table -----------------------------------------------------------------------------------------------------
  function sortable(table) {
    const bodies = [...table.tBodies];
    const home = bodies.map((body) => [...body.rows]);
    const lines = home.flat().filter((row) => row.classList.contains("rule"));
    const place = new Map(lines.map((row, i) => [row, i]));
    const flat = document.createElement("tbody");
    const heads = [...table.tHead.querySelectorAll("th[data-sort]")];
    const text = (row) => row.cells[0].textContent.toLowerCase();
    const found = (row) => `${text(row)} ${(row.dataset.name || "").toLowerCase()}`;
    const value = (row, key) => (key === "text" ? text(row) : row.dataset[key] === "" ? null : Number(row.dataset[key]));

    function compare(key, way) {
      return (a, b) => {
        const [x, y] = [value(a, key), value(b, key)];
        if (x === null || y === null) return (x === null) - (y === null) || place.get(a) - place.get(b);
        const order = key === "text" ? x.localeCompare(y) : x - y;
        return order * way || place.get(a) - place.get(b);
      };
    }

    function sort(head, way) {
      heads.forEach((one) => one.setAttribute("aria-sort", one === head ? (way > 0 ? "ascending" : "descending") : "none"));
      table.classList.toggle("flat", head !== null);
      $("grouped").disabled = head === null;
      if (head === null) {
        flat.remove();
        bodies.forEach((body, i) => body.append(...home[i]));
      } else {
        flat.append(...[...lines].sort(compare(head.dataset.sort, way)));
        table.append(flat);
      }
    }

    heads.forEach((head) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      head.setAttribute("aria-sort", "none");
      button.addEventListener("click", () => {
        const first = head.dataset.sort === "text" ? 1 : -1;
        const now = head.getAttribute("aria-sort");
        if (now === "none") sort(head, first);
        else if ((now === "ascending") === (first > 0)) sort(head, -first);
        else sort(null, 0);
      });
    });
    $("grouped").addEventListener("click", () => {
      const sorted = heads.find((head) => head.getAttribute("aria-sort") !== "none");
      sort(null, 0);
      if (sorted) sorted.firstChild.focus();
    });
    return { home, lines, found };
  }

  function filters({ home, lines, found }) {
    const fits = {
      all: () => true,
      up: (row) => row.dataset.way === "up",
      down: (row) => row.dataset.way === "down",
      weak: (row) => "weak" in row.dataset,
    };

    function headers(rows) {
      let [feature, part] = [null, null];
      rows.forEach((row) => {
        if (row.classList.contains("part")) part = row;
        else if (row.classList.contains("feature")) feature = row;
        else if (!row.classList.contains("rule")) return;
        if (!row.classList.contains("rule")) row.hidden = true;
        else if (!row.hidden) [feature, part].forEach((one) => one && (one.hidden = false));
      });
    }

    function update() {
      const wanted = $("find").value.trim().toLowerCase();
      const dimension = $("dimension") ? $("dimension").value : "";
      lines.forEach((row) => {
        const shown = fits[$("which").value](row) && found(row).includes(wanted);
        row.hidden = !shown || (dimension !== "" && row.dataset.dimension !== dimension);
      });
      home.forEach(headers);
      const all = wanted === "" && dimension === "" && $("which").value === "all";
      home.flat().filter((row) => row.classList.contains("idle")).forEach((row) => (row.hidden = !all));
      const count = lines.filter((row) => !row.hidden).length;
      $("count").textContent = all ? `${count} rows` : `${count} of ${lines.length} rows`;
    }

    ["find", "which", "dimension"].forEach((id) => $(id) && $(id).addEventListener("input", update));
    $("controls").hidden = false;
    update();
  }

  // --- the capacity --------------------------------------------------------------------------------------------------
  function capacity({ steps, choices }) {
    const slider = $("slider");
    const [line, dot] = document.querySelectorAll("svg.capacity .cut, svg.capacity circle");
    const start = Number($("handed").getAttribute("x"));
    const figures = [...$("told").querySelectorAll("dl div")].map((one) => [one.querySelector("dt"), one.querySelector("dd")]);

    function asked(i) {
      const value = Number(slider.dataset.first) + i * Number(slider.dataset.each);
      return value.toLocaleString("en", { maximumFractionDigits: 3 });
    }

    function update() {
      const i = Number(slider.value);
      const step = steps[choices[i]];
      $("asked").textContent = asked(i);
      slider.setAttribute("aria-valuetext", `${asked(i)}: from score ${step.cut}`);
      $("cut").textContent = step.cut;
      figures.forEach(([name, value], k) => ([name.textContent, value.textContent] = step.figures[k]));
      ["x1", "x2"].forEach((end) => line.setAttribute(end, step.x));
      dot.setAttribute("cx", step.x);
      dot.setAttribute("cy", step.y);
      $("handed").setAttribute("width", Math.max(1, step.x - start));
    }

    slider.addEventListener("input", update);
    $("slide").hidden = false;
    update();
  }

  // Only what is cut off needs to be reached with the keyboard, to be scrolled.
  function reach() {
    document.querySelectorAll(".scroll").forEach((one) => {
      if (one.scrollWidth > one.clientWidth + 1) one.tabIndex = 0;
      else one.removeAttribute("tabindex");
    });
  }

  reach();
  addEventListener("resize", reach);
  document.addEventListener("toggle", reach, true);
  filters(sortable($("rules")));
  const cuts = JSON.parse($("cuts").textContent);
  if (cuts !== null) capacity(cuts);
})();
