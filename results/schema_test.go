package results

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"github.com/santhosh-tekuri/jsonschema/v6"
)

// schemas are the compiled schemas of the three files, formats asserted.
var schemas = func() map[string]*jsonschema.Schema {
	doc, err := jsonschema.UnmarshalJSON(bytes.NewReader(SchemaJSON))
	if err != nil {
		panic(err)
	}
	c := jsonschema.NewCompiler()
	c.AssertFormat()
	if err := c.AddResource("schema.json", doc); err != nil {
		panic(err)
	}
	return map[string]*jsonschema.Schema{
		RecordsFile:     c.MustCompile("schema.json"),
		PlanFile:        c.MustCompile("schema.json#/$defs/plan"),
		EnvironmentFile: c.MustCompile("schema.json#/$defs/environment"),
	}
}()

// conforms validates one JSON text against the schema of a file.
func conforms(t testing.TB, file string, text []byte) error {
	t.Helper()
	v, err := jsonschema.UnmarshalJSON(bytes.NewReader(text))
	if err != nil {
		t.Fatalf("%s: %v in %s", file, err, text)
	}
	return schemas[file].Validate(v)
}

// fill sets every field that can be reached to something that is not its zero
// value, so that no omitempty hides one.
func fill(v reflect.Value) {
	switch x := v.Addr().Interface().(type) {
	case *time.Time:
		*x = time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC)
		return
	case *Experiment:
		*x = ColdStart
		return
	case *Rung:
		*x = Pooled
		return
	case *Outcome:
		*x = OK
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			fill(v.Field(i))
		}
	case reflect.Slice:
		v.Set(reflect.MakeSlice(v.Type(), 1, 1))
		fill(v.Index(0))
	case reflect.Map:
		v.Set(reflect.MakeMap(v.Type()))
		value := reflect.New(v.Type().Elem()).Elem()
		fill(value)
		v.SetMapIndex(reflect.ValueOf("name"), value)
	case reflect.Bool:
		v.SetBool(true)
	case reflect.String:
		v.SetString("text")
	case reflect.Int, reflect.Int64:
		v.SetInt(1)
	case reflect.Uint64:
		v.SetUint(1<<64 - 1)
	case reflect.Float64:
		v.SetFloat(0.5)
	default:
		panic(fmt.Sprintf("fill does not know %s", v.Type()))
	}
}

func filled[T any]() T {
	var v T
	fill(reflect.ValueOf(&v).Elem())
	return v
}

// filledRecords are an OK record and a failed one with every field that each
// of them may have.
func filledRecords() (ok, failed Record) {
	ok, failed = filled[Record](), filled[Record]()
	ok.Error = ""
	failed.Outcome, failed.Metrics, failed.Histograms = Failed, nil, nil
	return ok, failed
}

func TestSchemaKnowsEveryField(t *testing.T) {
	ok, failed := filledRecords()
	for _, r := range []Record{ok, failed} {
		if err := r.Validate(); err != nil {
			t.Fatal(err)
		}
		text, _ := encode(r.complete(), "")
		if err := conforms(t, RecordsFile, text); err != nil {
			t.Errorf("record: %v\n%s", err, text)
		}
	}
	plan, env := filled[Plan](), filled[Environment]()
	text, _ := encode(plan.complete(), "")
	if err := conforms(t, PlanFile, text); err != nil {
		t.Errorf("plan: %v\n%s", err, text)
	}
	text, _ = encode(env.complete(), "")
	if err := conforms(t, EnvironmentFile, text); err != nil {
		t.Errorf("environment: %v\n%s", err, text)
	}
}

