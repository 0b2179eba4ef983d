// Package processruntime is a container runtime without containers: what a kubelet takes for a container is a local process
// in a process group and a folder of its own. Images are names only, and every one is there.
//
// A container's root is its folder: commands begin there (or in the working directory below it), and volumes are linked into
// it. An absolute path is that of the machine. All Pods share the machine's network, so that a Pod's port is one of 127.0.0.1.
package processruntime

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	cri "k8s.io/cri-api/pkg/apis"
	api "k8s.io/cri-api/pkg/apis/runtime/v1"
	"k8s.io/cri-streaming/pkg/streaming"
)

// Runtime is what a kubelet asks to run Pods.
type Runtime struct {
	unsupported
	folder    string
	streams   streaming.Server
	listening net.Listener

	mutex      sync.Mutex
	isClosed   bool
	sandboxes  map[string]*sandbox
	containers map[string]*container
	addresses  int
}

var _ cri.RuntimeService = &Runtime{}

// sandbox is what the containers of a Pod share.
type sandbox struct {
	id        string
	config    *api.PodSandboxConfig
	address   string
	state     api.PodSandboxState
	createdAt time.Time
}

// New makes a runtime that keeps its files in a folder, and serves streams on a port of 127.0.0.1.
func New(folder string) (*Runtime, error) {
	if err := os.MkdirAll(folder, 0o755); err != nil {
		return nil, err
	}
	listening, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	r := &Runtime{
		folder:     folder,
		listening:  listening,
		sandboxes:  map[string]*sandbox{},
		containers: map[string]*container{},
	}
	config := streaming.DefaultConfig
	config.BaseURL = &url.URL{Scheme: "http", Host: listening.Addr().String()}
	if r.streams, err = streaming.NewServer(config, streams{r}); err != nil {
		listening.Close()
		return nil, err
	}
	go func() { _ = http.Serve(listening, r.streams) }()
	return r, nil
}

// Shutdown kills what runs, starts nothing any more, and returns when the processes are gone.
func (r *Runtime) Shutdown() {
	r.mutex.Lock()
	r.isClosed = true
	containers := make([]*container, 0, len(r.containers))
	for _, c := range r.containers {
		containers = append(containers, c)
	}
	r.mutex.Unlock()
	r.listening.Close()
	var ending sync.WaitGroup
	for _, c := range containers {
		ending.Go(func() { c.stop(0) })
	}
	ending.Wait()
}

// Version names the runtime.
func (r *Runtime) Version(context.Context, string) (*api.VersionResponse, error) {
	return &api.VersionResponse{
		Version:           "0.1.0",
		RuntimeName:       "process",
		RuntimeVersion:    "1.0.0",
		RuntimeApiVersion: "v1",
	}, nil
}

// Status is always well.
func (r *Runtime) Status(context.Context, bool) (*api.StatusResponse, error) {
	return &api.StatusResponse{Status: &api.RuntimeStatus{Conditions: []*api.RuntimeCondition{
		{Type: api.RuntimeReady, Status: true},
		{Type: api.NetworkReady, Status: true},
	}}}, nil
}

// RunPodSandbox gives a Pod its address.
func (r *Runtime) RunPodSandbox(_ context.Context, config *api.PodSandboxConfig, _ string) (string, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	s := &sandbox{id: newID(), config: config, state: api.PodSandboxState_SANDBOX_READY, createdAt: time.Now()}
	if config.GetLinux().GetSecurityContext().GetNamespaceOptions().GetNetwork() != api.NamespaceMode_NODE {
		r.addresses++
		s.address = fmt.Sprintf("10.244.%d.%d", r.addresses/254%254, r.addresses%254+1)
	}
	r.sandboxes[s.id] = s
	return s.id, nil
}

