// The explorer: what can be chosen, and the figure of the choice.

const groupOf = view => view.section + "|" + view.what
const chosenView = () => D.views.find(v => v.id === state.view) || mergedView(state.view) || firstView()

// mergedID names the view of all artefacts of a workload.
const mergedID = view => ["all", view.section, view.what, view.w, view.p].join("|")

// mergedView puts the rows of all artefacts of a workload into one view.
function mergedView(id) {
  const views = D.views.filter(v => v.kind === "dots" && v.b && mergedID(v) === id)
  if (views.length === 0) return null
  const columns = []
  for (const c of views.flatMap(v => v.columns)) if (!columns.some(known => known.label === c.label)) columns.push(c)
  const rows = views.flatMap(v => v.rows.map(r => ({
    s: r.s, name: nameOf(r) + ", " + v.b, e: columns.map(c => { const i = v.columns.findIndex(o => o.label === c.label); return i < 0 ? null : r.e[i] }),
  })))
  return { ...fullest(views), id, title: `${views[0].what} of ${views[0].w}, all artefacts`, b: "", columns, rows, notes: unique(views.flatMap(v => v.notes || [])) }
}

// fullest is the view with the most figures.
const fullest = views => views.reduce((best, v) => v.filled > best.filled ? v : best, views[0])

const firstView = () => fullest(D.views.filter(v => groupOf(v) === groupOf(D.views[0])))

// nextView keeps as much of the choice as there is: among the views of a group the one
// that agrees in most of what is wanted, in the order of importance.
function nextView(group, wanted) {
  const views = D.views.filter(v => groupOf(v) === group)
  const score = v => (v.w === wanted.w ? 4 : 0) + (v.b === wanted.b ? 2 : 0) + (v.p === wanted.p ? 1 : 0)
  const best = Math.max(...views.map(score))
  return fullest(views.filter(v => score(v) === best))
}

const show = view => set({ view: view.id, hide: "", off: "" })

function viewChoices(view) {
  const groups = new Map()
  for (const v of D.views) {
    if (!groups.has(v.section)) groups.set(v.section, new Map())
    groups.get(v.section).set(groupOf(v), v.what)
  }
  const select = make("select", { id: "choose-figure", onchange: e => show(nextView(e.target.value, view)) })
  for (const [title, whats] of groups) {
    select.append(make("optgroup", { label: title }, [...whats].map(([group, what]) =>
      make("option", { value: group, selected: group === groupOf(view) }, what))))
  }
  const list = [make("label", { class: "choice" }, make("span", {}, "Figure"), select)]
  const mates = D.views.filter(v => groupOf(v) === groupOf(view))
  const dimension = (label, key, among) => {
    const values = unique(among.map(v => v[key] || ""))
    if (values.length < 2) return
    list.push(choice(label, values.map(v => [v, v || "all"]), view[key] || "", value => show(nextView(groupOf(view), { ...view, [key]: value }))))
  }
  dimension("Workload", "w", mates)
  const builds = mates.filter(v => v.w === view.w && v.p === view.p && v.b)
  if (view.kind === "dots" && builds.length > 1) {
    const options = [[mergedID(builds[0]), "all"], ...builds.map(v => [v.id, v.b])]
    list.push(choice("Artefact", options, view.id, id => set({ view: id, hide: "", off: "", ref: "" })))
  } else dimension("Artefact", "b", mates.filter(v => v.w === view.w))
  dimension("Parameters", "p", mates.filter(v => v.w === view.w && v.b === view.b))
  return list
}

// rowsOf are what stands in a view: systems, or artefacts by name.
function rowsOf(view) {
  if (view.kind === "marks") return unique(view.columns.map(c => c.system))
  return unique((view.rows || view.series || view.panels.flatMap(p => p.bars)).map(nameOf))
}

