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

// valid are values of fields that not every text or number fits.
var valid = map[reflect.Type]any{
	reflect.TypeFor[time.Time]():       time.Date(2026, 1, 2, 3, 4, 5, 678e6, time.UTC),
	reflect.TypeFor[Rung]():            Pooled,
	reflect.TypeFor[Outcome]():         OK,
	reflect.TypeFor[StopReason]():      StopLimit,
	reflect.TypeFor[Params]():          Params("concurrency=2/page_cache=warm/rung=pooled"),
	reflect.TypeFor[json.RawMessage](): json.RawMessage(`{"iterations":12,"spread":"40ms"}`),
}

// fill sets every field that can be reached to something that is not its zero
// value, so that no omitempty hides one.
func fill(v reflect.Value) {
	if x, ok := valid[v.Type()]; ok {
		v.Set(reflect.ValueOf(x))
		return
	}
	switch v.Kind() {
	case reflect.Struct:
		for i := range v.NumField() {
			switch f := v.Type().Field(i); {
			case f.Name == "Schema":
				v.Field(i).SetInt(Schema)
			case f.IsExported():
				fill(v.Field(i))
			}
		}
	case reflect.Pointer:
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem())
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
	failed.Outcome, failed.Metrics, failed.Histograms, failed.Checks = Failed, nil, nil, nil
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
	env.Systems[0].Released = "2021-08-12"
	if err := checkNew(&plan, &env); err != nil {
		t.Fatal(err)
	}
	text, _ := encodePlan(plan)
	if err := conforms(t, PlanFile, text); err != nil {
		t.Errorf("plan: %v\n%s", err, text)
	}
	text, _ = encodeEnvironment(env)
	if err := conforms(t, EnvironmentFile, text); err != nil {
		t.Errorf("environment: %v\n%s", err, text)
	}
}

// The smallest documents conform as well: no list or map is null.
func TestSchemaTakesTheLeast(t *testing.T) {
	cell := testCell
	cell.Params = ""
	r := Record{Schema: Schema, Run: "r", Cell: cell, At: time.Unix(0, 0), Outcome: OK}
	p := Plan{Schema: Schema, Run: "r", Specs: []Spec{{Cell: cell}}}
	e := Environment{Schema: Schema, Run: "r", At: r.At, Systems: []SystemState{{System: cell.System}}}
	if err := checkNew(&p, &e); err != nil || r.Validate() != nil {
		t.Fatal(err, r.Validate())
	}
	text, _ := encode(r.complete(), "")
	if err := conforms(t, RecordsFile, text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
	for _, specs := range [][]Spec{p.Specs, nil} {
		p.Specs = specs
		text, _ = encodePlan(p)
		if err := conforms(t, PlanFile, text); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
	}
	text, _ = encodeEnvironment(e)
	if err := conforms(t, EnvironmentFile, text); err != nil {
		t.Errorf("%v\n%s", err, text)
	}
}

// An experiment is a name and no word from a list, and so is a build. What a trial
// stopped for is a word from a list, and what ran out a name.
func TestSchemaTakesNames(t *testing.T) {
	r, _ := filledRecords()
	r.Experiment, r.Build, r.Kind = "parallel", "go+debian", "image"
	r.Params = NewParams(map[string]string{"at_a_time": "16", "page_cache": "warm", "negative": "-1", "digits": "007"})
	for _, reason := range []StopReason{StopBudget, StopLimit, StopFailure} {
		r.Stop = &Stop{Reason: reason, Resource: "open_sockets"}
		if err := r.Validate(); err != nil {
			t.Error(err)
		}
		text, _ := encode(r.complete(), "")
		if err := conforms(t, RecordsFile, text); err != nil {
			t.Errorf("%v\n%s", err, text)
		}
		want := `"params":{"at_a_time":16,"digits":"007","negative":-1,"page_cache":"warm"}`
		if !bytes.Contains(text, []byte(want)) {
			t.Errorf("%s is not in %s", want, text)
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
		"system": reflect.TypeFor[System](), "artefact": reflect.TypeFor[Artefact](), "metric": reflect.TypeFor[Metric](),
		"histogram": reflect.TypeFor[Histogram](), "stop": reflect.TypeFor[Stop](), "warning": reflect.TypeFor[Warning](),
		"check": reflect.TypeFor[Check](),
		"plan":  reflect.TypeFor[Plan](), "spec": reflect.TypeFor[Spec](), "table": reflect.TypeFor[Table](), "class": reflect.TypeFor[Class](),
		"side": reflect.TypeFor[System](), "environment": reflect.TypeFor[Environment](),
		"host": reflect.TypeFor[Host](), "system_state": reflect.TypeFor[SystemState](),
		"own": reflect.TypeFor[Own](), "artefact_state": reflect.TypeFor[ArtefactState](), "agent_state": reflect.TypeFor[AgentState](),
	}
	for name, def := range root.Defs {
		if _, ok := types[name]; !ok && def.Properties != nil && name != "params" { // Params is a string
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
	for i := range typ.NumField() {
		f := typ.Field(i)
		name, options, _ := strings.Cut(f.Tag.Get("json"), ",")
		switch {
		case !f.IsExported():
		case f.Anonymous && name == "": // its members are this struct's
			members, always := membersOf(f.Type)
			all, required = append(all, members...), append(required, always...)
		case options == "omitempty":
			all = append(all, name)
		default:
			all, required = append(all, name), append(required, name)
		}
	}
	slices.Sort(all)
	slices.Sort(required)
	return all, required
}
