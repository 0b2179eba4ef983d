// Command go-facts writes the facts about the Go types of the built-in kinds that OpenAPI does not carry: Go type names,
// order of fields, omitempty and omitzero, pointers, embedded structs, the patch tags and protobuf field numbers.
//
// Usage: go run . FOLDER-OF-OPENAPI-V3 | gzip -9n > packages/testing/data/go-types.json.gz
package main

import (
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"sort"
	"strings"

	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

type property struct {
	ListType      string   `json:"x-kubernetes-list-type"`
	ListKeys      []string `json:"x-kubernetes-list-map-keys"`
	MapType       string   `json:"x-kubernetes-map-type"`
	PatchStrategy string   `json:"x-kubernetes-patch-strategy"`
	PatchKey      string   `json:"x-kubernetes-patch-merge-key"`
	Default       any      `json:"default"`
}

type definition struct {
	Properties map[string]property       `json:"properties"`
	MapType    string                    `json:"x-kubernetes-map-type"`
	Kinds      []schema.GroupVersionKind `json:"x-kubernetes-group-version-kind"`
}

type document struct {
	Components struct {
		Schemas map[string]definition `json:"schemas"`
	} `json:"components"`
}

type field struct {
	Name     string   `json:"n"`
	Type     string   `json:"t"`
	Flags    string   `json:"f,omitempty"` // e: omitempty, z: omitzero, s: quoted number
	Embedded string   `json:"e,omitempty"`
	List     string   `json:"l,omitempty"` // set, map, atomic; "" is atomic
	Keys     []string `json:"k,omitempty"`
	Map      string   `json:"m,omitempty"`
	Strategy string   `json:"p,omitempty"`
	PatchKey string   `json:"pk,omitempty"`
	Default  any      `json:"d,omitempty"`
	Number   string   `json:"b,omitempty"` // protobuf field number; "2.1" is field 1 of the message in field 2
	GoName   string   `json:"g,omitempty"` // where it is not the name with its first letter in upper case
}

type typeFacts struct {
	Go     string  `json:"go"`
	Kind   string  `json:"k"`
	Map    string  `json:"m,omitempty"`
	Fields []field `json:"fields,omitempty"`
}

type facts struct {
	Kinds map[string]int `json:"kinds"`
	Types []typeFacts    `json:"types"`
}

var custom = map[string]string{
	"k8s.io/apimachinery/pkg/api/resource.Quantity":                                         "quantity",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Time":                                             "time",
	"k8s.io/apimachinery/pkg/apis/meta/v1.MicroTime":                                        "microTime",
	"k8s.io/apimachinery/pkg/apis/meta/v1.Duration":                                         "duration",
	"k8s.io/apimachinery/pkg/apis/meta/v1.FieldsV1":                                         "fields",
	"k8s.io/apimachinery/pkg/util/intstr.IntOrString":                                       "intOrString",
	"k8s.io/apimachinery/pkg/runtime.RawExtension":                                          "raw",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSON":                         "json",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrArray":       "json",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrBool":        "json",
	"k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1.JSONSchemaPropsOrStringArray": "json",
}

var (
	out     = facts{Kinds: map[string]int{}}
	indexes = map[reflect.Type]int{}
	schemas = map[string]definition{}
)

type named interface{ OpenAPIModelName() string }

func definitionOf(t reflect.Type) definition {
	if n, ok := reflect.New(t).Interface().(named); ok {
		return schemas[n.OpenAPIModelName()]
	}
	return definition{}
}

func expression(t reflect.Type) string {
	if _, isCustom := custom[t.PkgPath()+"."+t.Name()]; t.Name() == "" || (t.PkgPath() == "" && !isCustom) {
		switch t.Kind() {
		case reflect.Pointer:
			return "*" + expression(t.Elem())
		case reflect.Slice:
			if t.Elem().Kind() == reflect.Uint8 {
				return "bytes"
			}
			return "[]" + expression(t.Elem())
		case reflect.Map:
			return "map[" + t.Key().String() + "]" + expression(t.Elem())
		default:
			return t.Kind().String()
		}
	}
	return fmt.Sprintf("#%d", index(t))
}

func index(t reflect.Type) int {
	if i, ok := indexes[t]; ok {
		return i
	}
	i := len(out.Types)
	indexes[t] = i
	out.Types = append(out.Types, typeFacts{})
	f := typeFacts{Go: t.String()}
	if kind, ok := custom[t.PkgPath()+"."+t.Name()]; ok {
		f.Kind = kind
	} else if t.Kind() == reflect.Struct {
		def := definitionOf(t)
		f.Kind, f.Map = "struct", def.MapType
		f.Fields = fields(t, def, "", "")
	} else {
		switch t.Kind() {
		case reflect.Slice:
			f.Kind = "[]" + expression(t.Elem())
			if t.Elem().Kind() == reflect.Uint8 {
				f.Kind = "bytes"
			}
		case reflect.Map:
			f.Kind = "map[" + t.Key().String() + "]" + expression(t.Elem())
		default:
			f.Kind = t.Kind().String()
		}
	}
	out.Types[i] = f
	return i
}

// wireNumber is the field number in a tag such as `protobuf:"bytes,2,opt,name=spec"`, below that of an embedded struct.
func wireNumber(tag reflect.StructTag, outer string) string {
	parts := strings.Split(tag.Get("protobuf"), ",")
	if len(parts) < 2 {
		return ""
	}
	if outer == "" {
		return parts[1]
	}
	return outer + "." + parts[1]
}

func fields(t reflect.Type, def definition, embedded, outer string) []field {
	var all []field
	for i := 0; i < t.NumField(); i++ {
		sf := t.Field(i)
		tag := strings.Split(sf.Tag.Get("json"), ",")
		options := strings.Join(tag[1:], ",")
		if tag[0] == "-" || !sf.IsExported() {
			continue
		}
		if tag[0] == "" && sf.Anonymous {
			all = append(all, fields(sf.Type, def, sf.Name, wireNumber(sf.Tag, outer))...)
			continue
		}
		name := tag[0]
		if name == "" {
			name = sf.Name
		}
		p := def.Properties[name]
		f := field{Name: name, Type: expression(sf.Type), Embedded: embedded, List: p.ListType, Keys: p.ListKeys, Map: p.MapType,
			Strategy: sf.Tag.Get("patchStrategy"), PatchKey: sf.Tag.Get("patchMergeKey"), Number: wireNumber(sf.Tag, outer)}
		if sf.Name != strings.ToUpper(name[:1])+name[1:] {
			f.GoName = sf.Name
		}
		if strings.Contains(options, "omitempty") {
			f.Flags += "e"
		}
		if strings.Contains(options, "omitzero") {
			f.Flags += "z"
		}
		if strings.Contains(options, "string") {
			f.Flags += "s"
		}
		// OpenAPI's strategy rules list merging for apply; the Go tag rules strategic merge.
		if p.ListType == "" && strings.HasPrefix(p.PatchStrategy, "merge") && sf.Type.Kind() == reflect.Slice {
			f.List = "set"
			if p.PatchKey != "" {
				f.List, f.Keys = "map", []string{p.PatchKey}
			}
		}
		switch p.Default.(type) {
		case string, float64, bool:
			f.Default = p.Default
		}
		all = append(all, f)
	}
	return all
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	files, err := filepath.Glob(filepath.Join(os.Args[1], "*.json.gz"))
	check(err)
	served := map[schema.GroupVersionKind]bool{}
	for _, name := range files {
		file, err := os.Open(name)
		check(err)
		unzipped, err := gzip.NewReader(file)
		check(err)
		var doc document
		check(json.NewDecoder(unzipped).Decode(&doc))
		check(file.Close())
		for model, d := range doc.Components.Schemas {
			schemas[model] = d
			for _, gvk := range d.Kinds {
				served[gvk] = true
			}
		}
	}

	s := runtime.NewScheme()
	check(scheme.AddToScheme(s))
	check(apiextensionsv1.AddToScheme(s))
	check(apiregistrationv1.AddToScheme(s))
	var kinds []schema.GroupVersionKind
	for gvk := range s.AllKnownTypes() {
		if served[gvk] && gvk.Kind != "WatchEvent" {
			kinds = append(kinds, gvk)
		}
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i].String() < kinds[j].String() })
	for _, gvk := range kinds {
		apiVersion, kind := gvk.ToAPIVersionAndKind()
		out.Kinds[apiVersion+"/"+kind] = index(s.AllKnownTypes()[gvk])
	}
	encoded, err := json.Marshal(out)
	check(err)
	os.Stdout.Write(append(encoded, '\n'))
}
