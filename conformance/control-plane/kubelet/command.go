// Package kubelet runs the real kubelet on a runtime of processes, on any machine: without root, containers, cgroups or
// mounts, and with all of its files in one folder.
package kubelet

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"path/filepath"
	"syscall"
	"time"

	"github.com/spf13/cobra"
	noopoteltrace "go.opentelemetry.io/otel/trace/noop"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/clientcmd"
	"k8s.io/client-go/tools/record"
	"k8s.io/klog/v2"
	kubeletapp "k8s.io/kubernetes/cmd/kubelet/app"
	"k8s.io/kubernetes/cmd/kubelet/app/options"
	kubeletpkg "k8s.io/kubernetes/pkg/kubelet"
	kubeletconfig "k8s.io/kubernetes/pkg/kubelet/apis/config"
	"k8s.io/kubernetes/pkg/kubelet/cm"
	kubeletutil "k8s.io/kubernetes/pkg/kubelet/util"
	"k8s.io/kubernetes/pkg/util/oom"
	"k8s.io/kubernetes/pkg/volume"
	"k8s.io/kubernetes/pkg/volume/configmap"
	"k8s.io/kubernetes/pkg/volume/downwardapi"
	"k8s.io/kubernetes/pkg/volume/emptydir"
	"k8s.io/kubernetes/pkg/volume/hostpath"
	"k8s.io/kubernetes/pkg/volume/projected"
	"k8s.io/kubernetes/pkg/volume/secret"
	"k8s.io/kubernetes/pkg/volume/util/hostutil"
	"k8s.io/kubernetes/pkg/volume/util/subpath"
	"k8s.io/mount-utils"

	"bowline.dev/conformance/control-plane/processruntime"
)

type config struct {
	kubeconfig   string
	nodeName     string
	folder       string
	port         int
	address      string
	certificate  string
	key          string
	clientCAFile string
}

// NewCommand is the program.
func NewCommand() *cobra.Command {
	var c config
	command := &cobra.Command{
		Use:          "kubelet",
		Short:        "runs Pods as processes of this machine",
		SilenceUsage: true,
		RunE:         func(*cobra.Command, []string) error { return run(c) },
	}
	flags := command.Flags()
	flags.StringVar(&c.kubeconfig, "kubeconfig", "", "file that says how to reach the API server")
	flags.StringVar(&c.nodeName, "node-name", "", "name of the Node")
	flags.StringVar(&c.folder, "root-dir", "", "folder for everything it keeps, removed in the end")
	flags.IntVar(&c.port, "port", 0, "port of 127.0.0.1 that the API server reaches it at")
	flags.StringVar(&c.address, "node-ip", "", "address that the Node says it has; nothing listens there")
	flags.StringVar(&c.certificate, "tls-cert-file", "", "its certificate")
	flags.StringVar(&c.key, "tls-private-key-file", "", "its key")
	flags.StringVar(&c.clientCAFile, "client-ca-file", "", "authority of those who may call it")
	for _, name := range []string{"kubeconfig", "node-name", "root-dir", "port", "node-ip", "tls-cert-file", "tls-private-key-file", "client-ca-file"} {
		_ = command.MarkFlagRequired(name)
	}
	return command
}

func run(c config) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	restConfig, err := clientcmd.BuildConfigFromFlags("", c.kubeconfig)
	if err != nil {
		return err
	}
	restConfig.QPS = -1
	client, err := kubernetes.NewForConfig(restConfig)
	if err != nil {
		return err
	}
	runtime, err := processruntime.New(filepath.Join(c.folder, "containers"))
	if err != nil {
		return err
	}
	defer os.RemoveAll(c.folder)
	defer runtime.Shutdown()
	server := c.server()
	dependencies, err := c.dependencies(ctx, client, server, runtime)
	if err != nil {
		return err
	}
	if err := kubeletapp.RunKubelet(ctx, server, dependencies); err != nil {
		return err
	}
	if err := provide(ctx, client, c.nodeName, c.address); err != nil && !errors.Is(err, context.Canceled) {
		return err
	}
	<-ctx.Done()
	return nil
}

