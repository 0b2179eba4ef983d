/**
 * What people do with kubectl and the processes of Pods, in order, and what comes of it. It takes a kubelet: the test server
 * has none, so that these commands run on the control plane alone.
 */

/** A command, and how it must end. */
export interface NodeCommand {
  /** As typed, without `kubectl`; split at spaces, save within single quotes. */
  readonly line: string;
  readonly stdin?: string | undefined;
  /** Exit code. Default 0. */
  readonly status?: number | undefined;
  /** All that it prints, or what it prints must match. */
  readonly output: string | RegExp;
}

interface PodSpec {
  readonly containers: readonly object[];
  readonly [field: string]: unknown;
}

const pod = (name: string, spec: PodSpec): object => ({
  apiVersion: "v1",
  kind: "Pod",
  metadata: { name },
  spec: { terminationGracePeriodSeconds: 5, ...spec },
});
const shell = (name: string, script: string, more: object = {}): object => ({
  name,
  image: "busybox",
  command: ["sh", "-c", script],
  ...more,
});
const WAITS = "trap 'exit 0' TERM; while :; do sleep 0.1; done";
/** More than a line of the log holds. */
const LONG = 40_000;
const data = [{ name: "data", mountPath: "/data" }];

const PODS: readonly object[] = [
  pod("two", {
    containers: [
      shell("main", `echo first; sleep 0.2; echo problem >&2; sleep 0.2; echo last; ${WAITS}`),
      { name: "side", image: "nginx" },
    ],
  }),
  pod("listens", {
    restartPolicy: "Never",
    containers: [{ name: "main", image: "busybox", command: ["cat"], stdin: true, stdinOnce: true }],
  }),
  pod("terminal", {
    restartPolicy: "Never",
    containers: [shell("main", "tty; stty size", { tty: true, stdin: true })],
  }),
  pod("fails", { restartPolicy: "Never", containers: [shell("main", "echo before; exit 3")] }),
  pod("counts", {
    restartPolicy: "Never",
    containers: [shell("main", "for n in 1 2 3; do sleep 0.4; echo $n; done")],
  }),
  pod("restarts", {
    containers: [
      shell("main", `if test -e data/seen; then echo second; ${WAITS}; fi; echo first; touch data/seen; exit 7`, {
        volumeMounts: data,
      }),
    ],
    volumes: [{ name: "data", emptyDir: {} }],
  }),
  pod("prepared", {
    restartPolicy: "Never",
    volumes: [
      { name: "data", emptyDir: {} },
      { name: "config", configMap: { name: "settings" } },
    ],
    initContainers: [shell("prepare", "echo prepared >data/by-init", { volumeMounts: data })],
    containers: [
      shell("main", "cat data/by-init etc/settings/colour; echo $SIZE $(hostname)-$POD", {
        volumeMounts: [...data, { name: "config", mountPath: "/etc/settings" }],
        env: [
          { name: "SIZE", valueFrom: { configMapKeyRef: { name: "settings", key: "size" } } },
          { name: "POD", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        ],
      }),
    ],
  }),
  pod("long", {
    restartPolicy: "Never",
    containers: [shell("main", `head -c ${LONG} /dev/zero | tr '\\0' x; echo; printf unfinished`)],
  }),
  pod("probed", {
    containers: [
      shell("main", WAITS, { readinessProbe: { exec: { command: ["test", "-e", "ready"] }, periodSeconds: 1 } }),
    ],
  }),
  pod("absent", {
    restartPolicy: "Never",
    containers: [{ name: "main", image: "busybox", command: ["no-such-program"] }],
  }),
];

const WITHIN = "--timeout=60s";

/** The session. All Pods are in a namespace of their own. */
export const NODE_COMMANDS: readonly NodeCommand[] = [
  { line: "create namespace kc", output: "namespace/kc created\n" },
  { line: `wait --for=create serviceaccount/default ${WITHIN}`, output: /condition met/ },
  { line: "create configmap settings --from-literal=colour=red --from-literal=size=big", output: /created/ },
  { line: "create -f -", stdin: JSON.stringify({ apiVersion: "v1", kind: "List", items: PODS }), output: /created/ },
  { line: `wait --for=condition=Ready pod/two pod/listens ${WITHIN}`, output: /two condition met/ },

  // Commands beside a process.
  { line: "exec two -c main -- true", output: "" },
  { line: "exec two -c main -- sh -c 'exit 42'", status: 42, output: "command terminated with exit code 42\n" },
  { line: "exec two -- echo here", output: 'here\nDefaulted container "main" out of: main, side\n' },
  { line: "exec two -c side -- sh -c 'echo out; echo err >&2'", output: "out\nerr\n" },
  { line: "exec -i two -c main -- cat", stdin: "through\nand back", output: "through\nand back" },
  { line: "exec -i two -c main -- wc -c", stdin: "x".repeat(1_048_576), output: /^\s*1048576\n$/ },
  { line: "exec two -c main -- cat", output: "" },
  { line: "exec two -c main -- no-such-program", status: 1, output: /"no-such-program": executable file not found/ },
  { line: "exec two -c none -- true", status: 1, output: /container none is not valid for pod two/ },
  { line: "exec none -- true", status: 1, output: /pods "none" not found/ },
  { line: `wait --for=jsonpath={.status.phase}=Failed pod/fails ${WITHIN}`, output: /condition met/ },
  { line: "exec fails -- true", status: 1, output: /completed pod; current phase is Failed/ },

  // What processes said.
  { line: "logs two -c main --tail=1", output: "last\n" },
  { line: "logs two -c main --limit-bytes=3", output: /^(fir|pro)$/ },
  { line: "logs two -c main --timestamps --tail=1", output: /^TIME last\n$/ },
  { line: "logs two -c main --since=1h", output: /problem/ },
  { line: "logs two -c side", output: "" },
  { line: "logs two --all-containers --prefix --tail=1", output: /\[pod\/two\/main\] last/ },
  { line: "logs two -c none", status: 1, output: /container none is not valid for pod two/ },
  { line: "logs fails", output: "before\n" },
  { line: "logs -f counts", output: "1\n2\n3\n" },
  { line: `wait --for=jsonpath={.status.containerStatuses[0].restartCount}=1 pod/restarts ${WITHIN}`, output: /met/ },
  { line: `wait --for=condition=Ready pod/restarts ${WITHIN}`, output: /met/ },
  { line: "logs -f long", output: `${"x".repeat(LONG)}\nunfinished` },
  { line: "logs restarts --previous", output: "first\n" },
  { line: "logs restarts", output: "second\n" },
  {
    line: "logs two -c main --previous",
    status: 1,
    output: /previous terminated container "main" in pod "two" not found/,
  },

  // How processes end.
  { line: "get pod fails -o jsonpath={.status.containerStatuses[0].state.terminated.exitCode}", output: "3" },
  { line: "get pod fails -o jsonpath={.status.containerStatuses[0].state.terminated.reason}", output: "Error" },
  { line: "get pod restarts -o jsonpath={..lastState.terminated.exitCode}", output: "7" },
  { line: `wait --for=jsonpath={.status.phase}=Failed pod/absent ${WITHIN}`, output: /condition met/ },
  { line: "get pod absent -o jsonpath={..terminated.reason}{..terminated.exitCode}", output: "StartError128" },
  { line: `wait --for=jsonpath={.status.phase}=Succeeded pod/prepared pod/counts ${WITHIN}`, output: /condition met/ },
  { line: "logs prepared -c main", output: /^prepared\nredbig .*-prepared\n$/ },
  { line: "wait --for=condition=Ready pod/probed --timeout=1s", status: 1, output: /timed out/ },
  { line: "exec probed -- touch ready", output: "" },
  { line: `wait --for=condition=Ready pod/probed ${WITHIN}`, output: /condition met/ },

  // At a process.
  { line: "attach -i listens", stdin: "typed\n", output: /typed\n/ },
  { line: "logs listens", output: "typed\n" },
  { line: "logs -f terminal", output: /^\/dev\/pts\/\d+\r\n\d+ \d+\r\n$/ },
  {
    line: "run once --rm -i --quiet --restart=Never --image=busybox -- sh -c 'cat; exit 4'",
    stdin: "given\n",
    status: 4,
    output: /given\n/,
  },
  {
    line: "debug two -c helper --image=busybox --target=main --profile=general -- sh -c 'echo helped'",
    output: /Targeting container "main"/,
  },
  {
    line: `wait --for=jsonpath={.status.ephemeralContainerStatuses[0].state.terminated.exitCode}=0 pod/two ${WITHIN}`,
    output: /condition met/,
  },
  { line: "logs two -c helper", output: "helped\n" },

  // Files, by tar.
  { line: "cp cm.yaml two:copied.yaml -c main", output: "" },
  { line: "exec two -c main -- grep -c ConfigMap copied.yaml", output: "1\n" },
  { line: "cp two:copied.yaml back.yaml -c main", output: "" },
  { line: "create -f back.yaml --dry-run=client -o name", output: "configmap/cm\n" },
  { line: "exec two -c main -- sh -c 'mkdir -p tree/below; echo deep >tree/below/file'", output: "" },
  { line: "cp two:tree tree -c main", output: "" },
  { line: "cp tree two:again -c main", output: "" },
  { line: "exec two -c main -- cat again/below/file", output: "deep\n" },

  // A graceful end takes no longer than the process takes.
  { line: "delete pod two --timeout=4s", output: /deleted/ },
  { line: "delete namespace kc --timeout=60s", output: /deleted/ },
];
