package processruntime

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"time"

	api "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// container is one process, the commands that were executed beside it, and what is left of them when it has ended.
type container struct {
	id        string
	sandboxID string
	folder    string
	config    *api.ContainerConfig
	hostname  string
	logPath   string
	createdAt time.Time
	output    *output
	// done is closed when it has ended.
	done chan struct{}
	// quit asks a container without a process to end.
	quit     chan struct{}
	quitOnce sync.Once

	mutex      sync.Mutex
	state      api.ContainerState
	startedAt  time.Time
	finishedAt time.Time
	exitCode   int32
	reason     string
	message    string
	process    *process
	executed   map[*process]struct{}
}

func newContainer(id, sandboxID, folder string, config *api.ContainerConfig, pod *api.PodSandboxConfig) (*container, error) {
	c := &container{
		id:        id,
		sandboxID: sandboxID,
		folder:    folder,
		config:    config,
		hostname:  pod.GetHostname(),
		logPath:   filepath.Join(pod.GetLogDirectory(), config.GetLogPath()),
		createdAt: time.Now(),
		done:      make(chan struct{}),
		quit:      make(chan struct{}),
		state:     api.ContainerState_CONTAINER_CREATED,
		executed:  map[*process]struct{}{},
	}
	if err := os.MkdirAll(c.directory(), 0o755); err != nil {
		return nil, err
	}
	for _, mount := range config.GetMounts() {
		if err := c.link(mount); err != nil {
			return nil, err
		}
	}
	return c, nil
}

// directory is where its commands begin.
func (c *container) directory() string {
	return filepath.Join(c.folder, filepath.Clean("/"+c.config.GetWorkingDir()))
}

// link makes a volume appear below the folder where it would be mounted.
func (c *container) link(mount *api.Mount) error {
	if mount.GetHostPath() == "" {
		return nil
	}
	path := filepath.Join(c.folder, filepath.Clean("/"+mount.GetContainerPath()))
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	// The working directory may be the volume itself, and is there already.
	_ = os.Remove(path)
	if err := os.Symlink(mount.GetHostPath(), path); err != nil && !os.IsExist(err) {
		return err
	}
	return nil
}

// start runs the command. One without a command has nothing to run, and waits until it is stopped.
func (c *container) start() error {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	log, err := openLog(c.logPath)
	if err != nil {
		return err
	}
	c.output = newOutput(log)
	c.startedAt = time.Now()
	c.state = api.ContainerState_CONTAINER_RUNNING
	words := commandOf(c.config)
	if len(words) == 0 {
		go func() {
			<-c.quit
			c.ended(0)
		}()
		return nil
	}
	c.process, err = startProcess(processConfig{
		words:     words,
		directory: c.directory(),
		env:       c.env(nil),
		hasStdin:  c.config.GetStdin(),
		tty:       c.config.GetTty(),
		stdout:    c.output.stdout(),
		stderr:    c.output.stderr(),
	})
	if err != nil {
		err = fmt.Errorf("failed to create containerd task: failed to create shim task: OCI runtime create failed: runc create failed: unable to start container process: %w", err)
		c.finish(128, err)
		return err
	}
	go func(p *process) { c.ended(p.wait()) }(c.process)
	return nil
}

// commandOf is what is to be run. What an image would add to arguments is not known: they are a command where they name one.
func commandOf(config *api.ContainerConfig) []string {
	if len(config.GetCommand()) > 0 {
		return append(append([]string{}, config.GetCommand()...), config.GetArgs()...)
	}
	if args := config.GetArgs(); len(args) > 0 && isProgram(args[0]) {
		return args
	}
	if config.GetStdin() {
		return []string{"sh"}
	}
	return nil
}

// env is what a command finds in its environment.
func (c *container) env(more []string) []string {
	env := []string{"PATH=" + os.Getenv("PATH"), "HOME=" + c.folder, "HOSTNAME=" + c.hostname}
	if c.config.GetTty() {
		env = append(env, "TERM=xterm")
	}
	for _, variable := range c.config.GetEnvs() {
		env = append(env, variable.GetKey()+"="+string(variable.GetValue()))
	}
	return append(env, more...)
}

func (c *container) ended(exitCode int32) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	// Nothing outlives the first process, as in a container.
	if c.process != nil {
		c.process.kill()
	}
	for p := range c.executed {
		p.kill()
	}
	c.finish(exitCode, nil)
}

// finish is called with the mutex held.
func (c *container) finish(exitCode int32, err error) {
	c.state = api.ContainerState_CONTAINER_EXITED
	c.finishedAt = time.Now()
	c.exitCode = exitCode
	switch {
	case err != nil:
		c.reason, c.message = "StartError", err.Error()
		// What never ran was never started.
		c.startedAt = time.Unix(0, 0)
	case exitCode == 0:
		c.reason = "Completed"
	default:
		c.reason = "Error"
	}
	c.output.close()
	close(c.done)
}

// stop asks the process to end, kills it after a time, and waits until it is gone.
func (c *container) stop(grace time.Duration) {
	c.mutex.Lock()
	state, p := c.state, c.process
	c.mutex.Unlock()
	if state != api.ContainerState_CONTAINER_RUNNING {
		return
	}
	c.quitOnce.Do(func() { close(c.quit) })
	if p != nil && grace > 0 {
		p.terminate(strings.TrimPrefix(c.config.GetStopSignal().String(), "RUNTIME_DEFAULT"))
		select {
		case <-c.done:
			return
		case <-time.After(grace):
		}
	}
	if p != nil {
		p.kill()
	}
	<-c.done
}

// execute runs a command beside the process, while that runs.
func (c *container) execute(config processConfig) (*process, error) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if c.state != api.ContainerState_CONTAINER_RUNNING {
		return nil, fmt.Errorf("container is in %s state", c.state)
	}
	config.directory = c.directory()
	var more []string
	if config.tty {
		more = []string{"TERM=xterm"}
	}
	config.env = c.env(more)
	p, err := startProcess(config)
	if err != nil {
		return nil, err
	}
	c.executed[p] = struct{}{}
	return p, nil
}

// executedEnded forgets a command of which nothing is left, since its number may soon be another's.
func (c *container) executedEnded(p *process) {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	if !p.isLeft() {
		delete(c.executed, p)
	}
}

func (c *container) status() *api.ContainerStatus {
	c.mutex.Lock()
	defer c.mutex.Unlock()
	now := &api.ContainerStatus{
		Id:          c.id,
		Metadata:    c.config.GetMetadata(),
		State:       c.state,
		CreatedAt:   c.createdAt.UnixNano(),
		Image:       &api.ImageSpec{Image: c.config.GetImage().GetUserSpecifiedImage()},
		ImageRef:    imageID(c.config.GetImage()),
		ImageId:     imageID(c.config.GetImage()),
		Labels:      c.config.GetLabels(),
		Annotations: c.config.GetAnnotations(),
		Mounts:      c.config.GetMounts(),
		LogPath:     c.logPath,
		ExitCode:    c.exitCode,
		Reason:      c.reason,
		Message:     c.message,
	}
	if !c.startedAt.IsZero() {
		now.StartedAt = c.startedAt.UnixNano()
	}
	if !c.finishedAt.IsZero() {
		now.FinishedAt = c.finishedAt.UnixNano()
	}
	return now
}
