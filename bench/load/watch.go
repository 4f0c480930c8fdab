package main

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"slices"
	"strconv"
	"strings"
	"time"

	"entente/bench/clocks"
)

// reading is what the program and its machine had used, and held, at a moment.
type reading struct {
	when time.Time

	server, client, machine time.Duration // for which processors have worked: for the program, for this one, for all

	anonymous   int // bytes of memory that are no file's: the store's file is mapped, and its pages are the system's to take back
	heap        int // bytes of it on the heap
	goroutines  int
	files       int // open, sockets among them
	connections int // of clients, open on the program's side
	answers     int // given until now, refusals apart
}

// watched are the metrics that a reading has.
const (
	metricProcessor  = "process_cpu_seconds_total"
	metricHeap       = "go_memstats_heap_alloc_bytes"
	metricGoroutines = "go_goroutines"
	metricFiles      = "process_open_fds"
	metricAnswers    = `entente_http_request_seconds_count{route="/graphql",status="200"}` // from the first answer on
)

// read asks the program for its metrics, and the system for the rest.
func (p *program) read(ctx context.Context, processor clocks.Clock) (reading, error) {
	text, err := p.ask(ctx, "/metrics")
	if err != nil {
		return reading{}, err
	}
	m, err := metrics(text, metricProcessor, metricHeap, metricGoroutines, metricFiles, metricAnswers)
	if err != nil {
		return reading{}, err
	}
	r := reading{
		when: time.Now(), server: seconds(m[metricProcessor]), client: processor(),
		heap: int(m[metricHeap]), goroutines: int(m[metricGoroutines]), files: int(m[metricFiles]), answers: int(m[metricAnswers]),
	}
	if r.anonymous, err = anonymous(p.cmd.Process.Pid); err != nil {
		return r, err
	}
	if r.machine, err = machineTime(); err != nil {
		return r, err
	}
	r.connections, err = connections(p.address)
	return r, err
}

// during reads what the program uses again and again while something is done.
func (p *program) during(ctx context.Context, every time.Duration, see func(reading), do func(ctx context.Context) error) error {
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	done, watched := make(chan struct{}), make(chan struct{})
	go func() {
		defer close(watched)
		ticker := time.NewTicker(every)
		defer ticker.Stop()
		processor := clocks.Process()
		for {
			select {
			case <-done:
				return
			case <-ticker.C:
			}
			r, err := p.read(ctx, processor)
			if err != nil {
				cancel(err)
				return
			}
			see(r)
		}
	}()
	err := do(ctx)
	close(done)
	<-watched
	if err == nil {
		err = context.Cause(ctx)
	}
	return err
}

// ask gets a page of those that are for operators.
func (p *program) ask(ctx context.Context, path string) (text []byte, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, p.admin+path, http.NoBody)
	if err != nil {
		return nil, err
	}
	resp, err := p.watcher.Do(req)
	if err != nil {
		return nil, fmt.Errorf("asking the program for %s: %w", path, err)
	}
	defer func() { err = errors.Join(err, resp.Body.Close()) }()
	if resp.StatusCode != http.StatusOK {
		return nil, fmt.Errorf("asking the program for %s: %s", path, resp.Status)
	}
	return io.ReadAll(resp.Body)
}

func seconds(s float64) time.Duration { return time.Duration(s * float64(time.Second)) }

// metrics reads those that have these names, with their labels.
func metrics(text []byte, names ...string) (map[string]float64, error) {
	found := map[string]float64{}
	for lines := bufio.NewScanner(bytes.NewReader(text)); lines.Scan(); {
		name, value, _ := strings.Cut(lines.Text(), " ")
		if !slices.Contains(names, name) {
			continue
		}
		n, err := strconv.ParseFloat(value, 64)
		if err != nil {
			return nil, fmt.Errorf("reading the metric %s: %w", name, err)
		}
		found[name] = n
	}
	for _, name := range names {
		if _, ok := found[name]; !ok {
			return nil, fmt.Errorf("the program has no metric %s", name)
		}
	}
	return found, nil
}

const notLinux = "what a process uses is read from /proc, as Linux has it: %w"

// anonymous returns the bytes of a process's memory that belong to no file.
func anonymous(process int) (int, error) {
	text, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", process))
	if err != nil {
		return 0, fmt.Errorf(notLinux, err)
	}
	for line := range strings.Lines(string(text)) {
		if rest, ok := strings.CutPrefix(line, "RssAnon:"); ok {
			n, err := strconv.Atoi(strings.TrimSpace(strings.TrimSuffix(strings.TrimSpace(rest), "kB")))
			return n << 10, err
		}
	}
	return 0, fmt.Errorf(notLinux, errors.New("there is no RssAnon"))
}

// tick is the unit of /proc/stat.
const tick = 10 * time.Millisecond

// machineTime returns for how long the processors have worked, for whatever.
func machineTime() (time.Duration, error) {
	text, err := os.ReadFile("/proc/stat")
	if err != nil {
		return 0, fmt.Errorf(notLinux, err)
	}
	first, _, _ := strings.Cut(string(text), "\n")
	fields := strings.Fields(first)
	var sum time.Duration
	for _, at := range []int{1, 2, 3, 6, 7} { // user, nice, system, interrupts, soft interrupts
		if at >= len(fields) {
			return 0, fmt.Errorf(notLinux, fmt.Errorf("its first line is %q", first))
		}
		n, err := strconv.Atoi(fields[at])
		if err != nil {
			return 0, fmt.Errorf(notLinux, err)
		}
		sum += time.Duration(n) * tick
	}
	return sum, nil
}

// States of a connection in /proc/net/tcp that belong to no process: one that
// listens holds no client, and one that waits after its end is the system's.
const (
	listening = "0A"
	waiting   = "06"
)

// connections counts those that are open at an address of IPv4: on its side, so that
// one counts that its client has left and its server has not.
func connections(address string) (int, error) {
	_, port, err := net.SplitHostPort(address)
	if err != nil {
		return 0, err
	}
	number, err := strconv.Atoi(port)
	if err != nil {
		return 0, err
	}
	text, err := os.ReadFile("/proc/net/tcp")
	if err != nil {
		return 0, fmt.Errorf(notLinux, err)
	}
	local, count := fmt.Sprintf(":%04X", number), 0
	for line := range strings.Lines(string(text)) {
		fields := strings.Fields(line)
		if len(fields) > 3 && strings.HasSuffix(fields[1], local) && fields[3] != listening && fields[3] != waiting {
			count++
		}
	}
	return count, nil
}
