/**
 * What people do with kubectl, in order: each command sees what those before it made.
 */

/** One command line, and how far two servers must agree about it. */
export interface KubectlCommand {
  /** As typed, without `kubectl`; split at spaces, save within single quotes. */
  readonly line: string;
  readonly stdin?: string | undefined;
  /** Default `output`. `status`: only whether it succeeds, where the output is a matter of time or of the cluster. */
  readonly compares?: "output" | "status" | undefined;
}

/** Files that the commands name. */
export const FILES: Readonly<Record<string, string>> = {
  "cm.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: cm, labels: {app: shop}}
data: {a: "1"}
`,
  "cm2.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: cm, labels: {app: shop}}
data: {a: "2", b: "3"}
`,
  "wrong.yaml": `apiVersion: v1
kind: ConfigMap
metadata: {name: wrong}
dataa: {a: "1"}
`,
  "invalid.yaml": `apiVersion: v1
kind: Service
metadata: {name: invalid}
spec: {ports: [{port: 0}]}
`,
  "many.yaml": `apiVersion: v1
kind: ServiceAccount
metadata: {name: many, labels: {app: many}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: many, labels: {app: many}}
spec:
  replicas: 1
  selector: {matchLabels: {app: many}}
  template:
    metadata: {labels: {app: many}}
    spec: {containers: [{name: a, image: nginx, ports: [{containerPort: 80}]}]}
---
apiVersion: v1
kind: Service
metadata: {name: many, labels: {app: many}}
spec: {selector: {app: many}, ports: [{port: 80}]}
`,
  "csr.yaml": `apiVersion: certificates.k8s.io/v1
kind: CertificateSigningRequest
metadata: {name: kc-csr}
spec:
  signerName: kc.example.com/none
  usages: [client auth]
  request: LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlIWU1JR0FBZ0VBTUI0eERUQUxCZ05WQkFNTUJHcGhibVV4RFRBTEJnTlZCQW9NQkdSbGRuTXdXVEFUQmdjcQpoa2pPUFFJQkJnZ3Foa2pPUFFNQkJ3TkNBQVNMZUxmZFQ0SXhCaWNrNjFMbmd1S0RzZmNGek1RTHFYaDdEOHBiCmd4RVZDandubTQxazlUOUMwYTlGL1o0RnhuUnF5bnBzQ0dFVHlyVTlUMnZxejk3S29BQXdDZ1lJS29aSXpqMEUKQXdJRFJ3QXdSQUlnRGU3bS9uMmcvSmkyQzJJR0FGY2VKTmRhZjVMb1d3YjdoT1NJcVI0WWlib0NJSG11QVlkYQpkeWVXR0NzdWM5bXRKTlNOV3JSNXRkUzk1dGhiQlR1Y1JBenoKLS0tLS1FTkQgQ0VSVElGSUNBVEUgUkVRVUVTVC0tLS0tCg==
`,
  "crd.yaml": `apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {name: boxes.kc.example.com}
spec:
  group: kc.example.com
  scope: Namespaced
  names: {plural: boxes, singular: box, kind: Box, shortNames: [bx]}
  versions:
    - name: v1
      served: true
      storage: true
      subresources: {scale: {specReplicasPath: .spec.replicas, statusReplicasPath: .status.replicas}}
      additionalPrinterColumns: [{name: Size, type: string, jsonPath: .spec.size}]
      schema:
        openAPIV3Schema:
          type: object
          properties:
            spec:
              type: object
              properties: {size: {type: string, description: How big it is.}, replicas: {type: integer}}
            status: {type: object, properties: {replicas: {type: integer}}}
`,
  "box.yaml": `apiVersion: kc.example.com/v1
kind: Box
metadata: {name: one}
spec: {size: big, replicas: 1}
`,
  "box2.yaml": `apiVersion: kc.example.com/v1
kind: Box
metadata: {name: one}
spec: {size: small, replicas: 1}
`,
};

const outputs = (...lines: readonly string[]): KubectlCommand[] => lines.map((line) => ({ line }));
const statuses = (...lines: readonly string[]): KubectlCommand[] =>
  lines.map((line) => ({ line, compares: "status" as const }));

