"use strict";
// What a table means, in JavaScript, and the page around it. The table stands in the page as JSON; every text of it goes
// into the page as text, never as markup.
(() => {
  const json = (id) => document.getElementById(id).textContent;
  const table = JSON.parse(json("table"));
  const stamp = JSON.parse(json("stamp").slice(json("stamp").indexOf("{")));

  // --- scoring -------------------------------------------------------------------------------------------------------
  const DECIMAL = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/;
  const UNBOUNDED = /^[+-]?(?:nan|[iı]nf|[iı]nf[iı]n[iı]ty)$/i;
  // What Python calls blank: trim() takes some other characters.
  const BLANK = "[\\t-\\r\\x1c-\\x20\\x85\\xa0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]*";
  const ENDS = new RegExp("^" + BLANK + "|" + BLANK + "$", "g");
  const TRUTH = new Map([["true", true], ["yes", true], ["1", true], ["false", false], ["no", false], ["0", false]]);
  const BAD = -1;

  const inputs = table.inputs.map((part) => {
    const place = (kind) => part.cases.findIndex((one) => one.kind === kind);
    const values = new Map();
    part.cases.forEach((one, i) => one.values.forEach((value) => values.set(value, i)));
    const gone = part.cases[place("missing")].text;
    // Some features say something by being missing, such as "no webinar so far"; the others are open questions.
    const [asks, nothing] = gone.endsWith(" so far") ? [false, gone] : [true, "not known"];
    return { ...part, gone: new Set(part.gone), values, missing: place("missing"), other: place("other"), asks, nothing };
  });

  function numberOf(part, raw) {
    if (raw === null) return null;
    if (typeof raw === "boolean") return Number(raw);
    let value = raw;
    if (typeof raw === "string") {
      const text = raw.replace(ENDS, "");
      if (text === "" || part.gone.has(raw) || part.gone.has(text) || UNBOUNDED.test(text)) return null;
      if (!DECIMAL.test(text)) return NaN;
      value = Number(text);
    }
    return Number.isFinite(value) && !part.goneNumbers.includes(value) ? value : null;
  }

  // The position of the case that holds; BAD where the value is not of the input's type.
  function caseOf(part, raw) {
    if (part.type === "number") {
      const value = numberOf(part, raw);
      if (value === null) return part.missing;
      if (Number.isNaN(value)) return BAD;
      return part.cases.findIndex((one) => one.kind === "range" && (one.hi === null || value < one.hi));
    }
    const text = raw === null ? "" : String(raw);
    if (text === "" || part.gone.has(text)) return part.missing;
    if (part.type === "boolean") {
      const truth = TRUTH.get(text.toLowerCase());
      return truth === undefined ? BAD : part.values.get(String(truth));
    }
    return part.values.has(text) ? part.values.get(text) : part.other;
  }

  const earned = (steps, total) => (steps.find(([, bound]) => bound === null || total >= bound) || [null])[0];

  // The first action all of whose bounds are reached: each is the place of a dimension, null for the score, and the least.
  const wished = (sums, score) =>
    (table.actions.find(({ bounds }) => bounds.every(([place, least]) => (place === null ? score : sums[place]) >= least)) || { label: null }).label;

  function add(held) {
    const sums = table.dimensions.map((dimension) => dimension.base);
    const moved = [];
    const count = (row) => {
      sums[row.dimension] += row.points;
      if (row.points !== 0) moved.push(row);
    };
    inputs.forEach((part, i) => count({ dimension: part.dimension, ...part.cases[held[i]] }));
    table.together.filter((row) => row.conditions.every(([i, j]) => held[i] === j)).forEach(count);
    moved.sort((a, b) => Math.abs(b.points) - Math.abs(a.points) || a.number - b.number);
    const score = sums.reduce((a, b) => a + b, 0);
    const odds = table.intercept + table.slope * score;
    return {
      sums,
      score,
      probability: odds >= 0 ? 1 / (1 + Math.exp(-odds)) : Math.exp(odds) / (1 + Math.exp(odds)),
      grade: table.graded.length ? table.graded.map((one) => earned(one.steps, sums[one.dimension])).join("") : null,
      action: wished(sums, score),
      moved,
    };
  }

  // Scores values in the order of the table's inputs: null, texts, numbers, booleans.
  function score(values) {
    const held = inputs.map((part, i) => caseOf(part, values[i]));
    const bad = held.findIndex((place) => place === BAD);
    if (bad >= 0) throw new RangeError(`${inputs[bad].name}: ${JSON.stringify(values[bad])}`);
    const { moved, ...rest } = add(held);
    return { ...rest, reasons: moved.map((row) => row.reason) };
  }

  function selfCheck() {
    const wrong = stamp.checks.filter(({ lead, expected }) => {
      const found = score(inputs.map((part) => (Object.hasOwn(lead, part.name) ? lead[part.name] : null)));
      const answer = new Map(table.dimensions.map((dimension, i) => [dimension.name, found.sums[i]]));
      ["score", "grade", "action"].forEach((name) => answer.set(name, found[name]));
      return [...answer].some(([name, value]) => expected[name] !== value);
    });
    return { all: stamp.checks.length, wrong: wrong.length };
  }

  // --- the page ------------------------------------------------------------------------------------------------------
  const $ = (id) => document.getElementById(id);
  const signed = (points) => (points > 0 ? `+${points}` : points < 0 ? `\u2212${-points}` : "0");
  const shown = (points) => (points > 0 ? "up" : points < 0 ? "down" : "none");

  function make(tag, properties = {}, ...children) {
    const { attributes = {}, ...own } = properties;
    const element = Object.assign(document.createElement(tag), own);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    element.append(...children);
    return element;
  }

  function choice(part, id) {
    const options = [make("option", { value: "", textContent: part.nothing })];
    [...part.values.keys()].forEach((value, i) => {
      const text = value.length > 80 ? `${value.slice(0, 79)}…` : value;
      options.push(make("option", { value: String(i), textContent: text.trim() === "" ? JSON.stringify(text) : text }));
    });
    options.push(make("option", { value: "other", textContent: "anything else" }));
    const control = make("select", { id }, ...options);
    const known = [...part.values.keys()];
    const held = () =>
      control.value === "" ? part.missing : control.value === "other" ? part.other : part.values.get(known[control.value]);
    return { control, held, clear: () => (control.value = "") };
  }

  function typed(part, id) {
    const control = make("input", {
      id,
      type: "text",
      placeholder: part.nothing,
      autocomplete: "off",
      spellcheck: false,
      attributes: { inputmode: "decimal", "aria-describedby": `${id}-hint` },
    });
    return { control, held: () => caseOf(part, control.value), clear: () => (control.value = "") };
  }

  function switched(part, id) {
    const radios = [["true", "yes"], ["false", "no"], ["", part.nothing]].map(([value, text], i) => {
      const radio = make("input", { type: "radio", name: id, value, checked: value === "", id: i ? `${id}-${i}` : id });
      return make("label", {}, radio, make("span", { textContent: text }));
    });
    const control = make("div", { className: "switch", attributes: { role: "radiogroup" } }, ...radios);
    const chosen = () => control.querySelector("input:checked").value;
    return { control, held: () => caseOf(part, chosen()), clear: () => (radios[2].firstChild.checked = true) };
  }

  const CONTROLS = { number: typed, category: choice, boolean: switched };
  const isIdle = (part, i) =>
    part.cases.every((one) => one.points === part.cases[0].points) &&
    !table.together.some((row) => row.conditions.some(([other]) => other === i));

  const fields = inputs.map((part, i) => {
    const field = { part, ...CONTROLS[part.type](part, `input-${i + 1}`) };
    field.hint = make("p", { className: "hint", id: `input-${i + 1}-hint` });
    field.points = make("output", { className: "points", attributes: { for: `input-${i + 1}` } });
    const name = make("label", { id: `input-${i + 1}-name`, textContent: part.label, htmlFor: `input-${i + 1}` });
    if (part.type === "boolean") field.control.setAttribute("aria-labelledby", name.id);
    field.row = make("div", { className: "field" }, name, field.control, field.points, field.hint);
    return field;
  });

  const sections = table.dimensions.map((dimension, d) => {
    const own = fields.filter((field, i) => field.part.dimension === d && !isIdle(field.part, i));
    const sum = make("b", { className: "sum" });
    const head = make("h2", {}, make("span", { textContent: dimension.name }), sum);
    const base = make("p", { className: "base", textContent: `starts at ${dimension.base} base points` });
    const section = make("section", { className: "card" }, head, base, ...own.map((field) => field.row));
    $("inputs").append(section);
    const bar = make("i");
    const value = make("b");
    const grade = make("em");
    $("subscores").append(
      make("div", { className: "sub" }, make("span", { textContent: dimension.name }), value, grade, make("div", {}, bar)),
    );
    return { sum, bar, value, grade, steps: table.graded.find((one) => one.dimension === d) };
  });

  function ladder() {
    const width = Math.max(1, table.high - table.low);
    // Actions that ask for sub-scores are no zones of the score: then the scale is one zone without a name.
    const alone = table.actions.every(({ bounds }) => bounds.every(([place]) => place === null));
    const steps = alone ? [...table.actions].reverse() : [{ label: "", bounds: [] }];
    let from = table.low;
    steps.forEach(({ label }, i) => {
      const bound = i + 1 < steps.length ? steps[i + 1].bounds[0][1] : table.high + 1;
      const to = Math.min(Math.max(bound, table.low), table.high + (i + 1 === steps.length ? 0 : 1));
      const zone = make("span", { title: label && `${label}: from ${from}`, attributes: { "data-label": label } });
      zone.style.flexGrow = String(Math.max(0, to - from) / width);
      zone.append(make("small", { textContent: label }));
      $("ladder").append(zone);
      from = to;
    });
    $("low").textContent = table.low;
    $("high").textContent = table.high;
  }

  // What another answer would be worth: the next better one, or for an open question how far an answer moves the score.
  function hint(i, held, total) {
    const part = inputs[i];
    const others = part.cases
      .map((one, j) => ({ one, j }))
      .filter(({ j }) => j !== held[i] && j !== part.missing)
      .map(({ one, j }) => ({ text: one.text, gain: add(held.map((k, n) => (n === i ? j : k))).score - total }));
    if (held[i] === part.missing && part.asks) {
      const gains = others.map((other) => other.gain);
      const [least, most] = [Math.min(...gains), Math.max(...gains)];
      const span = least === most ? signed(most) : `${signed(least)} to ${signed(most)}`;
      return { reach: Math.max(Math.abs(least), Math.abs(most)), text: gains.length ? `an answer would change the score by ${span}` : "" };
    }
    const better = others.filter((other) => other.gain > 0).sort((a, b) => a.gain - b.gain)[0];
    return { reach: 0, text: better ? `next better: ${better.text}, ${signed(better.gain)}` : "the best answer there is" };
  }

  function reasons(moved) {
    const most = Math.max(1, ...moved.map((row) => Math.abs(row.points)));
    const rows = moved.map((row) => {
      const bar = make("i", { className: shown(row.points) });
      bar.style.width = `${(Math.abs(row.points) / most) * 100}%`;
      const text = row.reason.slice(0, row.reason.lastIndexOf(": "));
      const points = make("b", { className: shown(row.points), textContent: signed(row.points) });
      return make("li", {}, make("span", { textContent: text }), points, make("div", {}, bar));
    });
    $("reasons").replaceChildren(...rows);
    $("no-reasons").hidden = rows.length > 0;
  }

  function showField(field, i, held, total) {
    const bad = held[i] === BAD;
    field.row.classList.toggle("bad", bad);
    field.control.toggleAttribute("aria-invalid", bad);
    const points = bad ? 0 : field.part.cases[held[i]].points;
    field.points.textContent = bad ? "?" : held[i] === field.part.missing && points === 0 ? "" : signed(points);
    field.points.className = `points ${shown(points)}`;
    field.row.classList.toggle("open", held[i] === field.part.missing && field.part.asks);
    const known = bad ? { reach: 0, text: "Write a number such as 1250 or 7.5" } : total === null ? { reach: 0, text: "" } : hint(i, held, total);
    field.hint.textContent = known.text;
    field.hint.classList.remove("ask");
    return known.reach;
  }

  function meaning(probability) {
    if (table.cap === undefined) return `${(100 * probability).toFixed(probability < 0.1 ? 1 : 0)} % likely to be won`;
    const worth = Number((table.cap * probability).toPrecision(3));
    return `worth ${worth.toLocaleString("en")} if it is won`;
  }

  function update() {
    const held = fields.map((field) => field.held());
    const usable = !held.includes(BAD);
    const found = usable ? add(held) : null;
    const reach = fields.map((field, i) => showField(field, i, held, usable ? found.score : null));
    const most = Math.max(0, ...reach.filter((_, i) => !isIdle(inputs[i], i)));
    const ask = fields.findIndex((field, i) => most > 0 && reach[i] === most && !isIdle(inputs[i], i));
    if (ask >= 0) {
      fields[ask].hint.textContent = `ask this next: ${fields[ask].hint.textContent}`;
      fields[ask].hint.classList.add("ask");
    }
    document.body.classList.toggle("unusable", !usable);
    $("score").textContent = usable ? found.score : "–";
    $("grade").textContent = usable ? found.grade ?? "" : "";
    $("grade").hidden = !usable || found.grade === null;
    $("action").textContent = usable ? found.action ?? "" : "Correct the marked answer";
    $("chance").textContent = usable ? meaning(found.probability) : "";
    reasons(usable ? found.moved : []);
    const span = Math.max(1, table.high - table.low);
    $("marker").style.left = `${usable ? ((found.score - table.low) / span) * 100 : 0}%`;
    [...$("ladder").children].forEach((zone) => zone.classList.toggle("on", usable && zone.dataset.label === found.action));
    sections.forEach((section, d) => {
      const { low, high } = table.dimensions[d];
      const sum = usable ? found.sums[d] : null;
      section.sum.textContent = section.value.textContent = usable ? sum : "–";
      section.grade.textContent = usable && section.steps ? earned(section.steps.steps, sum) : "";
      section.bar.style.width = `${usable ? Math.max(0, Math.min(1, (sum - low) / Math.max(1, high - low))) * 100 : 0}%`;
    });
  }

  function start() {
    ladder();
    document.body.addEventListener("input", update);
    document.body.addEventListener("change", update);
    $("clear").addEventListener("click", () => {
      fields.forEach((field) => field.clear());
      update();
      fields[0]?.control.focus();
    });
    const { all, wrong } = selfCheck();
    document.body.classList.toggle("damaged", wrong > 0);
    $("check").textContent = wrong
      ? `This copy is damaged: ${wrong} of its ${all} verification leads do not score as promised. Do not use it.`
      : `Checked: all ${all} verification leads score as promised.`;
    update();
  }

  globalThis.leadml = Object.freeze({ score, selfCheck });
  start();
})();
