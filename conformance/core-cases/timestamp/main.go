// Writes the answers of the real Go package for timestamp cases: `go run ./timestamp` in the folder above.
package main

import (
	"encoding/json"
	"fmt"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"math/rand"
	"os"
	"time"
)

func main() {
	in := []string{"", "2026-01-02T03:04:05Z", "2026-01-02T03:04:05.5Z", "2026-01-02T03:04:05,5Z", "2026-01-02T03:04:05.Z", "2026-01-02t03:04:05z", "2026-01-02T03:04:05+01:00", "2026-01-02T03:04:05-23:59", "2026-01-02T03:04:05+24:00", "2026-01-02T03:04:05+24:60", "2026-01-02T03:04:05+25:00", "2026-01-02T03:04:05+00:60", "2026-01-02T03:04:05+00:61", "2026-01-02T03:04:05+0100", "2026-01-02T24:00:00Z", "2026-01-02T23:59:60Z", "2026-01-02T23:60:00Z", "2026-02-29T00:00:00Z", "2024-02-29T00:00:00Z", "1900-02-29T00:00:00Z", "2000-02-29T00:00:00Z", "2026-04-31T00:00:00Z", "0000-01-01T00:00:00Z", "0001-01-01T00:00:00Z", "9999-12-31T23:59:59.999999999Z", "2026-1-2T03:04:05Z", "2026-01-02T3:04:05Z", "2026-01-02T03:4:05Z", "2026-01-02 03:04:05Z", "2026-01-02T03:04:05", "2026-01-02", "26-01-02T03:04:05Z", "2026-00-01T00:00:00Z", "2026-13-01T00:00:00Z", "2026-01-00T00:00:00Z", "2026-01-32T00:00:00Z", "2026-01-02T03:04:05Z ", " 2026-01-02T03:04:05Z", "2026-01-02T03:04:05.123456789123Z", "+2026-01-02T03:04:05Z", "2026-01-02T03:04:05−01:00"}
	out := [][]any{}
	for _, s := range in {
		t, err := time.Parse(time.RFC3339, s)
		if err != nil {
			out = append(out, []any{s, nil})
		} else {
			out = append(out, []any{s, t.UnixMilli()})
		}
	}
	f := [][]any{}
	for i := 0; i < 20; i++ {
		ms := rand.Int63n(4e12) - 1e12
		t := metav1.NewTime(time.UnixMilli(ms))
		m := metav1.NewMicroTime(time.UnixMilli(ms))
		a, _ := json.Marshal(t)
		b, _ := json.Marshal(m)
		f = append(f, []any{ms, string(a[1 : len(a)-1]), string(b[1 : len(b)-1])})
	}
	b, _ := json.Marshal(map[string]any{"parse": out, "format": f})
	os.WriteFile("../../packages/bowline/src/core/timestamp.cases.json", append(b, '\n'), 0644)
	fmt.Println(len(out))
}