/** The session. */
export const COMMANDS: readonly KubectlCommand[] = [
  ...outputs("create namespace kc", "create namespace kc", "get namespace kc"),
  // The default account comes by itself, when it comes.
  ...statuses("wait --for=create serviceaccount/default --timeout=30s"),

  // Typed creates, whose bodies are protobuf.
  ...outputs(
    "create configmap c1 --from-literal=a=1 --from-literal=b=2",
    "create configmap c1 --from-literal=a=1",
    "create configmap Wrong_Name --from-literal=a=1",
    "create secret generic s1 --from-literal=p=w",
    "create secret docker-registry r1 --docker-username=u --docker-password=p --docker-email=e@example.com",
    "create serviceaccount robot",
    "create role reader --verb=get,list --resource=pods,deployments.apps",
    "create rolebinding reader --role=reader --serviceaccount=kc:robot --user=jane --group=g",
    "create clusterrole kc-cr --verb=get --resource=nodes",
    "create clusterrole kc-url --verb=get --non-resource-url=/logs/*",
    "create clusterrole kc-agg --aggregation-rule=a=b",
    "create clusterrolebinding kc-crb --clusterrole=kc-cr --user=jane",
    "create deployment web --image=nginx --replicas=2 --port=80",
    "create job once --image=busybox -- sh -c true",
    "create cronjob tick --image=busybox --schedule=@hourly -- date",
    "create job from-tick --from=cronjob/tick",
    "create service clusterip svc --tcp=80:8080 --tcp=443",
    "create service nodeport np --tcp=80 --node-port=30555",
    "create service loadbalancer lb --tcp=80",
    "create service externalname en --external-name=x.example.com",
    "create ingress ing --class=nginx --rule=h.example.com/*=svc:80,tls=cert --default-backend=d:http",
    "create quota q --hard=configmaps=10,services.loadbalancers=2",
    "create pdb guard --selector=app=web --min-available=50%",
    "create priorityclass kc-high --value=100 --description=d",
    "create priorityclass kc-high --value=100",
    "autoscale deployment web --min=2 --max=4 --cpu=50%",
    "create deployment dry --image=nginx --dry-run=server",
    "create deployment dry --image=nginx --dry-run=server -o name",
    "create -f cm.yaml --dry-run=server -o yaml",
    "get configmap c1 -o jsonpath={.data}",
    "get secret s1 -o jsonpath={.data}",
    "get secret r1 -o jsonpath={.type}{.data}",
    "get role reader -o jsonpath={.rules}",
    "get rolebinding reader -o jsonpath={.roleRef}{.subjects}",
    "get clusterrole kc-agg -o jsonpath={.aggregationRule}",
    "get job once -o jsonpath={.spec.template.spec}",
    "get cronjob tick -o jsonpath={.spec}",
    "get job from-tick -o jsonpath={.metadata.annotations}{.metadata.ownerReferences[*].name}",
    "get service svc np lb en -o jsonpath={.items[*].spec.ports}",
    "get ingress ing -o jsonpath={.spec}",
    "get hpa web -o jsonpath={.spec}",
    "get pdb guard -o jsonpath={.spec}",
  ),
  ...statuses("create token robot --duration=1h --audience=a"),

  // Rollouts.
  ...statuses("rollout status deployment/web --timeout=60s"),
  ...outputs(
    "wait --for=condition=Available deployment/web --timeout=60s",
    "get deployment web -o wide",
    "expose deployment web --port=80 --target-port=8080",
    "expose deployment web --port=80 --target-port=8080",
    "scale deployment web --replicas=3",
    "scale deployment web --current-replicas=9 --replicas=4",
  ),
  ...statuses("rollout status deployment/web --timeout=60s"),
  ...outputs(
    "set image deployment/web nginx=nginx:2",
    "set env deployment/web A=b",
    "set resources deployment/web --limits=cpu=200m,memory=512Mi",
    "set serviceaccount deployment/web robot",
    "set selector service/web app=web",
  ),
  ...statuses("rollout status deployment/web --timeout=60s"),
  ...outputs(
    "rollout history deployment/web",
    "rollout history deployment/web --revision=1",
    "rollout undo deployment/web --to-revision=1",
    "rollout pause deployment/web",
    "rollout pause deployment/web",
    "rollout resume deployment/web",
    "rollout restart deployment/web",
    "get deployment web -o jsonpath={.spec.template.spec.containers}",
  ),
  ...statuses("rollout status deployment/web --timeout=60s"),
  ...outputs(
    "wait --for=jsonpath={.status.readyReplicas}=3 deployment/web --timeout=60s",
    "wait --for=condition=Available deployment/nothing --timeout=1s",
    "wait --for=delete configmap/nothing --timeout=5s",
    "get deployment web",
    "get endpointslices -l kubernetes.io/service-name=web -o jsonpath={.items[*].ports}",
  ),

  // Objects from files.
  ...outputs(
    "apply -f cm.yaml",
    "apply -f cm.yaml",
    "diff -f cm2.yaml",
    "apply -f cm2.yaml",
    "get configmap cm -o jsonpath={.data}{.metadata.annotations}",
    "apply view-last-applied configmap cm",
    "apply -f wrong.yaml",
    "create -f wrong.yaml",
    "create -f wrong.yaml --validate=warn",
    "apply -f invalid.yaml",
    "apply -f many.yaml",
    "apply --server-side -f many.yaml",
    "apply --server-side --field-manager=other --force-conflicts -f cm.yaml",
    "apply --server-side -f cm2.yaml",
    "replace -f cm.yaml",
    "replace -f many.yaml --dry-run=server",
    "label configmap cm tier=back",
    "label configmap cm tier=front",
    "label configmap cm tier=front --overwrite",
    "label configmap cm tier-",
    "annotate configmap cm note=x",
    "annotate configmap cm note-",
    `patch configmap cm -p {"data":{"c":"4"}}`,
    `patch configmap cm --type=merge -p {"data":{"c":null}}`,
    `patch configmap cm --type=json -p [{"op":"replace","path":"/data/a","value":"9"}]`,
    `patch deployment many -p {"spec":{"template":{"spec":{"containers":[{"name":"a","image":"nginx:3"}]}}}}`,
    `patch deployment many --subresource=scale --type=merge -p {"spec":{"replicas":2}}`,
    "get deployment many -o jsonpath={.spec.replicas}{.spec.template.spec.containers}",
    "edit configmap cm",
    "get -f many.yaml -o name",
    "get service,deployment -l app=many -o name",
    "get configmap cm nothing",
    "get configmap nothing",
    "get nothings",
    "get configmap -l app=shop --show-labels",
    "get configmap --field-selector=metadata.name=cm",
    "get configmap --field-selector=data=cm",
    "get service,ingress,pdb,quota,serviceaccount,role,rolebinding",
    "get cronjob",
    "get priorityclass kc-high",
    "get clusterrole kc-cr kc-url",
    "get configmap -l app=shop --sort-by=.metadata.name -o custom-columns=N:.metadata.name,D:.data",
  ),
  { line: "create -f -", stdin: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"generateName":"gen-"}}' },

  // Words about objects.
  ...outputs(
    "describe configmap cm",
    "describe secret s1",
    "describe service svc",
    "describe serviceaccount robot",
    "describe role reader",
    "describe rolebinding reader",
    "describe quota q",
    "describe pdb guard",
    "describe ingress ing",
    "describe priorityclass kc-high",
    "describe cronjob tick --show-events=false",
  ),
  ...statuses(
    "describe deployment web",
    "describe pods",
    "events",
    "events --for=deployment/web",
    "get events",
    "top pods",
  ),
  // The test server's OpenAPI documents have the fields without their descriptions.
  ...statuses(
    "get job",
    "explain configmap",
    "explain deployment.spec.strategy",
    "explain pod.spec.containers --recursive",
    "explain networkpolicy",
  ),
  ...outputs(
    "explain deployment.spec.nothing",
    "api-resources --namespaced=true -o name",
    "api-resources --api-group=apps",
    "api-resources --verbs=patch --sort-by=kind",
    "api-versions",
    "version -o json --client=true",
    "get --raw /readyz",
    "get --raw /api/v1/namespaces/kc/configmaps/c1",
    "cluster-info",
  ),

  // Who may do what.
  ...outputs(
    "auth can-i create pods/log",
    "auth can-i get /logs/x",
    "auth can-i get pods --as=jane",
    "auth can-i delete pods --as=jane",
    "auth can-i --list --as=jane",
    "auth whoami",
    "auth whoami --as=jane --as-group=g",
    "auth reconcile -f cm.yaml",
    "get pods --as=nobody",
    "delete pod x --as=nobody",
    "create configmap no --as=nobody",
  ),

  // Signing: the approval is a typed update, in protobuf too.
  ...outputs(
    "create -f csr.yaml",
    "get csr kc-csr",
    "certificate approve kc-csr",
    "get csr kc-csr -o jsonpath={.status.conditions[*].type}",
    "certificate deny kc-csr",
    "delete csr kc-csr",
    "set subject rolebinding reader --serviceaccount=kc:default",
    "get rolebinding reader -o jsonpath={.subjects}",
    "replace --force -f cm.yaml",
    "apply -f cm.yaml -f cm2.yaml",
    "apply --prune -l app=shop --prune-allowlist=core/v1/ConfigMap -f cm2.yaml",
    "label configmap --all seen=yes --field-selector=metadata.name=cm",
    "annotate -f cm.yaml note=again --overwrite",
    "scale deployment/web deployment/many --replicas=3",
    "create ingress bad --rule=nonsense",
    "create service clusterip bad --tcp=0",
    "create quota bad --hard=pods=-1",
    "create clusterrolebinding kc-crb --clusterrole=kc-cr --user=jane",
    "create role reader --verb=get --resource=pods --dry-run=server",
    "create rolebinding bad --role=x --clusterrole=y",
    "create priorityclass kc-default --value=2000000000",
    "autoscale deployment web --min=2 --max=4 --cpu=50%",
    "autoscale deployment nothing --max=4",
    "expose deployment nothing --port=1",
    "set image deployment/nothing a=b",
    "rollout status deployment/nothing",
    "create token nothing",
    "wait --for=condition=Nonsense configmap/cm --timeout=1s",
    "get secret s1 -o go-template={{.data.p|base64decode}}",
    "api-resources -o wide --api-group=rbac.authorization.k8s.io",
    "get --raw /nothing",
    "get --raw /apis/apps/v1/namespaces/kc/deployments/nothing",
    "get configmap --watch --request-timeout=1s -l a=none",
    "get nothing.example.com",
    "get configmap c1 -n other",
    "get configmap c1 -o yaml --show-managed-fields=false",
    "get configmap c1 -o json",
    "get deployment many -o yaml",
  ),

  // Custom resources.
  ...outputs(
    "apply -f crd.yaml",
    "wait --for=condition=Established crd/boxes.kc.example.com --timeout=30s",
    "apply -f box.yaml",
    "get bx",
    "get boxes.v1.kc.example.com one -o jsonpath={.spec}",
    "diff -f box2.yaml",
    "apply -f box2.yaml",
    "apply --server-side -f box.yaml --force-conflicts",
    "scale box one --replicas=4",
    `patch box one --type=merge -p {"spec":{"size":"xl"}}`,
    `patch box one -p {"spec":{"size":"xl"}}`,
    "label box one a=b",
    "explain box.spec",
    "describe box one",
    "api-resources --api-group=kc.example.com",
    "delete box one",
    "delete crd boxes.kc.example.com",
  ),

  // Nodes.
  ...outputs(
    "run lone --image=nginx",
    "wait --for=condition=Ready pod/lone --timeout=60s",
    "cordon NODE",
    "cordon NODE",
    "uncordon NODE",
    "taint node NODE k=v:NoSchedule",
    "taint node NODE k=v:NoSchedule-",
    "label node NODE disk=ssd",
    "label node NODE disk-",
  ),
  ...statuses(
    "drain NODE --dry-run=server --force --ignore-daemonsets",
    "drain NODE --ignore-daemonsets",
    "drain NODE --ignore-daemonsets --force --disable-eviction --timeout=60s",
    "uncordon NODE",
  ),

  // Ends.
  ...outputs(
    "delete configmap cm c1",
    "delete configmap c1",
    "delete configmap c1 --ignore-not-found",
    "delete configmap -l app=shop",
    "delete deployment web --cascade=foreground --timeout=60s",
    "delete -f many.yaml --timeout=60s",
    "delete job once --cascade=orphan --timeout=60s",
    "delete service --all",
    "delete clusterrole kc-cr kc-url kc-agg",
    "delete clusterrolebinding kc-crb",
    "delete priorityclass kc-high",
    "get deployment",
    "delete namespace kc --timeout=60s",
    "get namespace kc",
  ),
];
