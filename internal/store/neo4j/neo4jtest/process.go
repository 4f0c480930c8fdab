package neo4jtest

import (
	"os/exec"
	"runtime"
	"syscall"
)

// process is a child that is gone when this program is.
type process struct {
	cmd  *exec.Cmd
	done chan struct{} // closed when the child has ended
}

// spawn starts a command. The thread that does so stays alive as long as the
// child: where the system ends a child with its parent, it takes the thread for the parent.
func spawn(cmd *exec.Cmd) (*process, error) {
	endWithParent(cmd)
	p := &process{cmd: cmd, done: make(chan struct{})}
	started := make(chan error, 1)
	go func() {
		runtime.LockOSThread()
		defer close(p.done)
		err := cmd.Start()
		started <- err
		if err == nil {
			_ = cmd.Wait() // it was killed, or says why in its output
		}
	}()
	if err := <-started; err != nil {
		return nil, err
	}
	return p, nil
}

// kill ends the child, whose data nobody needs any more, and waits for its end.
func (p *process) kill() {
	_ = p.cmd.Process.Kill() // fails only when it has ended
	<-p.done
}

// end asks the child to end, and waits until it has.
func (p *process) end() error {
	if err := p.cmd.Process.Signal(syscall.SIGTERM); err != nil {
		return err
	}
	<-p.done
	return nil
}
