// Says what the real client-go does in one case of this folder: reads the case from the file named on the command line, loads the
// configuration, makes the requests, and prints the outcome as one JSON object. What the server, the proxies and the plugin
// saw is recorded by those, not here. Environment and working folder are the caller's business.
package main

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"path/filepath"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	_ "k8s.io/client-go/plugin/pkg/client/auth"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

type fileOrData struct {
	File string `json:"file"`
	Data string `json:"data"`
}

type impersonation struct {
	User   string              `json:"user"`
	UID    string              `json:"uid"`
	Groups []string            `json:"groups"`
	Extra  map[string][]string `json:"extra"`
}

type overrides struct {
	Server                string         `json:"server"`
	TLSServerName         string         `json:"tlsServerName"`
	InsecureSkipTLSVerify bool           `json:"insecureSkipTlsVerify"`
	CertificateAuthority  fileOrData     `json:"certificateAuthority"`
	ProxyURL              string         `json:"proxyUrl"`
	DisableCompression    bool           `json:"disableCompression"`
	Token                 string         `json:"token"`
	TokenFile             string         `json:"tokenFile"`
	Username              string         `json:"username"`
	Password              string         `json:"password"`
	ClientCertificate     fileOrData     `json:"clientCertificate"`
	ClientKey             fileOrData     `json:"clientKey"`
	Impersonate           *impersonation `json:"impersonate"`
	Timeout               string         `json:"timeout"`
}

type policy struct {
	Type      string    `json:"type"`
	Allowlist *[]string `json:"allowlist"`
}

type step struct {
	WaitMs   int               `json:"waitMs"`
	Requests int               `json:"requests"`
	Parallel bool              `json:"parallel"`
	Headers  map[string]string `json:"headers"`
	Write    map[string]string `json:"write"`
	Remove   []string          `json:"remove"`
}

type givenCase struct {
	Text       string    `json:"text"`
	Kubeconfig string    `json:"kubeconfig"`
	Context    string    `json:"context"`
	Clients    []string  `json:"clients"`
	Cluster    string    `json:"cluster"`
	User       string    `json:"user"`
	Namespace  string    `json:"namespace"`
	Overrides  overrides `json:"overrides"`
	Policy     *policy   `json:"policy"`
	Steps      []step    `json:"steps"`
}

type outcome struct {
	// Stage is where it failed before any request: "config" or nothing.
	Stage     string   `json:"stage"`
	Namespace string   `json:"namespace"`
	TimeoutMs float64  `json:"timeoutMs"`
	Requests  []string `json:"requests"`
	Errors    []string `json:"errors"`
}

func main() {
	b, err := os.ReadFile(os.Args[1])
	if err != nil {
		panic(err)
	}
	var given givenCase
	if err := json.Unmarshal(b, &given); err != nil {
		panic(err)
	}
	out := run(given)
	if err := json.NewEncoder(os.Stdout).Encode(out); err != nil {
		panic(err)
	}
}

func configOf(given givenCase) (*rest.Config, string, error) {
	var loader clientcmd.ClientConfig
	o := overridesOf(given)
	if given.Text != "" {
		raw, err := clientcmd.Load([]byte(given.Text))
		if err != nil {
			return nil, "", err
		}
		loader = clientcmd.NewNonInteractiveClientConfig(*raw, "", o, &clientcmd.ClientConfigLoadingRules{})
	} else {
		rules := clientcmd.NewDefaultClientConfigLoadingRules()
		rules.ExplicitPath = given.Kubeconfig
		loader = clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, o)
	}
	config, err := loader.ClientConfig()
	if err != nil {
		return nil, "", err
	}
	namespace, _, err := loader.Namespace()
	if err != nil {
		return nil, "", err
	}
	if given.Policy != nil && config.ExecProvider != nil {
		config.ExecProvider.PluginPolicy.PolicyType = clientcmdapi.PolicyType(given.Policy.Type)
		if list := given.Policy.Allowlist; list != nil {
			config.ExecProvider.PluginPolicy.Allowlist = []clientcmdapi.AllowlistEntry{}
			for _, name := range *list {
				config.ExecProvider.PluginPolicy.Allowlist = append(config.ExecProvider.PluginPolicy.Allowlist, clientcmdapi.AllowlistEntry{Command: name})
			}
		}
	}
	return config, namespace, nil
}

