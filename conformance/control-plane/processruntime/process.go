package processruntime

import (
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strings"
	"sync"
	"syscall"
	"time"

	"github.com/creack/pty"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

// How long the output of what a process leaves behind is waited for.
const drainTime = 500 * time.Millisecond

// processConfig is what a process is started with.
type processConfig struct {
	words     []string
	directory string
	env       []string
	hasStdin  bool
	tty       bool
	stdout    io.Writer
	// stderr goes to stdout on a terminal.
	stderr io.Writer
}

// process is a command in a session, and so a process group, of its own.
type process struct {
	command *exec.Cmd
	// input is nil where nothing can be written to it.
	input    io.WriteCloser
	terminal *os.File
	copied   chan struct{}
	once     sync.Once
	exitCode int32
}

func startProcess(config processConfig) (*process, error) {
	path, err := programPath(config.words[0], config.env, config.directory)
	if err != nil {
		return nil, err
	}
	command := &exec.Cmd{Path: path, Args: config.words, Dir: config.directory, Env: config.env}
	command.SysProcAttr = &syscall.SysProcAttr{Setsid: true}
	diesWithParent(command.SysProcAttr)
	if config.tty {
		return startOnTerminal(command, config)
	}
	command.Stdout, command.Stderr = config.stdout, config.stderr
	command.WaitDelay = drainTime
	p := &process{command: command}
	if config.hasStdin {
		if p.input, err = command.StdinPipe(); err != nil {
			return nil, err
		}
	}
	if err := command.Start(); err != nil {
		return nil, startError(config.words[0], err)
	}
	return p, nil
}

func startOnTerminal(command *exec.Cmd, config processConfig) (*process, error) {
	terminal, err := pty.StartWithAttrs(command, nil, withControllingTerminal(command.SysProcAttr))
	if err != nil {
		return nil, startError(config.words[0], err)
	}
	p := &process{command: command, terminal: terminal, copied: make(chan struct{})}
	if config.hasStdin {
		p.input = terminalInput{terminal}
	}
	go func() {
		defer close(p.copied)
		// Ends with an error once the other end is closed.
		if config.stdout != nil {
			_, _ = io.Copy(config.stdout, terminal)
		} else {
			_, _ = io.Copy(io.Discard, terminal)
		}
	}()
	return p, nil
}

func withControllingTerminal(attributes *syscall.SysProcAttr) *syscall.SysProcAttr {
	attributes.Setctty = true
	return attributes
}

// terminalInput stays open when nobody types any more: the terminal has one end for both directions.
type terminalInput struct{ io.Writer }

func (terminalInput) Close() error { return nil }

// wait gives the exit code as a shell does: 128 and the signal where one ended it.
func (p *process) wait() int32 {
	p.once.Do(func() {
		_ = p.command.Wait()
		if p.terminal != nil {
			select {
			case <-p.copied:
			case <-time.After(drainTime):
			}
			p.terminal.Close()
		}
		state, ok := p.command.ProcessState.Sys().(syscall.WaitStatus)
		switch {
		case ok && state.Signaled():
			p.exitCode = 128 + int32(state.Signal())
		default:
			p.exitCode = int32(p.command.ProcessState.ExitCode())
		}
	})
	return p.exitCode
}

// terminate sends the signal of this name, SIGTERM without one, to the whole group.
func (p *process) terminate(name string) {
	signal := syscall.SIGTERM
	if named, ok := signals[strings.TrimPrefix(name, "SIG")]; ok {
		signal = named
	}
	_ = syscall.Kill(-p.command.Process.Pid, signal)
}

func (p *process) kill() { _ = syscall.Kill(-p.command.Process.Pid, syscall.SIGKILL) }

// isLeft says whether the group has members still: what a command began in the background.
func (p *process) isLeft() bool { return syscall.Kill(-p.command.Process.Pid, 0) == nil }

func (p *process) resize(size remotecommand.TerminalSize) {
	if p.terminal != nil {
		_ = pty.Setsize(p.terminal, &pty.Winsize{Rows: size.Height, Cols: size.Width})
	}
}

var signals = map[string]syscall.Signal{
	"HUP":  syscall.SIGHUP,
	"INT":  syscall.SIGINT,
	"QUIT": syscall.SIGQUIT,
	"KILL": syscall.SIGKILL,
	"USR1": syscall.SIGUSR1,
	"USR2": syscall.SIGUSR2,
	"TERM": syscall.SIGTERM,
}

func isProgram(word string) bool {
	_, err := exec.LookPath(word)
	return err == nil
}

// programPath looks a command up as a runtime does, in the PATH of its own environment.
func programPath(word string, env []string, directory string) (string, error) {
	if strings.Contains(word, "/") {
		path := word
		if !strings.HasPrefix(path, "/") {
			path = directory + "/" + path
		}
		if _, err := os.Stat(path); err != nil {
			return "", fmt.Errorf("exec: %q: stat %s: no such file or directory", word, word)
		}
		return path, nil
	}
	folders := ""
	for _, variable := range env {
		if value, ok := strings.CutPrefix(variable, "PATH="); ok {
			folders = value
		}
	}
	for _, folder := range strings.Split(folders, ":") {
		path := folder + "/" + word
		if info, err := os.Stat(path); err == nil && !info.IsDir() && info.Mode()&0o111 != 0 {
			return path, nil
		}
	}
	return "", fmt.Errorf("exec: %q: executable file not found in $PATH", word)
}

func startError(word string, err error) error {
	var path *os.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("exec %s: %w", word, err)
}
