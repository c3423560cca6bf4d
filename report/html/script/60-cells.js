// The table of all cells: sorted, filtered, and drawn as far as it is seen.

const rowPixels = 34
const beyond = 12 // rows that are drawn above and below what is seen

const paramsText = cell => (cell.p || []).map(([name, value]) => name === "rung" ? value : name + "=" + value).join(", ")

// cellRows has what is searched and sorted, once.
const cellRows = D.figures.slice(0, D.listed).map((figure, index) => {
  const cell = D.cells[figure.c], metric = D.metrics[figure.m], system = D.systems[cell.s]
  const row = { index, figure, cell, metric, system, params: paramsText(cell) }
  row.place = [metric.experiment, metric.name, cell.w, cell.b, row.params].join("|")
  row.text = [system.name, system.side, metric.experiment, metric.label, cell.w, cell.b, row.params, figure.f || stateWords[figure.st],
    ...(cell.k || []).map(k => D.classes[k])].join(" ").toLowerCase()
  return row
})

const byPlace = new Map(cellRows.map(r => [r.place + "|" + r.system.name, r.figure]))
const referenceOf = row => byPlace.get(row.place + "|" + state.ref)

const ratioValue = row => {
  const ratio = ratioOf(row.figure, referenceOf(row))
  return ratio ? ratio.value : undefined
}

const absence = f => f.st ? "n/a: " + stateWords[f.st] : ""
const precision = f => f.st || !f.i || !(f.v > 0) ? undefined : Math.max(f.h - f.v, f.v - f.l) / f.v

// columns of the table: how a row is written, and by what it is sorted; undefined is
// last in either direction.
const cellColumns = [
  { key: "system", title: "System", text: r => r.system.name, by: r => r.system.name },
  { key: "experiment", title: "Experiment", text: r => r.metric.experiment, by: r => r.metric.experiment },
  { key: "workload", title: "Workload", text: r => r.cell.w, by: r => r.cell.w },
  { key: "build", title: "Build", text: r => r.cell.b, by: r => r.cell.b },
  { key: "params", title: "Rung, parameters", text: r => r.params, by: r => r.params },
  { key: "metric", title: "Metric", text: r => r.metric.label, by: r => r.metric.label },
  { key: "figure", title: "Median", text: r => r.figure.f || absence(r.figure), by: r => r.figure.st ? undefined : r.figure.v, unit: true },
  { key: "interval", title: "Interval", text: r => r.figure.i || "", by: r => precision(r.figure) },
  { key: "n", title: "Trials", text: r => r.figure.n ? String(r.figure.n) : "", by: r => r.figure.n || undefined },
  { key: "ratio", title: "To the reference", text: r => { const x = ratioOf(r.figure, referenceOf(r)); return x ? factor(x, r.figure.u) : "" }, by: ratioValue },
  { key: "grade", title: "Grade", text: r => r.figure.g || "", by: r => r.figure.g || undefined },
]

// On a narrow screen the figure stands beside the system.
if (innerWidth < 560) cellColumns.splice(1, 0, ...cellColumns.splice(cellColumns.findIndex(c => c.key === "figure"), 1))

let shownCells = []

// pickCells filters and sorts.
function pickCells() {
  const words = state.q.toLowerCase().split(/\s+/).filter(Boolean)
  const k = D.classes.indexOf(state.in)
  const rows = cellRows.filter(r => (state.all || r.figure.hd)
    && (!state.experiment || r.metric.experiment === state.experiment) && (!state.side || r.system.side === state.side)
    && (!state.system || r.system.name === state.system) && (!state.workload || r.cell.w === state.workload)
    && (!state.build || r.cell.b === state.build) && (!state.in || (r.cell.k || []).includes(k))
    && words.every(w => r.text.includes(w)))
  const down = state.sort.startsWith("-"), column = cellColumns.find(c => c.key === state.sort.replace("-", ""))
  if (column) {
    const keyed = rows.map(r => ({ r, v: column.by(r) }))
    keyed.sort((a, b) => compareCells(a, b, column, down))
    return keyed.map(x => x.r)
  }
  return rows.sort((a, b) => (a.figure.st ? 1 : 0) - (b.figure.st ? 1 : 0) || a.index - b.index)
}

function compareCells(a, b, column, down) {
  const missing = (a.v === undefined ? 1 : 0) - (b.v === undefined ? 1 : 0)
  if (missing !== 0) return missing
  if (column.unit && a.r.figure.u !== b.r.figure.u) return String(a.r.figure.u) < String(b.r.figure.u) ? -1 : 1
  const order = a.v < b.v ? -1 : a.v > b.v ? 1 : 0
  return (down ? -order : order) || a.r.index - b.r.index
}

