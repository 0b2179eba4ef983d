// Command internal-types writes the shape of kube-apiserver's internal types: a refused change of a Pod, a claim or a volume shows a
// difference of two of them as JSON, in their own order of fields and with their own names.
//
// Usage: go run ./internal-types | gzip -9n > packages/testing/data/internal-types.json.gz
package main

import (
	"encoding/json"
	"os"
	"reflect"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	certificatesv1 "k8s.io/api/certificates/v1"
	v1 "k8s.io/api/core/v1"
	"k8s.io/kubernetes/pkg/apis/batch"
	"k8s.io/kubernetes/pkg/apis/certificates"
	"k8s.io/kubernetes/pkg/apis/core"
)

// A field: its name in the dump, its path in the API ("" where that type has none), its type, and "e" for omitempty.
type field [4]string

var out = map[string][]field{}

func main() {
	add(reflect.TypeFor[core.PodSpec](), reflect.TypeFor[v1.PodSpec]())
	add(reflect.TypeFor[core.PersistentVolumeClaim](), reflect.TypeFor[v1.PersistentVolumeClaim]())
	add(reflect.TypeFor[core.PersistentVolumeClaimSpec](), reflect.TypeFor[v1.PersistentVolumeClaimSpec]())
	add(reflect.TypeFor[core.VolumeNodeAffinity](), reflect.TypeFor[v1.VolumeNodeAffinity]())
	add(reflect.TypeFor[core.PersistentVolumeSource](), reflect.TypeFor[v1.PersistentVolumeSource]())
	add(reflect.TypeFor[certificates.CertificateSigningRequestCondition](), reflect.TypeFor[certificatesv1.CertificateSigningRequestCondition]())
	add(reflect.TypeFor[batch.JobSpec](), reflect.TypeFor[batchv1.JobSpec]())
	encoder := json.NewEncoder(os.Stdout)
	if err := encoder.Encode(out); err != nil {
		panic(err)
	}
}

func tagOf(f reflect.StructField) (name, flags string) {
	tag, _, _ := strings.Cut(f.Tag.Get("json"), ",")
	if strings.Contains(f.Tag.Get("json"), ",omitempty") {
		flags = "e"
	}
	return tag, flags
}

func add(internal, external reflect.Type) {
	if _, seen := out[internal.Name()]; seen {
		return
	}
	out[internal.Name()] = []field{}
	out[internal.Name()] = fieldsOf(internal, external)
}

func fieldsOf(internal, external reflect.Type) []field {
	fields := []field{}
	for i := range internal.NumField() {
		f := internal.Field(i)
		if !f.IsExported() {
			continue
		}
		name, flags := tagOf(f)
		var other reflect.StructField
		found := false
		if external != nil && external.Kind() == reflect.Struct {
			other, found = external.FieldByName(f.Name)
		}
		if f.Anonymous && f.Name == "TypeMeta" {
			continue
		}
		if f.Anonymous && name == "" {
			inner, prefix := external, ""
			if found {
				inner = other.Type
				if tag, _ := tagOf(other); tag != "" {
					prefix = tag + "."
				}
			}
			for _, embedded := range fieldsOf(f.Type, inner) {
				embedded[1] = prefix + embedded[1]
				fields = append(fields, embedded)
			}
			continue
		}
		if name == "" {
			name = f.Name
		}
		outer := ""
		var outerType reflect.Type
		if found {
			outer, _ = tagOf(other)
			outerType = other.Type
		}
		fields = append(fields, field{name, outer, typeOf(f.Type, outerType), flags})
	}
	return fields
}

func typeOf(t, other reflect.Type) string {
	inner := func(o reflect.Type) reflect.Type {
		if o != nil && (o.Kind() == reflect.Pointer || o.Kind() == reflect.Slice || o.Kind() == reflect.Map) {
			return o.Elem()
		}
		return o
	}
	switch t.Kind() {
	case reflect.Pointer:
		if other != nil && other.Kind() == reflect.Pointer {
			other = other.Elem()
		}
		return "*" + typeOf(t.Elem(), other)
	case reflect.Slice:
		return "[]" + typeOf(t.Elem(), inner(other))
	case reflect.Map:
		return "{}" + typeOf(t.Elem(), inner(other))
	case reflect.Struct:
		switch t.Name() {
		case "Quantity", "Time", "IntOrString", "FieldsV1":
			return t.Name()
		}
		if other != nil && other.Kind() == reflect.Pointer {
			other = other.Elem()
		}
		add(t, other)
		return t.Name()
	case reflect.String:
		return "string"
	case reflect.Bool:
		return "bool"
	case reflect.Uint8:
		return "byte"
	default:
		return "number"
	}
}
