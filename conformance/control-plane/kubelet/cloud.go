package kubelet

import (
	"context"
	"encoding/json"
	"time"

	v1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/kubernetes"
	cloudprovider "k8s.io/cloud-provider/api"
)

// provide does for the Node what a cloud's controller does: it says its addresses and lets Pods on it. The API server reaches
// the kubelet at localhost; the other address is for show, since Endpoints may not be on a loopback address.
func provide(ctx context.Context, client kubernetes.Interface, name, address string) error {
	status, err := json.Marshal(map[string]any{"status": map[string]any{"addresses": []v1.NodeAddress{
		{Type: v1.NodeInternalIP, Address: address},
		{Type: v1.NodeHostName, Address: name},
		{Type: v1.NodeInternalDNS, Address: "localhost"},
	}}})
	if err != nil {
		return err
	}
	return wait.PollUntilContextCancel(ctx, 20*time.Millisecond, true, func(ctx context.Context) (bool, error) {
		node, err := client.CoreV1().Nodes().Get(ctx, name, metav1.GetOptions{})
		if err != nil {
			return false, ignoreNotFound(err)
		}
		if _, err := client.CoreV1().Nodes().Patch(ctx, name, types.StrategicMergePatchType, status, metav1.PatchOptions{}, "status"); err != nil {
			return false, err
		}
		var taints []v1.Taint
		for _, taint := range node.Spec.Taints {
			if taint.Key != cloudprovider.TaintExternalCloudProvider {
				taints = append(taints, taint)
			}
		}
		node.Spec.Taints = taints
		_, err = client.CoreV1().Nodes().Update(ctx, node, metav1.UpdateOptions{})
		if apierrors.IsConflict(err) {
			return false, nil
		}
		return err == nil, err
	})
}

func ignoreNotFound(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}
