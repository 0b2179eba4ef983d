package processruntime

import "syscall"

// diesWithParent has the kernel end a process when the kubelet is killed, which then cannot.
func diesWithParent(attributes *syscall.SysProcAttr) { attributes.Pdeathsig = syscall.SIGKILL }