func overridesOf(given givenCase) *clientcmd.ConfigOverrides {
	g := given.Overrides
	o := &clientcmd.ConfigOverrides{CurrentContext: given.Context, Timeout: g.Timeout}
	o.Context = clientcmdapi.Context{Cluster: given.Cluster, AuthInfo: given.User, Namespace: given.Namespace}
	o.ClusterInfo.Server = g.Server
	o.ClusterInfo.TLSServerName = g.TLSServerName
	o.ClusterInfo.InsecureSkipTLSVerify = g.InsecureSkipTLSVerify
	o.ClusterInfo.CertificateAuthority = g.CertificateAuthority.File
	o.ClusterInfo.CertificateAuthorityData = []byte(g.CertificateAuthority.Data)
	o.ClusterInfo.ProxyURL = g.ProxyURL
	o.ClusterInfo.DisableCompression = g.DisableCompression
	o.AuthInfo.Token = g.Token
	o.AuthInfo.TokenFile = g.TokenFile
	o.AuthInfo.Username = g.Username
	o.AuthInfo.Password = g.Password
	o.AuthInfo.ClientCertificate = g.ClientCertificate.File
	o.AuthInfo.ClientCertificateData = []byte(g.ClientCertificate.Data)
	o.AuthInfo.ClientKey = g.ClientKey.File
	o.AuthInfo.ClientKeyData = []byte(g.ClientKey.Data)
	if i := g.Impersonate; i != nil {
		o.AuthInfo.Impersonate = i.User
		o.AuthInfo.ImpersonateUID = i.UID
		o.AuthInfo.ImpersonateGroups = i.Groups
		o.AuthInfo.ImpersonateUserExtra = i.Extra
	}
	return o
}

func run(given givenCase) outcome {
	out := outcome{Requests: []string{}, Errors: []string{}}
	contexts := given.Clients
	if len(contexts) == 0 {
		contexts = []string{given.Context}
	}
	clients := []*rest.RESTClient{}
	for _, name := range contexts {
		given.Context = name
		client, config, namespace, err := connect(given)
		if err != nil {
			out.Stage, out.Errors = "config", []string{err.Error()}
			return out
		}
		clients = append(clients, client)
		out.Namespace, out.TimeoutMs = namespace, float64(config.Timeout)/float64(time.Millisecond)
	}
	for _, s := range given.Steps {
		for path, content := range s.Write {
			if err := os.WriteFile(filepath.Clean(path), []byte(content), 0o600); err != nil {
				panic(err)
			}
		}
		for _, path := range s.Remove {
			if err := os.Remove(path); err != nil {
				panic(err)
			}
		}
		time.Sleep(time.Duration(s.WaitMs) * time.Millisecond)
		results := make([]string, s.Requests)
		texts := make([]string, s.Requests)
		send := func(i int) {
			results[i], texts[i] = request(clients[i%len(clients)], s.Headers)
		}
		if s.Parallel {
			var group sync.WaitGroup
			for i := range results {
				group.Add(1)
				go func() { defer group.Done(); send(i) }()
			}
			group.Wait()
		} else {
			for i := range results {
				send(i)
			}
		}
		out.Requests = append(out.Requests, results...)
		out.Errors = append(out.Errors, texts...)
	}
	return out
}

func connect(given givenCase) (*rest.RESTClient, *rest.Config, string, error) {
	config, namespace, err := configOf(given)
	if err != nil {
		return nil, nil, "", err
	}
	config.QPS = -1
	config.ContentConfig = rest.ContentConfig{
		GroupVersion:         &schema.GroupVersion{},
		NegotiatedSerializer: serializer.NewCodecFactory(runtime.NewScheme()).WithoutConversion(),
	}
	client, err := rest.UnversionedRESTClientFor(config)
	return client, config, namespace, err
}

// request gives the answer's status, or "error" where none came.
func request(client *rest.RESTClient, headers map[string]string) (string, string) {
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	r := client.Get().AbsPath("/probe").MaxRetries(0)
	for name, value := range headers {
		r = r.SetHeader(http.CanonicalHeaderKey(name), value)
	}
	status := 0
	result := r.Do(ctx).StatusCode(&status)
	if status != 0 {
		return fmt.Sprint(status), ""
	}
	if err := result.Error(); err != nil {
		return "error", err.Error()
	}
	return "error", "no status"
}
