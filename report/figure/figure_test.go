package figure_test

import (
	"bytes"
	"encoding/xml"
	"errors"
	"flag"
	"image/png"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"sync"
	"testing"

	"edgebench/bench/stat/estimate"
	"edgebench/report"
	"edgebench/report/figure"
	"edgebench/report/model"
	"edgebench/report/reporttest"
	"edgebench/results"
	"edgebench/runners"

	"gonum.org/v1/plot/cmpimg"
)

var update = flag.Bool("update", false, "write the golden files instead of comparing with them")

// The models that tests share; nothing changes a model.
var (
	good    = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Run(1)) })
	hostile = sync.OnceValue(func() *model.Model { return report.Build(reporttest.Hostile()) })
	// few has three trials a cell, so that nothing has an interval.
	few = sync.OnceValue(func() *model.Model {
		plan, env, records := reporttest.Run(1)
		return report.Build(plan, env, slices.DeleteFunc(records, func(r results.Record) bool { return r.Block > 2 }))
	})
)

func find(t *testing.T, m *model.Model, prefix string) figure.Figure {
	t.Helper()
	for _, f := range figure.All(m) {
		if strings.HasPrefix(f.Name, prefix) {
			return f
		}
	}
	t.Fatalf("there is no figure %s…", prefix)
	return figure.Figure{}
}

func render(t *testing.T, f figure.Figure, format string) []byte {
	t.Helper()
	data, err := f.Render(format)
	if err != nil {
		t.Fatal(err)
	}
	return data
}

func TestFiguresAreGolden(t *testing.T) {
	for prefix, m := range map[string]func() *model.Model{
		"ladder-rewrite": good, "distribution": good, "phases": good, "density": good, "attempts": reporttest.Matrix, "poster": good,
	} {
		t.Run(prefix, func(t *testing.T) {
			got := render(t, find(t, m(), prefix), figure.PNG)
			path := filepath.Join("testdata", prefix+".png")
			if *update {
				if err := os.WriteFile(path, got, 0o644); err != nil {
					t.Fatal(err)
				}
			}
			want, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			// Edges may differ by a shade between machines that round otherwise.
			if same, err := cmpimg.EqualApprox("png", got, want, 0.3); err != nil || !same {
				t.Errorf("%s differs (run with -update where that is meant), error %v", path, err)
			}
		})
	}
}

func TestFiguresAreThere(t *testing.T) {
	var names []string
	for _, f := range figure.All(good()) {
		names = append(names, f.Name)
		for what, text := range map[string]string{"title": f.Title, "conditions": f.Conditions, "reading": f.Reading, "alt": f.Alt} {
			if text == "" {
				t.Errorf("%s has no %s", f.Name, what)
			}
		}
		if slices.Contains(names[:len(names)-1], f.Name) {
			t.Errorf("%s occurs twice", f.Name)
		}
	}
	if len(names) != 12 {
		t.Errorf("the figures are %q", names)
	}
}

func TestRenderingIsDeterministic(t *testing.T) {
	again := report.Build(reporttest.Run(1))
	for _, format := range []string{figure.PNG, figure.SVG} { // a PDF holds the time
		for _, name := range []string{"ladder", "poster"} {
			a, b := render(t, find(t, good(), name), format), render(t, find(t, again, name), format)
			if !bytes.Equal(a, b) {
				t.Errorf("two renderings of %s as %s differ", name, format)
			}
		}
	}
}

// A PNG has 300 pixels to the inch at 7.16 inches, the width of a paper with two
// columns.
func TestPNGIsForPrint(t *testing.T) {
	data := render(t, find(t, good(), "ladder"), figure.PNG)
	config, err := png.DecodeConfig(bytes.NewReader(data))
	if err != nil || config.Width != 2150 {
		t.Errorf("the picture is %d pixels wide, error %v", config.Width, err)
	}
	if at := bytes.Index(data, []byte("pHYs\x00\x00\x2e\x23\x00\x00\x2e\x23\x01")); at != 37 { // 11,811 a metre
		t.Errorf("its density is at byte %d", at)
	}
}

func TestPDFDrawsEveryCharacter(t *testing.T) {
	for _, name := range []string{"poster", "ladder", "density"} {
		data := render(t, find(t, good(), name), figure.PDF)
		if !bytes.HasPrefix(data, []byte("%PDF-")) || bytes.Contains(data, []byte("/FontFile")) {
			t.Errorf("%s: %.20q…, with a font: %v", name, data, bytes.Contains(data, []byte("/FontFile")))
		}
	}
}

