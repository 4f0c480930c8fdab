package neo4jtest

import (
	"os/exec"
	"syscall"
)

// endWithParent has the system kill the child when this program ends, however it ends.
func endWithParent(cmd *exec.Cmd) {
	cmd.SysProcAttr = &syscall.SysProcAttr{Pdeathsig: syscall.SIGKILL}
}
