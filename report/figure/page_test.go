package figure

import (
	"image"
	"image/color"
	"testing"

	"gonum.org/v1/plot/vg"
	"gonum.org/v1/plot/vg/draw"
	"gonum.org/v1/plot/vg/vgimg"
)

// inkedColumns is how many columns of pixels from the first to the last have
// ink when a text is set.
func inkedColumns(s string) int {
	c := vgimg.NewWith(vgimg.UseWH(200, 40), vgimg.UseDPI(dpi))
	page := draw.New(raster{c})
	page.FillText(styled(smallFont, color.Black, draw.XLeft, draw.YBottom), vg.Point{X: 20, Y: 20}, s)
	var inked image.Rectangle
	size := c.Image().Bounds()
	for x := range size.Dx() {
		for y := range size.Dy() {
			if r, _, _, _ := c.Image().At(x, y).RGBA(); r < 0x8000 {
				inked = inked.Union(image.Rect(x, y, x+1, y+1))
			}
		}
	}
	return inked.Dx()
}

// A text in pixels is as wide as it was measured, so that it ends where its
// place was found to end.
func TestRasterTextIsAsWideAsMeasured(t *testing.T) {
	for _, s := range []string{"1111111111", "WAWAWAWA", "AVAVAVAV", "not planned"} {
		got, want := inkedColumns(s), float64(widthOf(s, smallFont).Dots(dpi))
		if d := want - float64(got); d < -1 || d > 4 { // the sides of letters have no ink
			t.Errorf("%q has ink over %d pixels, measured %.1f", s, got, want)
		}
	}
}

func TestRasterSetsAnyText(t *testing.T) {
	if inkedColumns("a\xff\xfeb") == 0 {
		t.Error("nothing was set")
	}
}
