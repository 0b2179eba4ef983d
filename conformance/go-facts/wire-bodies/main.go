// Command wire-bodies writes one object of every built-in kind of a stable version as protobuf and as JSON, a line each, with every field set.
//
// Usage: go run ./wire-bodies | gzip -9n > packages/testing/src/protobuf/testdata/every-kind.jsonl.gz
package main

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"sort"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	apiextensionsv1 "k8s.io/apiextensions-apiserver/pkg/apis/apiextensions/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer/protobuf"
	"k8s.io/apimachinery/pkg/util/intstr"
	"k8s.io/client-go/kubernetes/scheme"
	apiregistrationv1 "k8s.io/kube-aggregator/pkg/apis/apiregistration/v1"
)

// Schemas hold schemas; this many levels are filled.
const maxRepeats = 2

var (
	number     int64
	kind       string
	schemaType = reflect.TypeFor[apiextensionsv1.JSONSchemaProps]()
)

func next() int64 {
	number++
	return number
}

// fill sets every field to a value that occurs nowhere else.
func fill(v reflect.Value, seen map[reflect.Type]int) {
	switch x := v.Addr().Interface().(type) {
	case *metav1.TypeMeta:
		return
	case *corev1.PodSpec:
		// Large, and the same in every kind that has Pods.
		if kind != "Pod" {
			x.NodeName = fmt.Sprintf("s%d", next())
			return
		}
	case *resource.Quantity:
		*x = *resource.NewMilliQuantity(next(), resource.DecimalSI)
		return
	case *metav1.Time:
		*x = metav1.NewTime(time.Unix(1_700_000_000+next(), 0).UTC())
		return
	case *metav1.MicroTime:
		*x = metav1.NewMicroTime(time.UnixMicro(1_700_000_000_000_000 + next()).UTC())
		return
	case *metav1.Duration:
		x.Duration = time.Duration(next()) * time.Millisecond
		return
	case *metav1.FieldsV1:
		*x = *metav1.NewFieldsV1(fmt.Sprintf(`{"f:x%d":{}}`, next()))
		return
	case *intstr.IntOrString:
		if next()%2 == 0 {
			*x = intstr.FromInt32(int32(next()))
		} else {
			*x = intstr.FromString(fmt.Sprintf("p%d", next()))
		}
		return
	case *runtime.RawExtension:
		x.Raw = []byte(fmt.Sprintf(`{"raw":%d}`, next()))
		return
	case *apiextensionsv1.JSON:
		x.Raw = []byte(fmt.Sprintf(`{"json":[%d,true,null,"é"]}`, next()))
		return
	case *apiextensionsv1.JSONSchemaPropsOrBool:
		x.Allows = true
		if next()%2 == 0 || seen[schemaType] >= maxRepeats {
			return
		}
		x.Schema = &apiextensionsv1.JSONSchemaProps{}
		fill(reflect.ValueOf(x.Schema).Elem(), seen)
		return
	case *apiextensionsv1.JSONSchemaPropsOrArray:
		if seen[schemaType] >= maxRepeats {
			x.JSONSchemas = make([]apiextensionsv1.JSONSchemaProps, 1)
			return
		}
		if next()%2 == 0 {
			x.Schema = &apiextensionsv1.JSONSchemaProps{}
			fill(reflect.ValueOf(x.Schema).Elem(), seen)
			return
		}
		x.JSONSchemas = make([]apiextensionsv1.JSONSchemaProps, 2)
		for i := range x.JSONSchemas {
			fill(reflect.ValueOf(&x.JSONSchemas[i]).Elem(), seen)
		}
		return
	case *apiextensionsv1.JSONSchemaPropsOrStringArray:
		x.Property = []string{fmt.Sprintf("d%d", next()), fmt.Sprintf("d%d", next())}
		return
	}
	switch v.Kind() {
	case reflect.String:
		v.SetString(fmt.Sprintf("s%d", next()))
	case reflect.Bool:
		v.SetBool(true)
	case reflect.Int32, reflect.Int64, reflect.Int:
		v.SetInt(next() - 1000)
	case reflect.Float64:
		v.SetFloat(float64(next()) + 0.5)
	case reflect.Pointer:
		if seen[v.Type().Elem()] >= maxRepeats {
			return
		}
		v.Set(reflect.New(v.Type().Elem()))
		fill(v.Elem(), seen)
	case reflect.Slice:
		if v.Type().Elem().Kind() == reflect.Uint8 {
			v.SetBytes([]byte{0, 0xff, byte(next())})
			return
		}
		if seen[v.Type().Elem()] >= maxRepeats {
			return
		}
		length := 2
		if v.Type().Elem().Kind() == reflect.Struct {
			length = 1
		}
		v.Set(reflect.MakeSlice(v.Type(), length, length))
		for i := range length {
			fill(v.Index(i), seen)
		}
	case reflect.Map:
		if seen[v.Type().Elem()] >= maxRepeats {
			return
		}
		v.Set(reflect.MakeMap(v.Type()))
		item := reflect.New(v.Type().Elem()).Elem()
		fill(item, seen)
		v.SetMapIndex(reflect.ValueOf(fmt.Sprintf("k%d", next())).Convert(v.Type().Key()), item)
	case reflect.Struct:
		seen[v.Type()]++
		for i := range v.NumField() {
			if v.Type().Field(i).IsExported() {
				fill(v.Field(i), seen)
			}
		}
		seen[v.Type()]--
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func main() {
	s := runtime.NewScheme()
	check(scheme.AddToScheme(s))
	check(apiextensionsv1.AddToScheme(s))
	check(apiregistrationv1.AddToScheme(s))
	var kinds []schema.GroupVersionKind
	for gvk := range s.AllKnownTypes() {
		isServed := !strings.Contains(gvk.Version, "alpha") && !strings.Contains(gvk.Version, "beta")
		isOption := strings.HasSuffix(gvk.Kind, "Options") && gvk.Group != ""
		if isServed && gvk.Version != runtime.APIVersionInternal && gvk.Kind != "WatchEvent" && !isOption && !strings.HasSuffix(gvk.Kind, "List") {
			kinds = append(kinds, gvk)
		}
	}
	sort.Slice(kinds, func(i, j int) bool { return kinds[i].String() < kinds[j].String() })
	serializer := protobuf.NewSerializer(s, s)
	lines := json.NewEncoder(os.Stdout)
	for _, gvk := range kinds {
		kind = gvk.Kind
		object, err := s.New(gvk)
		check(err)
		fill(reflect.ValueOf(object).Elem(), map[reflect.Type]int{})
		object.GetObjectKind().SetGroupVersionKind(gvk)
		body, err := runtime.Encode(serializer, object)
		if err != nil {
			fmt.Fprintln(os.Stderr, "no protobuf:", gvk, err)
			continue
		}
		check(lines.Encode(map[string]any{"body": base64.StdEncoding.EncodeToString(body), "object": object}))
	}
}