function cellHead() {
  return make("tr", {}, cellColumns.map(c => {
    const up = state.sort === c.key, down = state.sort === "-" + c.key
    return make("th", { scope: "col", class: "c-" + c.key, "aria-sort": up ? "ascending" : down ? "descending" : undefined },
      make("button", { type: "button", "data-sort": c.key, onclick: () => set({ sort: up ? "-" + c.key : down ? "" : c.key }) },
        c.title, make("span", { "aria-hidden": "true" }, up ? " ▲" : down ? " ▼" : "")))
  }))
}

function cellRow(r, at) {
  const tr = make("tr", { "aria-rowindex": at + 2 })
  for (const c of cellColumns) {
    const text = c.text(r)
    if (c.key === "system") tr.append(make("th", { scope: "row", class: "c-system" }, swatch(r.system), text))
    else if (c.key === "figure") tr.append(make("td", { class: "c-figure" }, make("button", { type: "button", class: "link", "data-figure": r.index,
      onclick: () => set({ trials: String(r.index) }) }, text)))
    else tr.append(make("td", { class: "c-" + c.key, title: text }, text))
  }
  return tr
}

// drawSeen draws the rows that are seen, between two spaces for the others.
function drawSeen(all) {
  const box = byId("cells-box"), body = byId("cells-body")
  const first = all ? 0 : Math.max(0, Math.floor(box.scrollTop / rowPixels) - beyond)
  const last = all ? shownCells.length : Math.min(shownCells.length, first + Math.ceil(box.clientHeight / rowPixels) + 2 * beyond)
  const space = rows => make("tr", { class: "space", "aria-hidden": "true" }, make("td", { colspan: cellColumns.length, style: `height:${rows * rowPixels}px` }))
  const rows = shownCells.slice(first, last).map((r, i) => cellRow(r, first + i))
  if (first > 0) rows.unshift(space(first))
  if (last < shownCells.length) rows.push(space(shownCells.length - last))
  body.replaceChildren(...rows)
}

function drawCells() {
  shownCells = pickCells()
  const focused = document.activeElement?.dataset?.sort
  byId("cells-head").replaceChildren(cellHead())
  if (focused) byId("cells-head").querySelector(`[data-sort="${focused}"]`).focus()
  byId("cells-table").setAttribute("aria-rowcount", shownCells.length + 1)
  byId("cells-count").textContent = `${shownCells.length} of ${cellRows.length} figures`
  byId("cells-box").scrollTop = 0
  drawSeen(false)
}

const quoted = text => /[",\n]/.test(text) ? '"' + text.replaceAll('"', '""') + '"' : text

// csvOf writes the rows that are shown, values in their units.
function csvOf(rows) {
  const names = ["experiment", "system", "workload", "build", "parameters", "metric", "unit", "median", "low", "high", "trials", "grade", "state", "reason"]
  return [names, ...rows.map(r => {
    const f = r.figure, number = v => f.st || v === undefined ? "" : v
    return [r.metric.experiment, r.system.name, r.cell.w, r.cell.b, r.params, r.metric.name, f.u || "", number(f.v), number(f.l), number(f.h),
      f.n || "", f.g || "", f.st || "measured", f.w || ""]
  })].map(line => line.map(v => quoted(String(v))).join(",")).join("\n") + "\n"
}

async function copyCells() {
  const text = csvOf(shownCells)
  try {
    await navigator.clipboard.writeText(text)
  } catch { // no clipboard for this page: the old way
    const area = make("textarea", { class: "hidden", "aria-label": "CSV" })
    area.value = text
    document.body.append(area)
    area.select()
    document.execCommand("copy")
    area.remove()
  }
  byId("cells-said").textContent = `${shownCells.length} rows copied as CSV`
}

function cellFacets() {
  const facet = (label, key, values) => choice(label, [["", "all"], ...unique(values).sort().map(v => [v, v])], state[key], value => set({ [key]: value }))
  byId("cells-facets").replaceChildren(
    facet("Experiment", "experiment", cellRows.map(r => r.metric.experiment)), facet("Side", "side", cellRows.map(r => r.system.side)),
    facet("System", "system", cellRows.map(r => r.system.name)), facet("Workload", "workload", cellRows.map(r => r.cell.w)),
    facet("Build", "build", cellRows.map(r => r.cell.b)), facet("Class", "in", D.classes),
    check("all metrics", Boolean(state.all), on => set({ all: on ? "1" : "" })))
}

function startCells() {
  byId("cells-live").hidden = false
  const search = byId("cells-search")
  search.addEventListener("input", () => set({ q: search.value }))
  byId("cells-copy").addEventListener("click", copyCells)
  byId("cells-box").addEventListener("scroll", () => requestAnimationFrame(() => drawSeen(false)))
  addEventListener("beforeprint", () => drawSeen(true))
  addEventListener("afterprint", () => drawSeen(false))
  const own = ["q", "experiment", "side", "system", "workload", "build", "in", "all", "sort", "ref"]
  listeners.push(keys => { if (keys.some(k => own.includes(k))) drawCells() })
  applyCells()
}

// applyCells draws all of it from the state.
function applyCells() {
  byId("cells-search").value = state.q
  cellFacets()
  drawCells()
}