func TestFiguresByName(t *testing.T) {
	list, err := figure.Named(good(), []string{"poster", "ladder-*"})
	if err != nil || len(list) < 2 || list[0].Name != "poster" {
		t.Errorf("%d figures, error %v", len(list), err)
	}
	for _, f := range list[1:] {
		if !strings.HasPrefix(f.Name, "ladder-") {
			t.Errorf("%s was not asked for", f.Name)
		}
	}
	if all, err := figure.Named(good(), nil); err != nil || len(all) != len(figure.All(good())) {
		t.Errorf("%d figures without a name, error %v", len(all), err)
	}
	for _, wrong := range []string{"lader-*", "[", ""} {
		if _, err := figure.Named(good(), []string{wrong}); err == nil {
			t.Errorf("%q is taken", wrong)
		}
	}
}

// wellFormed reads XML to its end and refuses elements that could act.
func wellFormed(t *testing.T, name string, data []byte) {
	t.Helper()
	d := xml.NewDecoder(bytes.NewReader(data))
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		if e, ok := token.(xml.StartElement); ok && !slices.Contains([]string{"svg", "title", "desc", "g", "path", "text"}, e.Name.Local) {
			t.Fatalf("%s has an element %s", name, e.Name.Local)
		}
	}
}

func TestAnyModelRenders(t *testing.T) {
	for name, m := range map[string]*model.Model{
		"good": good(), "hostile": hostile(), "few": few(),
		"empty": report.Build(results.Plan{}, results.Environment{}, nil),
	} {
		dir := t.TempDir()
		paths, err := figure.WriteAll(dir, figure.SVG, figure.All(m))
		if err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		for _, path := range paths {
			if filepath.Dir(path) != dir {
				t.Errorf("%s: wrote %s outside its folder", name, path)
			}
			data, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			wellFormed(t, name+" "+path, data)
		}
	}
	for _, format := range []string{figure.PNG, figure.PDF} {
		if _, err := figure.WriteAll(t.TempDir(), format, figure.All(hostile())); err != nil {
			t.Error(err)
		}
	}
}

func TestInlineFollowsThePage(t *testing.T) {
	svg, err := find(t, good(), "ladder").Inline()
	if err != nil {
		t.Fatal(err)
	}
	wellFormed(t, "inline", []byte(svg))
	for _, want := range []string{`class="figure"`, `role="img"`, "fill:var(--ink)", "fill:var(--" + runners.Table()[0].Name + ")", "<title>", "<desc>"} {
		if !strings.Contains(svg, want) {
			t.Errorf("there is no %s in it", want)
		}
	}
	style := figure.Style()
	for _, line := range strings.Split(svg, "var(--")[1:] {
		name, _, _ := strings.Cut(line, ")")
		if strings.Count(style, "--"+name+":") != 2 {
			t.Fatalf("the style has no light and dark %s", name)
		}
	}
	if fixed := regexp.MustCompile("#[0-9A-Fa-f]{3,6}").FindString(svg); fixed != "" {
		t.Errorf("the colour %s is fixed", fixed)
	}
}

func TestUnknownFormatAndFolder(t *testing.T) {
	if _, err := find(t, good(), "ladder").Render("gif"); err == nil {
		t.Error("a GIF was rendered")
	}
	file := filepath.Join(t.TempDir(), "file")
	if err := os.WriteFile(file, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := figure.WriteAll(file, figure.PNG, figure.All(good())); err == nil {
		t.Error("figures were written into a file")
	}
}

// A chart may have points with intervals and lines that are no steps, as that of a
// rate over the number at a time.
func TestChartOfPoints(t *testing.T) {
	system := good().Systems[0]
	chart := model.Chart{
		ID: "points", Caption: model.Caption{Title: "Points", Shows: "rates", Reading: "Read it."}, Alt: "Rates.",
		X: model.Axis{Title: "at a time", Unit: results.Count}, Y: model.Axis{Title: "rate", Unit: results.RequestsPerSecond},
		Series: []model.Series{{System: system, Notes: []string{"a note"}, Points: []model.Point{
			{X: 1, Y: 100, Interval: &estimate.Interval{Low: 90, High: 110}}, {X: 2, Y: 180}, {X: 4, Y: 150},
		}}},
	}
	plain := chart
	plain.Series = []model.Series{{System: system, Points: []model.Point{{X: 1, Y: 100}, {X: 2, Y: 180}, {X: 4, Y: 150}}}}
	f, ok := figure.Of(good(), model.Element{Chart: &chart})
	if !ok {
		t.Fatal("the chart has no figure")
	}
	svg := render(t, f, figure.SVG)
	wellFormed(t, "points", svg)
	without, _ := figure.Of(good(), model.Element{Chart: &plain})
	if !bytes.Contains(svg, []byte("a note")) || bytes.Count(svg, []byte("<path")) <= bytes.Count(render(t, without, figure.SVG), []byte("<path")) {
		t.Error("the note or the interval is not drawn")
	}
	if _, ok := figure.Of(good(), model.Element{Chart: &model.Chart{}}); ok {
		t.Error("a chart without a line has a figure")
	}
}
