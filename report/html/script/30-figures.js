// Figures of the explorer: dots for medians and bars for phases.

const figureOf = entry => typeof entry === "number" ? D.figures[entry] : entry

const measured = entry => entry !== null && entry !== undefined && !figureOf(entry).st

// nameOf is a row's own name where it has one, or its system's.
const nameOf = row => row.name || D.systems[row.s].name

// sentenceOf says all that is known of a figure.
function sentenceOf(figure) {
  if (figure.st) return stateWords[figure.st] + (figure.w ? ": " + figure.w : "")
  const parts = [figure.f]
  if (figure.i) parts.push((figure.o || "95 % interval") + " " + figure.i)
  if (figure.n) parts.push(figure.n + (figure.n === 1 ? " trial" : " trials") + (figure.i ? "" : ", too few for an interval"))
  if (figure.q) parts.push(figure.q.map(([name, text]) => name + " " + text).join(", "))
  if (figure.g) parts.push("grade " + figure.g + " (" + figure.gw + ")")
  if (figure.w) parts.push(figure.w)
  return parts.join("; ")
}

// detail shows a sentence, and the way to the trials, below a figure.
function detail(text, figure) {
  const index = D.figures.indexOf(figure)
  const trials = index >= 0 && figure.ts ? make("button", { type: "button", class: "link", onclick: () => set({ trials: String(index) }) }, "Its trials") : null
  byId("detail").replaceChildren(text + " ", trials || "")
}

// labelRoom is about how many labels fit side by side below a track.
const labelRoom = pixels => Math.max(2, Math.floor(pixels / 62))

function axisElement(axis, unit, pixels) {
  const ticks = make("span", { class: "ticks", "aria-hidden": "true" })
  for (const v of ticksOf(axis.low, axis.high, unit, axis.log, labelRoom(pixels))) {
    ticks.append(make("i", { style: `left:${(axis.place(v) * 100).toFixed(2)}%` }, make("b", {}, tickText(v, unit))))
  }
  return ticks
}

// shownRows are those that the choice of systems and class leaves.
function shownRows(view) {
  const off = setOf("off")
  return view.rows.filter(row => !off.has(nameOf(row)) && inClass(view, row))
}

// inClass says whether any figure of a row is of the chosen class.
function inClass(view, row) {
  const k = D.classes.indexOf(state.class)
  if (k < 0 || row.s < 0) return true
  return (row.e || []).some(e => typeof e === "number" && (D.cells[D.figures[e].c].k || []).includes(k))
}

// drawDots has a panel for each column with a figure.
function drawDots(view, room) {
  const hidden = setOf("hide"), rows = shownRows(view)
  const columns = view.columns.map((c, i) => ({ ...c, i }))
    .filter(c => !hidden.has(c.label) && rows.some(r => measured(r.e[c.i])))
  const reference = view.rows.find(r => nameOf(r) === state.ref)
  const axes = new Map()
  for (const unit of unique(columns.map(c => c.unit))) {
    const figures = columns.filter(c => c.unit === unit).flatMap(c => rows.filter(r => measured(r.e[c.i])).map(r => figureOf(r.e[c.i])))
    axes.set(unit, axisOver(figures.flatMap(f => f.i ? [f.v, f.l, f.h] : [f.v]), state.scale === "log" && figures.some(f => f.v > 0)))
  }
  const panels = columns.map(c => dotPanel(view, c, rows.filter(r => measured(r.e[c.i])), axes.get(c.unit), reference, room))
  room.append(make("div", { class: "panels" }, panels), withoutFigure(view, rows, columns))
}

function dotPanel(view, column, rows, axis, reference, room) {
  const pixels = Math.min(room.clientWidth, 560) * 0.5
  const against = reference && measured(reference.e[column.i]) ? figureOf(reference.e[column.i]) : null
  const lines = rows.map(row => {
    const figure = figureOf(row.e[column.i]), name = nameOf(row), system = D.systems[row.s]
    const ratio = ratioOf(figure, against)
    const words = ratio ? factor(ratio, figure.u) : ""
    const text = `${name}, ${column.label}: ${sentenceOf(figure)}${words ? "; " + words + " than " + state.ref : ""}`
    const colour = system ? `var(--${system.colour})` : "var(--ink)"
    const left = axis.place(figure.v) * 100
    const marks = [make("i", { class: figure.i || figure.x ? "point" : "point open", style: `left:${left.toFixed(2)}%;--c:${colour}` })]
    if (figure.i) {
      const [from, to] = [axis.place(figure.l) * 100, axis.place(figure.h) * 100]
      marks.unshift(make("i", { class: "span", style: `left:${from.toFixed(2)}%;width:${(to - from).toFixed(2)}%;--c:${colour}` }))
    }
    return make("li", {}, make("button", {
      type: "button", class: "row", "aria-pressed": String(name === state.ref), "aria-describedby": "detail", "data-name": name, "data-factor": words,
      onclick: () => { set({ ref: state.ref === name ? "" : name }); detail(text, figure) },
      onpointerenter: () => detail(text, figure), onfocus: () => detail(text, figure),
    }, make("span", { class: "who" }, swatch(system), name), make("span", { class: "track" }, marks),
    make("span", { class: "what" }, make("b", {}, figure.f), figure.i ? make("small", {}, " " + figure.i) : ""),
    make("span", { class: "factor" }, name === state.ref ? "reference" : words)))
  })
  return make("section", { class: "panel", "aria-label": column.label },
    make("h4", {}, column.label, column.why ? make("small", {}, column.why) : ""), make("ul", {}, lines), axisElement(axis, column.unit, pixels))
}