// server is the kubelet's own configuration: what belongs to a real machine is off.
func (c config) server() *options.KubeletServer {
	flags := options.NewKubeletFlags()
	flags.RootDirectory = c.folder
	flags.CertDirectory = filepath.Join(c.folder, "pki")
	flags.HostnameOverride = c.nodeName
	// Addresses come from provide(): the kubelet takes only those of the machine.
	flags.CloudProvider = "external"
	flags.MaxPerPodContainerCount = 2
	flags.MaxContainerCount = -1
	configuration, err := options.NewKubeletConfiguration()
	if err != nil {
		panic(err)
	}
	configuration.Address = "127.0.0.1"
	configuration.Port = int32(c.port)
	configuration.ReadOnlyPort = 0
	configuration.HealthzPort = 0
	configuration.StaticPodPath = ""
	configuration.PodLogsDir = filepath.Join(c.folder, "logs")
	configuration.Authentication.Anonymous.Enabled = false
	configuration.Authentication.Webhook.Enabled = false
	configuration.Authentication.X509.ClientCAFile = c.clientCAFile
	configuration.Authorization.Mode = kubeletconfig.KubeletAuthorizationModeAlwaysAllow
	configuration.EventRecordQPS = 0
	configuration.RegistryPullQPS = 0
	configuration.SerializeImagePulls = false
	configuration.ResolverConfig = ""
	configuration.CgroupsPerQOS = false
	configuration.CgroupRoot = ""
	configuration.EnforceNodeAllocatable = nil
	configuration.LocalStorageCapacityIsolation = false
	configuration.EvictionHard = map[string]string{}
	configuration.ImageGCHighThresholdPercent = 100
	configuration.EnableControllerAttachDetach = false
	configuration.MaxPods = 250
	configuration.NodeStatusUpdateFrequency = metav1.Duration{Duration: 5 * time.Second}
	configuration.SyncFrequency = metav1.Duration{Duration: 10 * time.Second}
	return &options.KubeletServer{KubeletFlags: *flags, KubeletConfiguration: *configuration}
}

func (c config) dependencies(ctx context.Context, client *kubernetes.Clientset, server *options.KubeletServer, runtime *processruntime.Runtime) (*kubeletpkg.Dependencies, error) {
	tlsConfig, err := c.tls()
	if err != nil {
		return nil, err
	}
	auth, reloadAuthorities, err := kubeletapp.BuildAuth(types.NodeName(c.nodeName), client, server.KubeletConfiguration)
	if err != nil {
		return nil, err
	}
	go reloadAuthorities(ctx.Done())
	var volumes []volume.VolumePlugin
	for _, plugins := range [][]volume.VolumePlugin{
		configmap.ProbeVolumePlugins(),
		downwardapi.ProbeVolumePlugins(),
		emptydir.ProbeVolumePlugins(),
		hostpath.ProbeVolumePlugins(volume.VolumeConfig{}),
		projected.ProbeVolumePlugins(),
		secret.ProbeVolumePlugins(),
	} {
		volumes = append(volumes, plugins...)
	}
	return &kubeletpkg.Dependencies{
		Auth:                      auth,
		TLSConfig:                 tlsConfig,
		KubeClient:                client,
		HeartbeatClient:           client,
		EventClient:               client.CoreV1(),
		CAdvisorInterface:         machine{},
		ContainerManager:          cm.NewStubContainerManager(),
		HostUtil:                  hostutil.NewFakeHostUtil(nil),
		Mounter:                   mount.NewFakeMounter(nil),
		Subpather:                 &subpath.FakeSubpath{},
		OOMAdjuster:               oom.NewFakeOOMAdjuster(),
		OSInterface:               ownFiles{},
		VolumePlugins:             volumes,
		RemoteRuntimeService:      runtime,
		RemoteImageService:        processruntime.Images{},
		PodStartupLatencyTracker:  kubeletutil.NewPodStartupLatencyTracker(),
		NodeStartupLatencyTracker: kubeletutil.NewNodeStartupLatencyTracker(klog.FromContext(ctx)),
		TracerProvider:            noopoteltrace.NewTracerProvider(),
		// Any other recorder makes the kubelet read the kernel's log, which not everybody may.
		Recorder: &record.FakeRecorder{},
	}, nil
}

// tls lets only those in who have a certificate of the authority.
func (c config) tls() (*tls.Config, error) {
	certificate, err := tls.LoadX509KeyPair(c.certificate, c.key)
	if err != nil {
		return nil, err
	}
	pem, err := os.ReadFile(c.clientCAFile)
	if err != nil {
		return nil, err
	}
	authorities := x509.NewCertPool()
	if !authorities.AppendCertsFromPEM(pem) {
		return nil, fmt.Errorf("no certificate in %s", c.clientCAFile)
	}
	return &tls.Config{
		Certificates: []tls.Certificate{certificate},
		ClientAuth:   tls.RequireAndVerifyClientCert,
		ClientCAs:    authorities,
		MinVersion:   tls.VersionTLS12,
	}, nil
}
