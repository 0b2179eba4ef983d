//go:build !linux

package processruntime

import "syscall"

// diesWithParent is something only Linux can do.
func diesWithParent(*syscall.SysProcAttr) {}
