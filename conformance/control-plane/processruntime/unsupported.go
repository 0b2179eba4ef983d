package processruntime

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	api "k8s.io/cri-api/pkg/apis/runtime/v1"
)

// unsupported refuses what a runtime of processes cannot do, or has nothing to say about.
type unsupported struct{}

func refused(what string) error {
	return status.Errorf(codes.Unimplemented, "%s is not supported", what)
}

func (unsupported) CheckpointContainer(context.Context, *api.CheckpointContainerRequest) error {
	return refused("checkpointing")
}

func (unsupported) CheckpointPod(context.Context, *api.CheckpointPodRequest) error {
	return refused("checkpointing")
}

func (unsupported) RestorePod(context.Context, *api.RestorePodRequest) (*api.RestorePodResponse, error) {
	return nil, refused("restoring")
}

func (unsupported) GetContainerEvents(context.Context, chan *api.ContainerEventResponse, func(api.RuntimeService_GetContainerEventsClient)) error {
	return refused("a stream of events")
}

func (unsupported) UpdatePodSandboxResources(context.Context, *api.UpdatePodSandboxResourcesRequest) (*api.UpdatePodSandboxResourcesResponse, error) {
	return nil, refused("limiting resources")
}

func (unsupported) RuntimeConfig(context.Context) (*api.RuntimeConfigResponse, error) {
	return nil, refused("a cgroup driver")
}

func (unsupported) ContainerStats(context.Context, string) (*api.ContainerStats, error) {
	return nil, refused("measuring")
}

func (unsupported) ListContainerStats(context.Context, *api.ContainerStatsFilter) ([]*api.ContainerStats, error) {
	return nil, nil
}

func (unsupported) PodSandboxStats(context.Context, string) (*api.PodSandboxStats, error) {
	return nil, refused("measuring")
}

func (unsupported) ListPodSandboxStats(context.Context, *api.PodSandboxStatsFilter) ([]*api.PodSandboxStats, error) {
	return nil, nil
}

func (unsupported) ListMetricDescriptors(context.Context) ([]*api.MetricDescriptor, error) {
	return nil, nil
}

func (unsupported) ListPodSandboxMetrics(context.Context) ([]*api.PodSandboxMetrics, error) {
	return nil, nil
}
