package processruntime

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"net"
	"strconv"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	api "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
	"k8s.io/utils/exec"
)

// Exec gives the URL at which a command can be run.
func (r *Runtime) Exec(_ context.Context, request *api.ExecRequest) (*api.ExecResponse, error) {
	if err := r.mustRun(request.GetContainerId()); err != nil {
		return nil, err
	}
	return r.streams.GetExec(request)
}

// Attach gives the URL at which a running process can be attached to.
func (r *Runtime) Attach(_ context.Context, request *api.AttachRequest) (*api.AttachResponse, error) {
	if err := r.mustRun(request.GetContainerId()); err != nil {
		return nil, err
	}
	return r.streams.GetAttach(request)
}

// PortForward gives the URL at which ports can be reached.
func (r *Runtime) PortForward(_ context.Context, request *api.PortForwardRequest) (*api.PortForwardResponse, error) {
	return r.streams.GetPortForward(request)
}

// ExecSync runs a command to its end.
func (r *Runtime) ExecSync(ctx context.Context, id string, words []string, timeout time.Duration) ([]byte, []byte, error) {
	c, err := r.container(id)
	if err != nil {
		return nil, nil, err
	}
	var stdout, stderr bytes.Buffer
	p, err := c.execute(processConfig{words: words, stdout: &stdout, stderr: &stderr})
	if err != nil {
		return nil, nil, err
	}
	if timeout > 0 {
		timer := time.AfterFunc(timeout, p.kill)
		defer timer.Stop()
	}
	code := p.wait()
	c.executedEnded(p)
	err = exitError(words, code)
	return stdout.Bytes(), stderr.Bytes(), err
}

func (r *Runtime) mustRun(id string) error {
	c, err := r.container(id)
	if err != nil {
		return err
	}
	if state := c.status().GetState(); state != api.ContainerState_CONTAINER_RUNNING {
		return status.Errorf(codes.Unknown, "container is in %s state", state)
	}
	return nil
}

// streams answers at the URLs.
type streams struct{ runtime *Runtime }

func (s streams) Exec(_ context.Context, id string, words []string, in io.Reader, out, errs io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize) error {
	c, err := s.runtime.container(id)
	if err != nil {
		return err
	}
	config := processConfig{words: words, hasStdin: in != nil, tty: tty}
	if out != nil {
		config.stdout = out
	}
	if errs != nil {
		config.stderr = errs
	}
	p, err := c.execute(config)
	if err != nil {
		return fmt.Errorf("failed to exec in container: failed to start exec: OCI runtime exec failed: exec failed: unable to start container process: %w", err)
	}
	go follow(p, resize)
	if in != nil {
		go func() {
			_, _ = io.Copy(p.input, in)
			p.input.Close()
		}()
	}
	code := p.wait()
	c.executedEnded(p)
	return exitError(words, code)
}

func (s streams) Attach(_ context.Context, id string, in io.Reader, out, errs io.WriteCloser, tty bool, resize <-chan remotecommand.TerminalSize) error {
	c, err := s.runtime.container(id)
	if err != nil {
		return err
	}
	to := &attachment{}
	if out != nil {
		to.stdout = out
	}
	if errs != nil {
		to.stderr = errs
	}
	c.output.attach(to)
	defer c.output.detach(to)
	c.mutex.Lock()
	p := c.process
	c.mutex.Unlock()
	left := make(chan struct{})
	if p != nil {
		go follow(p, resize)
		if in != nil && p.input != nil {
			go func() {
				_, _ = io.Copy(p.input, in)
				// On a terminal that stays, whoever stops typing leaves.
				if c.config.GetStdinOnce() && !tty {
					p.input.Close()
				} else {
					close(left)
				}
			}()
		}
	}
	select {
	case <-c.done:
	case <-left:
	}
	return nil
}

func follow(p *process, resize <-chan remotecommand.TerminalSize) {
	if resize == nil {
		return
	}
	for size := range resize {
		p.resize(size)
	}
}

// PortForward joins a stream and a connection to a port, until either ends.
func (s streams) PortForward(_ context.Context, sandboxID string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	connection, err := net.Dial("tcp4", net.JoinHostPort("127.0.0.1", strconv.Itoa(int(port))))
	if err != nil {
		return fmt.Errorf("failed to execute portforward in network namespace %q: failed to connect to localhost:%d inside namespace %q, IPv4: %w",
			"host", port, sandboxID, err)
	}
	defer connection.Close()
	sent := make(chan error, 1)
	received := make(chan error, 1)
	go func() {
		_, err := io.Copy(connection, stream)
		_ = connection.(*net.TCPConn).CloseWrite()
		sent <- err
	}()
	go func() {
		_, err := io.Copy(stream, connection)
		received <- err
	}()
	// What the client has ended may still be answered; what the server has ended is over.
	select {
	case err = <-received:
	case err = <-sent:
		if err == nil {
			err = <-received
		}
	}
	return err
}

// exitError is nil for a command that succeeded.
func exitError(words []string, code int32) error {
	if code == 0 {
		return nil
	}
	return exec.CodeExitError{Err: fmt.Errorf("error executing command %v, exit code %d", words, code), Code: int(code)}
}