// The least that may be written conforms as well: no list or map is null.
func TestSchemaTakesTheLeast(t *testing.T) {
	r := filled[Record]()
	r.Metrics, r.Phases, r.Histograms, r.Conditions, r.Facts, r.Warnings, r.Error = nil, nil, nil, nil, nil, nil, ""
	text, _ := encode(r.complete(), "")
	if err := conforms(t, RecordsFile, text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	text, _ = encode(Plan{Schema: Schema, Run: "r", Trials: []Trial{{Experiment: Size, Cell: r.Cell}}}.complete(), "")
	if err := conforms(t, PlanFile, text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	text, _ = encode(Environment{Schema: Schema, Run: "r", At: r.At, Systems: []SystemState{{System: System{"a", "b"}}}}.complete(), "")
	if err := conforms(t, EnvironmentFile, text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// A size trial of a build with a plus in its name conforms, and the schema says
// what each of its metrics is.
func TestSchemaKnowsSizes(t *testing.T) {
	r, _ := filledRecords()
	r.Experiment, r.Cell.Language, r.Cell.Rung = Size, "go+debian", Deploy
	r.Facts = map[string]string{ArtefactKind: "image"}
	r.Metrics = nil
	for _, name := range Sizes() {
		r.Metrics = append(r.Metrics, Metric{Name: name, Unit: Bytes, Values: []float64{1}})
	}
	if err := r.Validate(); err != nil {
		t.Error(err)
	}
	text, _ := encode(r.complete(), "")
	if err := conforms(t, RecordsFile, text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	for _, name := range append(Sizes(), ArtefactKind) {
		if !bytes.Contains(SchemaJSON, []byte(name+" ")) && !bytes.Contains(SchemaJSON, []byte(name+":")) {
			t.Errorf("the schema does not say what %s is", name)
		}
	}
}

// node is the part of a schema that is compared with a Go type.
type node struct {
	Description string          `json:"description"`
	Ref         string          `json:"$ref"`
	Type        string          `json:"type"`
	Additional  any             `json:"additionalProperties"`
	Required    []string        `json:"required"`
	Properties  map[string]node `json:"properties"`
	Items       *node           `json:"items"`
}

// Schema and types name the same members, and the same ones are required, so
// that neither can change without the other.
func TestSchemaMatchesTypes(t *testing.T) {
	var root struct {
		node
		Defs map[string]node `json:"$defs"`
	}
	if err := json.Unmarshal(SchemaJSON, &root); err != nil {
		t.Fatal(err)
	}
	types := map[string]reflect.Type{
		"plan": reflect.TypeFor[Plan](), "table": reflect.TypeFor[Table](), "trial": reflect.TypeFor[Trial](),
		"system": reflect.TypeFor[System](), "cell": reflect.TypeFor[Cell](), "metric": reflect.TypeFor[Metric](),
		"histogram": reflect.TypeFor[Histogram](), "environment": reflect.TypeFor[Environment](),
		"host": reflect.TypeFor[Host](), "system_state": reflect.TypeFor[SystemState](),
		"artefact_state": reflect.TypeFor[ArtefactState](), "agent_state": reflect.TypeFor[AgentState](),
	}
	for name, def := range root.Defs {
		if _, ok := types[name]; !ok && def.Properties != nil {
			t.Errorf("$defs/%s has no Go type", name)
		}
	}
	for name, typ := range types {
		matches(t, "$defs/"+name, root.Defs[name], typ)
	}
	matches(t, "record", root.node, reflect.TypeFor[Record]())
}

func matches(t *testing.T, name string, n node, typ reflect.Type) {
	t.Helper()
	members, required := membersOf(typ)
	if diff := cmp.Diff(members, slices.Sorted(maps.Keys(n.Properties))); diff != "" {
		t.Errorf("%s and %s differ:\n%s", typ, name, diff)
	}
	slices.Sort(n.Required)
	if diff := cmp.Diff(required, n.Required); diff != "" {
		t.Errorf("required members of %s and %s differ:\n%s", typ, name, diff)
	}
	if n.Additional != false || n.Type != "object" || n.Description == "" {
		t.Errorf("%s is not a strict object with a description", name)
	}
	for member, p := range n.Properties {
		if p.Description == "" && p.Ref == "" {
			t.Errorf("%s of %s has no description", member, name)
		}
	}
}

// membersOf lists the JSON members of a struct, and those that are always
// written, both sorted.
func membersOf(typ reflect.Type) (all, required []string) {
	for _, f := range reflect.VisibleFields(typ) {
		if f.Anonymous {
			continue
		}
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		all = append(all, name)
		if options != "omitempty" {
			required = append(required, name)
		}
	}
	slices.Sort(all)
	slices.Sort(required)
	return all, required
}

// What Validate refuses and a schema can express, the schema refuses too.
func TestSchemaIsStrict(t *testing.T) {
	ok, failed := filledRecords()
	text, _ := encode(ok.complete(), "")
	bad, _ := encode(failed.complete(), "")
	edits := map[string][2]string{
		"unknown member":      {`"schema"`, `"extra":1,"schema"`},
		"unknown in a cell":   {`"runner"`, `"extra":1,"runner"`},
		"later schema":        {`"schema":1`, `"schema":2`},
		"null list":           {`"warnings":["text"]`, `"warnings":null`},
		"unknown outcome":     {`"outcome":"ok"`, `"outcome":"fine"`},
		"failed with metrics": {`"outcome":"ok"`, `"outcome":"failed","error":"x"`},
		"ok with an error":    {`"outcome":"ok"`, `"outcome":"ok","error":"x"`},
		"unknown rung":        {`"rung":"pooled"`, `"rung":"warm"`},
		"slash in a name":     {`"mode":"text"`, `"mode":"a/b"`},
		"no values":           {`"values":[0.5]`, `"values":[]`},
		"time without zone":   {`05.678Z`, `05.678`},
		"negative seq":        {`"seq":1`, `"seq":-1`},
		"negative share":      {`"machine":{"name":0.5}`, `"machine":{"name":-1}`},
		"scale of zero":       {`"scale":0.5`, `"scale":0`},
	}
	for name, e := range edits {
		changed := bytes.Replace(text, []byte(e[0]), []byte(e[1]), 1)
		if bytes.Equal(changed, text) {
			t.Errorf("%s: %s is not in the record", name, e[0])
		}
		if conforms(t, RecordsFile, changed) == nil {
			t.Errorf("%s: the schema takes %s", name, changed)
		}
	}
	without := bytes.Replace(bad, []byte(`"error":"text",`), nil, 1)
	if len(without) == len(bad) || conforms(t, RecordsFile, without) == nil {
		t.Errorf("the schema takes a failed record without an error: %s", without)
	}
}