// withoutFigure names what has no figure, by reason.
function withoutFigure(view, rows, columns) {
  const reasons = new Map()
  for (const row of rows) {
    for (const c of columns) {
      const entry = row.e[c.i]
      if (entry === null || entry === undefined || !figureOf(entry).st) continue
      const reason = sentenceOf(figureOf(entry))
      if (!reasons.has(reason)) reasons.set(reason, [])
      reasons.get(reason).push(nameOf(row) + ", " + c.label)
    }
  }
  if (reasons.size === 0) return ""
  return make("details", { class: "without" }, make("summary", {}, "Without a figure"),
    make("ul", {}, [...reasons].map(([reason, names]) => make("li", {}, make("b", {}, reason), ": " + names.join("; ")))))
}

// drawBars has a panel for each rung, a bar for each system and a part for each phase.
function drawBars(view, room) {
  const off = setOf("off"), hidden = setOf("hide")
  const phases = new Map()
  const panels = view.panels.filter(p => !hidden.has(p.label)).map(panel => {
    const bars = panel.bars.filter(b => !off.has(D.systems[b.s].name))
    const most = Math.max(...bars.map(b => b.v))
    return bars.length === 0 ? "" : make("section", { class: "panel", "aria-label": panel.title },
      make("h4", {}, panel.label), make("ul", {}, bars.map(b => bar(b, most, phases))))
  })
  const legend = [...phases].map(([name, colour]) => make("li", {}, make("i", { class: "swatch", style: `background:var(--${colour})` }), name))
  room.append(make("ul", { class: "legend" }, legend), make("div", { class: "panels" }, panels))
}

function bar(b, most, phases) {
  const name = D.systems[b.s].name
  const whole = b.parts.reduce((sum, p) => sum + p.v, 0) || 1
  const width = state.bars === "time" ? b.v / most * 100 : 100
  const text = `${name}: ${b.f}; ` + b.parts.map(p => p.name + " " + p.f).join(", ")
  const parts = b.parts.map(p => {
    phases.set(p.name, p.colour)
    return make("i", { style: `width:${(p.v / whole * 100).toFixed(2)}%;background:var(--${p.colour})`, title: p.name + " " + p.f })
  })
  return make("li", {}, make("button", {
    type: "button", class: "row", "aria-describedby": "detail", onpointerenter: () => detail(text), onfocus: () => detail(text), onclick: () => detail(text),
  }, make("span", { class: "who" }, swatch(D.systems[b.s]), name),
  make("span", { class: "track bar" }, make("span", { class: "parts", style: `width:${width.toFixed(2)}%` }, parts)),
  make("span", { class: "what" }, make("b", {}, b.f))))
}

// drawTable is for what is told in words.
function drawTable(view, room) {
  const off = setOf("off")
  const head = ["system", ...view.columns.map(c => c.label)]
  const rows = view.rows.filter(r => !off.has(nameOf(r))).map(r => make("tr", {},
    make("th", { scope: "row" }, swatch(D.systems[r.s]), nameOf(r)),
    r.texts ? r.texts.map((text, i) => make("td", {}, text, r.w && i === r.texts.length - 1 ? make("small", {}, " " + r.w) : ""))
      : make("td", { colspan: view.columns.length }, r.st + (r.w ? ": " + r.w : ""))))
  room.append(make("div", { class: "wide", role: "region", "aria-label": view.title, tabindex: "0" },
    make("table", {}, make("caption", {}, view.title), make("thead", {}, make("tr", {}, head.map((h, i) =>
      make("th", { scope: "col", title: i > 0 ? view.columns[i - 1].why : undefined }, h)))), make("tbody", {}, rows))))
}
