package processruntime

import (
	"bytes"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"sync"
	"time"
)

// Longer lines are kept in parts.
const maxLogLine = 16 * 1024

// openLog makes the file that a kubelet reads a container's log from.
func openLog(path string) (*os.File, error) {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return nil, err
	}
	return os.OpenFile(path, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o640)
}

// output is where a container's process writes to: its log, and whoever is attached.
type output struct {
	mutex    sync.Mutex
	log      *os.File
	pending  map[string][]byte
	attached map[*attachment]struct{}
}

// attachment receives what is written while it lasts. Either writer may be nil.
type attachment struct{ stdout, stderr io.Writer }

func newOutput(log *os.File) *output {
	return &output{log: log, pending: map[string][]byte{}, attached: map[*attachment]struct{}{}}
}

func (o *output) stdout() io.Writer { return stream{o, "stdout"} }
func (o *output) stderr() io.Writer { return stream{o, "stderr"} }

func (o *output) attach(to *attachment) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	o.attached[to] = struct{}{}
}

func (o *output) detach(from *attachment) {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	delete(o.attached, from)
}

// close writes what was not a whole line.
func (o *output) close() {
	o.mutex.Lock()
	defer o.mutex.Unlock()
	for name, rest := range o.pending {
		if len(rest) > 0 {
			o.line(name, "P", rest)
		}
	}
	o.log.Close()
}

// stream is one of the two.
type stream struct {
	output *output
	name   string
}

func (s stream) Write(data []byte) (int, error) {
	o := s.output
	o.mutex.Lock()
	rest := append(o.pending[s.name], data...)
	for {
		end := bytes.IndexByte(rest, '\n')
		if end >= 0 && end <= maxLogLine {
			o.line(s.name, "F", rest[:end])
			rest = rest[end+1:]
		} else if len(rest) >= maxLogLine {
			o.line(s.name, "P", rest[:maxLogLine])
			rest = rest[maxLogLine:]
		} else {
			break
		}
	}
	o.pending[s.name] = bytes.Clone(rest)
	attached := make([]*attachment, 0, len(o.attached))
	for one := range o.attached {
		attached = append(attached, one)
	}
	o.mutex.Unlock()
	for _, one := range attached {
		to := one.stdout
		if s.name == "stderr" {
			to = one.stderr
		}
		if to == nil {
			continue
		}
		if _, err := to.Write(data); err != nil {
			o.detach(one)
		}
	}
	return len(data), nil
}

func (o *output) line(name, tag string, text []byte) {
	fmt.Fprintf(o.log, "%s %s %s %s\n", time.Now().UTC().Format(time.RFC3339Nano), name, tag, text)
}
