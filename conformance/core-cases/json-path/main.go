// Writes the answers of the real Go package for json-path cases: `go run ./json-path` in the folder above.
package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	utiljson "k8s.io/apimachinery/pkg/util/json"
	"k8s.io/client-go/util/jsonpath"
	"os"
	"strings"
)

const data = `{"kind":"List","n":5,"f":1.5,"t":true,"z":null,"e":[],"items":[{"kind":"None","metadata":{"name":"127.0.0.1","labels":{"a.b/c":"x"}},"status":{"capacity":{"cpu":"4"},"addresses":[{"type":"LegacyHostIP","address":"127.0.0.1","n":1},{"type":"Ready","address":"a<b>&c","n":2}]}},{"kind":"None","metadata":{"name":"127.0.0.2"},"status":{"capacity":{"cpu":"8"},"addresses":[{"type":"Ready","address":"127.0.0.2","n":3}]}}],"users":[{"name":"myself","user":{}},{"name":"e2e","user":{"username":"admin","password":"secret"}}]}`

func main() {
	ts := []string{"", "text", "{.kind}", "{kind}", "kind is {.kind}", "{.n} {.f} {.t} {.z}", "{.e}", "{.e[*]}", "{.missing}", "{.z.a}", "{.items[*].metadata.name}", "{.items[0].metadata.name}", "{.items[-1].metadata.name}", "{.items[0:1].metadata.name}", "{.items[0:2:2].metadata.name}", "{.items[::2].metadata.name}", "{.items[5]}", "{.items[-5]}", "{.items[0:9]}", "{.items[1:0]}", "{.items[0:2:0]}", "{.items[1:1]}", "{.items[:]['metadata.name', 'status.capacity']}", "{.items[*]['kind','metadata']}", "{.items[*]['metadata.name', 'status.capacity']}", "{.items[0].metadata.labels.a\\.b/c}", "{.items[0].metadata.labels['a\\.b/c']}", "{.items[0].metadata.labels}", "{..name}", "{..cpu}", "{.items..address}", "{.users[?(@.name==\"e2e\")].user.password}", "{.users[?(@.name=='e2e')].user.password}", "{.users[?(@.user.password)].name}", "{.items[*].status.addresses[?(@.n>1)].address}", "{.items[0].status.addresses[?(@.n>=2)].address}", "{.items[0].status.addresses[?(@.n<2)].address}", "{.items[0].status.addresses[?(@.n<=2)].type}", "{.items[0].status.addresses[?(@.n!=2)].type}", "{.items[0].status.addresses[?(@.type>\"M\")].type}", "{.items[0].status.addresses[?(@.type==1)].type}", "{.items[0].status.addresses[?(@.n=~1)].type}", "{.items[0].status.addresses[?(@.nope==1)].type}", "{.kind[?(@.a)]}", "{.kind[0]}", "{range .items[*]}{.metadata.name}{\"\\n\"}{end}", "{range .items[*]}[{.metadata.name}, {.status.capacity}] {end}", "a{range .items[*]}{range .status.addresses[*]}{.address},{end}|{end}b{.kind}", "{range .e[*]}x{.a}{end}done", "{end}", "{.items[*]", "{.items[", "{.items[a]}", "{.items[-]}", "{'a\\'b'}", "{\"a\\tb\\\"\"}", "{'unterminated}", "{\"\\q\"}", "{1}", "{-1.5}", "{true}", "{nope}", "{^}", "{.items[?(@.a]}", "{.items[?(@.a)}", "{....}", "{..}x{..", "{ .kind }", "{$.kind}", "{@.kind}", "{@}", "{$}", "{.users[*].name}{.users[*].user}", "{.items[*].status.addresses[*].n}", "{.users[0,1].name}", "{.users[1, 0].name}", "{'x'}{\"y\"}", "}", "a}b", "{}", "{.}", "{.items[0:1]}", "{.*}x", "{.users[0].*}", "{.users[1].user.*}x", "{.kind.a}", "{.n.a}", "{.users[?(@.name==\"a)b\")].name}", "{.t==true}", "{.1}", "{1.2.3}", "{é}", "{.é}"}
	var out [][]any
	var d any
	utiljson.Unmarshal([]byte(data), &d)
	for _, t := range ts {
		row := []any{t}
		for _, allow := range []bool{false, true} {
			j := jsonpath.New("x").AllowMissingKeys(allow)
			if err := j.Parse(t); err != nil {
				row = append(row, []any{"parse", err.Error()})
				continue
			}
			var b bytes.Buffer
			if err := j.Execute(&b, d); err != nil {
				row = append(row, []any{"find", err.Error()})
				continue
			}
			row = append(row, b.String())
		}
		out = append(out, row)
	}
	b, _ := json.Marshal(map[string]any{"data": d, "cases": out})
	s := strings.ReplaceAll(string(b), "],[\"", "],\n[\"")
	os.WriteFile("../../packages/bowline/src/core/json-path.cases.json", []byte(s+"\n"), 0644)
	fmt.Println(len(out))
}
