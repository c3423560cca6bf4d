// Matrices of the explorer: the answer of each system to each check.

function drawMarks(view, room) {
  const off = setOf("off")
  const columns = view.columns.map((c, i) => ({ ...c, i })).filter(c => !off.has(c.system))
  const head = make("tr", {}, make("th", { scope: "col" }, "Check"), columns.map(c => make("th", { scope: "col" }, make("span", {}, c.label))))
  const bodies = view.groups.map(g => make("tbody", {},
    make("tr", {}, make("th", { scope: "rowgroup", colspan: columns.length + 1 }, g.title)),
    g.rows.map(r => make("tr", {}, make("th", { scope: "row" }, r.name), columns.map(c => markCell(r, c))))))
  room.append(make("ul", { class: "legend" }, (view.legend || []).map(m => make("li", {}, make("span", { class: "mark " + m.tone }, m.sign), " " + m.word))),
    make("div", { class: "wide", role: "region", "aria-label": view.title, tabindex: "0" },
      make("table", { class: "matrix" }, make("caption", {}, view.title), make("thead", {}, head), bodies)))
}

// markCell is a mark, which says on request what was asked and seen.
function markCell(row, column) {
  const mark = row.marks[column.i]
  const text = `${column.label}, ${row.name}: ${mark.word || "not asked"}${mark.evidence ? "; " + mark.evidence : ""}${row.why ? ". " + row.why : ""}`
  if (!mark.word) return make("td", { class: "mark" }, mark.sign)
  const show = () => detail(text)
  return make("td", { class: "mark " + mark.tone }, make("button", { type: "button", class: "sign", onfocus: show, onpointerenter: show, onclick: show },
    make("span", { "aria-hidden": "true" }, mark.sign), make("span", { class: "hidden" }, mark.word)))
}