// StopPodSandbox kills what still runs in it.
func (r *Runtime) StopPodSandbox(_ context.Context, id string) error {
	for _, c := range r.containersOf(id) {
		c.stop(0)
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if s, ok := r.sandboxes[id]; ok {
		s.state = api.PodSandboxState_SANDBOX_NOTREADY
	}
	return nil
}

// RemovePodSandbox removes its containers too.
func (r *Runtime) RemovePodSandbox(ctx context.Context, id string) error {
	for _, c := range r.containersOf(id) {
		if err := r.RemoveContainer(ctx, c.id); err != nil {
			return err
		}
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	delete(r.sandboxes, id)
	return nil
}

// PodSandboxStatus says how a sandbox is.
func (r *Runtime) PodSandboxStatus(_ context.Context, id string, _ bool) (*api.PodSandboxStatusResponse, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	s, ok := r.sandboxes[id]
	if !ok {
		return nil, status.Errorf(codes.NotFound, "sandbox %q not found", id)
	}
	return &api.PodSandboxStatusResponse{Timestamp: time.Now().UnixNano(), Status: &api.PodSandboxStatus{
		Id:          s.id,
		Metadata:    s.config.GetMetadata(),
		State:       s.state,
		CreatedAt:   s.createdAt.UnixNano(),
		Network:     &api.PodSandboxNetworkStatus{Ip: s.address},
		Linux:       &api.LinuxPodSandboxStatus{Namespaces: &api.Namespace{Options: s.config.GetLinux().GetSecurityContext().GetNamespaceOptions()}},
		Labels:      s.config.GetLabels(),
		Annotations: s.config.GetAnnotations(),
	}}, nil
}

// ListPodSandbox lists those that a filter selects.
func (r *Runtime) ListPodSandbox(_ context.Context, filter *api.PodSandboxFilter) ([]*api.PodSandbox, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var found []*api.PodSandbox
	for _, s := range r.sandboxes {
		if filter.GetId() != "" && filter.GetId() != s.id ||
			filter.GetState() != nil && filter.GetState().GetState() != s.state ||
			!hasLabels(s.config.GetLabels(), filter.GetLabelSelector()) {
			continue
		}
		found = append(found, &api.PodSandbox{
			Id:          s.id,
			Metadata:    s.config.GetMetadata(),
			State:       s.state,
			CreatedAt:   s.createdAt.UnixNano(),
			Labels:      s.config.GetLabels(),
			Annotations: s.config.GetAnnotations(),
		})
	}
	return found, nil
}

// CreateContainer makes a container's folder.
func (r *Runtime) CreateContainer(_ context.Context, sandboxID string, config *api.ContainerConfig, pod *api.PodSandboxConfig) (string, error) {
	id := newID()
	c, err := newContainer(id, sandboxID, filepath.Join(r.folder, id[:12]), config, pod)
	if err != nil {
		return "", err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	r.containers[id] = c
	return id, nil
}

// StartContainer starts its process.
func (r *Runtime) StartContainer(_ context.Context, id string) error {
	c, err := r.container(id)
	if err != nil {
		return err
	}
	r.mutex.Lock()
	defer r.mutex.Unlock()
	if r.isClosed {
		return status.Error(codes.Unavailable, "the runtime is shutting down")
	}
	return c.start()
}

// StopContainer asks its process to end, and kills it after so many seconds.
func (r *Runtime) StopContainer(_ context.Context, id string, timeout int64) error {
	c, err := r.container(id)
	if err != nil {
		return nil
	}
	c.stop(time.Duration(timeout) * time.Second)
	return nil
}

// RemoveContainer kills it and removes its folder. The log is the kubelet's.
func (r *Runtime) RemoveContainer(_ context.Context, id string) error {
	c, err := r.container(id)
	if err != nil {
		return nil
	}
	c.stop(0)
	r.mutex.Lock()
	delete(r.containers, id)
	r.mutex.Unlock()
	return os.RemoveAll(c.folder)
}

// ListContainers lists those that a filter selects.
func (r *Runtime) ListContainers(_ context.Context, filter *api.ContainerFilter) ([]*api.Container, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var found []*api.Container
	for _, c := range r.containers {
		now := c.status()
		if filter.GetId() != "" && filter.GetId() != c.id ||
			filter.GetPodSandboxId() != "" && filter.GetPodSandboxId() != c.sandboxID ||
			filter.GetState() != nil && filter.GetState().GetState() != now.GetState() ||
			!hasLabels(c.config.GetLabels(), filter.GetLabelSelector()) {
			continue
		}
		found = append(found, &api.Container{
			Id:           c.id,
			PodSandboxId: c.sandboxID,
			Metadata:     now.GetMetadata(),
			Image:        now.GetImage(),
			ImageRef:     now.GetImageRef(),
			ImageId:      now.GetImageId(),
			State:        now.GetState(),
			CreatedAt:    now.GetCreatedAt(),
			Labels:       now.GetLabels(),
			Annotations:  now.GetAnnotations(),
		})
	}
	return found, nil
}

// ContainerStatus says how a container is.
func (r *Runtime) ContainerStatus(_ context.Context, id string, _ bool) (*api.ContainerStatusResponse, error) {
	c, err := r.container(id)
	if err != nil {
		return nil, err
	}
	return &api.ContainerStatusResponse{Status: c.status()}, nil
}

// ReopenContainerLog has nothing to do, since logs are not rotated.
func (r *Runtime) ReopenContainerLog(context.Context, string) error { return nil }

// UpdateContainerResources has nothing to do, since resources are not limited.
func (r *Runtime) UpdateContainerResources(context.Context, string, *api.ContainerResources) error {
	return nil
}

// UpdateRuntimeConfig has nothing to do, since the network is the machine's.
func (r *Runtime) UpdateRuntimeConfig(context.Context, *api.RuntimeConfig) error { return nil }

// Close leaves everything running; see Shutdown.
func (r *Runtime) Close(context.Context) error { return nil }

func (r *Runtime) container(id string) (*container, error) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	c, ok := r.containers[id]
	if !ok {
		return nil, status.Errorf(codes.NotFound, "container %q not found", id)
	}
	return c, nil
}

func (r *Runtime) containersOf(sandboxID string) []*container {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	var found []*container
	for _, c := range r.containers {
		if c.sandboxID == sandboxID {
			found = append(found, c)
		}
	}
	return found
}

func hasLabels(labels, wanted map[string]string) bool {
	for key, value := range wanted {
		if labels[key] != value {
			return false
		}
	}
	return true
}

func newID() string {
	bytes := make([]byte, 32)
	_, _ = rand.Read(bytes)
	return hex.EncodeToString(bytes)
}
