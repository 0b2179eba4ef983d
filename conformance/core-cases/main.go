// Writes what the real Go packages answer for many inputs into the case files beside the core tests: `go run .` in this
// folder, then `go run ./json-path` and `go run ./timestamp`.
package main

import (
	"encoding/json"
	"fmt"
	"math/rand"
	"os"
	"strings"
)

// The order counts: all draw from the same random numbers.
func main() {
	quantities()
	labelSelectors()
	fieldSelectors()
	names()
	goTexts()
	durations()
	versions()
}

// core is the folder that the cases are written to.
const core = "../../packages/bowline/src/core/"

func write(name string, v any) {
	b, err := json.Marshal(v)
	if err != nil {
		panic(err)
	}
	// one case a line, to be readable in diffs; a case begins with its input
	s := strings.ReplaceAll(string(b), `],["`, "],\n[\"")
	s = strings.ReplaceAll(s, `]],"`, "]],\n\"")
	if err := os.WriteFile(core+name+".cases.json", []byte(s+"\n"), 0644); err != nil {
		panic(err)
	}
	fmt.Println(name, len(b))
}

func errText(err error) string { return err.Error() }

// unique keeps the first of equal inputs.
func unique(inputs []string) []string {
	seen := map[string]bool{}
	var kept []string
	for _, s := range inputs {
		if !seen[s] {
			seen[s] = true
			kept = append(kept, s)
		}
	}
	return kept
}

var rnd = rand.New(rand.NewSource(7))

func pick(xs ...string) string { return xs[rnd.Intn(len(xs))] }

// repeated puts 1 to most parts together.
func repeated(most int, part func() string) string {
	s := ""
	for n := rnd.Intn(most) + 1; n > 0; n-- {
		s += part()
	}
	return s
}

func digits(n int) string {
	s := ""
	for i := 0; i < n; i++ {
		s += string(rune('0' + rnd.Intn(10)))
	}
	return s
}
