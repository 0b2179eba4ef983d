package kubelet

import (
	"context"
	"os"
	"strings"

	cadvisorapi "github.com/google/cadvisor/lib/model"
	"k8s.io/klog/v2"
	kubeletpkg "k8s.io/kubernetes/pkg/kubelet"
	"k8s.io/kubernetes/pkg/kubelet/cadvisor"
	kubecontainer "k8s.io/kubernetes/pkg/kubelet/container"
)

// machine is the size of the Node, whatever the machine has: tests must fit everywhere.
type machine struct{}

var _ cadvisor.Interface = machine{}

const (
	cores       = 8
	memoryBytes = 32 << 30
	diskBytes   = 100 << 30
)

func (machine) Start() error { return nil }

func (machine) MachineInfo(klog.Logger) (*cadvisorapi.MachineInfo, error) {
	return &cadvisorapi.MachineInfo{NumCores: cores, MemoryCapacity: memoryBytes}, nil
}

func (machine) VersionInfo() (*cadvisorapi.VersionInfo, error) {
	return &cadvisorapi.VersionInfo{KernelVersion: "6.12.0", ContainerOsVersion: "Processes"}, nil
}

func (machine) ContainerInfoV2(string, cadvisorapi.RequestOptions) (map[string]cadvisorapi.ContainerInfo, error) {
	return map[string]cadvisorapi.ContainerInfo{}, nil
}

func (machine) GetRequestedContainersInfo(string, cadvisorapi.RequestOptions) (map[string]*cadvisorapi.ContainerInfo, error) {
	return map[string]*cadvisorapi.ContainerInfo{}, nil
}

func (machine) ImagesFsInfo(context.Context) (cadvisorapi.FsInfo, error) { return disk(), nil }

func (machine) RootFsInfo() (cadvisorapi.FsInfo, error) { return disk(), nil }

func (machine) ContainerFsInfo(context.Context) (cadvisorapi.FsInfo, error) { return disk(), nil }

func (machine) GetDirFsInfo(string) (cadvisorapi.FsInfo, error) { return disk(), nil }

func disk() cadvisorapi.FsInfo {
	inodes := uint64(1 << 24)
	return cadvisorapi.FsInfo{Capacity: diskBytes, Available: diskBytes, Inodes: &inodes, InodesFree: &inodes}
}

// ownFiles keeps the kubelet from the one folder that it has outside of its own: links to logs, for log collectors.
type ownFiles struct{ kubecontainer.RealOS }

func (f ownFiles) MkdirAll(path string, mode os.FileMode) error {
	if isForCollectors(path) {
		return nil
	}
	return f.RealOS.MkdirAll(path, mode)
}

func (f ownFiles) Symlink(target, path string) error {
	if isForCollectors(path) {
		return nil
	}
	return f.RealOS.Symlink(target, path)
}

func (f ownFiles) Remove(path string) error {
	if isForCollectors(path) {
		return nil
	}
	return f.RealOS.Remove(path)
}

func (f ownFiles) Glob(pattern string) ([]string, error) {
	if isForCollectors(pattern) {
		return nil, nil
	}
	return f.RealOS.Glob(pattern)
}

func isForCollectors(path string) bool { return strings.HasPrefix(path, kubeletpkg.ContainerLogsDir) }