function otherChoices(view) {
  const list = []
  if (view.kind === "dots") {
    const classes = D.classes.filter((_, k) => view.rows.some(r => r.s >= 0 && (r.e || []).some(e => typeof e === "number" && (D.cells[D.figures[e].c].k || []).includes(k))))
    if (classes.length > 0) {
      const options = [["", "all"], ...classes.map(c => [c, c])]
      if (state.class && !classes.includes(state.class)) options.push([state.class, state.class])
      list.push(choice("Class", options, state.class, value => set({ class: value })))
    }
    const names = rowsOf(view)
    const options = [["", "none"], ...unique([...names, ...(state.ref ? [state.ref] : [])]).map(n => [n, n])]
    list.push(choice("Reference", options, state.ref, value => set({ ref: value })))
  }
  if (view.kind === "dots" || view.kind === "lines") {
    list.push(choice("Axis", [["log", "logarithmic"], ["linear", "linear"]], state.scale, value => set({ scale: value })))
  }
  if (view.kind === "bars") list.push(choice("Bars", [["share", "shares of the whole"], ["time", "time"]], state.bars, value => set({ bars: value })))
  return list
}

// boxes choose columns (rungs, loads, measures) and systems.
function boxes(view) {
  const hidden = setOf("hide"), off = setOf("off")
  const columns = view.kind === "bars" ? view.panels.map(p => p.label)
    : view.kind === "dots" ? view.columns.filter((_, i) => view.rows.some(r => measured(r.e[i]))).map(c => c.label) : []
  const list = []
  if (columns.length > 1) {
    list.push(make("fieldset", {}, make("legend", {}, "Columns"), columns.map(c => check(c, !hidden.has(c), on => toggled("hide", c, !on)))))
  }
  const names = rowsOf(view)
  if (names.length > 1) {
    list.push(make("fieldset", {}, make("legend", {}, view.rows && view.rows.some(r => r.s < 0) ? "Artefacts" : "Systems"),
      names.map(n => check(n, !off.has(n), on => toggled("off", n, !on), D.systems.find(s => s.name === n.split(",")[0])))))
  }
  return list
}

const hints = {
  dots: "Point at a row for its interval, trials and percentiles. Choose it to make it the reference.",
  lines: "Point at a line for its values.", bars: "Point at a bar for the times of its parts.", table: "", marks: "Point at a mark for what was asked and seen.",
}

// formNotes say what marks mean.
const formNotes = {
  dots: ["An open dot has too few trials for an interval. A dot without a line has an interval that is narrower than the dot. Panels are drawn for columns with a figure; panels of one unit share an axis."],
  lines: ["The text below the figure is about the point that is nearest to the pointer."],
}

const drawings = { dots: drawDots, lines: drawLines, bars: drawBars, table: drawTable, marks: drawMarks }

// drawExplorer draws the choices and the figure again, and keeps the focus.
function drawExplorer() {
  const view = chosenView()
  const focused = focusPath(byId("explorer"))
  byId("choices").replaceChildren(...viewChoices(view), ...otherChoices(view))
  const opened = byId("boxes").querySelector("details")
  byId("boxes").replaceChildren(make("details", { open: opened ? opened.open : innerWidth > 700 }, make("summary", {}, "Choose columns and systems"), boxes(view)))
  byId("view-title").textContent = view.title
  byId("view-shows").textContent = view.shows || ""
  const room = byId("figure")
  room.replaceChildren()
  drawings[view.kind](view, room)
  byId("view-reading").replaceChildren(...[view.reading, ...(view.notes || []), ...formNotes[view.kind] || []].filter(Boolean).map(t => make("li", {}, t)))
  byId("detail").textContent = hints[view.kind]
  restoreFocus(byId("explorer"), focused)
}

// focusPath finds a control again after it was drawn anew: by its kind and place.
function focusPath(root) {
  const active = document.activeElement
  if (!root.contains(active) || active === root) return null
  const list = [...root.querySelectorAll(active.tagName)]
  return { tag: active.tagName, at: list.indexOf(active), name: active.dataset.name, panel: active.closest("section.panel")?.ariaLabel }
}

function restoreFocus(root, path) {
  if (!path) return
  const list = [...root.querySelectorAll(path.tag)]
  const same = path.name && list.find(e => e.dataset.name === path.name && e.closest("section.panel")?.ariaLabel === path.panel)
  const element = same || list[path.at]
  if (element && element !== document.activeElement) element.focus({ preventScroll: true })
}

function startExplorer() {
  if (D.views.length === 0) return
  byId("explorer").hidden = false
  let width = innerWidth
  addEventListener("resize", () => {
    if (innerWidth !== width) drawExplorer()
    width = innerWidth
  })
  listeners.push(keys => {
    if (keys.some(k => ["view", "class", "off", "hide", "ref", "scale", "bars"].includes(k))) drawExplorer()
  })
  drawExplorer()
}
