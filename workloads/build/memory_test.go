package build_test

import (
	"testing"

	"edgebench/runners"
)

// An instance that has answered everything has all the memory that it needs:
// garbage of one request is room for the next, however the language collects it.
func TestInstancesStopGrowing(t *testing.T) {
	const calls = 10_000
	list, builder := open(t)
	for _, name := range []string{"noop", "rewrite", "auth", "api", "template"} {
		w := find(t, list, name)
		for _, language := range languagesAs(w, runners.Wasm) {
			if !w.Commits(language) {
				continue
			}
			t.Run(name+"/"+language, func(t *testing.T) {
				t.Parallel()
				r := instantiate(t, mustBuild(t, builder, w, language, runners.Wasm))
				answersAll(t, w, r)
				answersAll(t, w, r)
				grown := r.module.Memory().Size()
				for i := range calls {
					x := w.Exchanges[i%len(w.Exchanges)]
					if len(x.Request) > 8<<10 {
						continue // takes long, and has been asked
					}
					if _, err := r.Call(nil, x.Request); err != nil {
						t.Fatal(err)
					}
				}
				if size := r.module.Memory().Size(); size > grown {
					t.Errorf("memory has grown from %d to %d bytes in %d calls", grown, size, calls)
				}
			})
		}
	}
}
