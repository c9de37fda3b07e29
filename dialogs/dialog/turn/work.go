package turn

import "sync"

// work counts the goroutines of an engine. Unlike a WaitGroup it takes on new
// ones while somebody waits: a turn may come in while the engine stops.
type work struct {
	mu   sync.Mutex
	n    int
	idle []chan struct{}
}

func (w *work) start(do func()) {
	w.mu.Lock()
	w.n++
	w.mu.Unlock()
	go func() {
		defer w.end()
		do()
	}()
}

func (w *work) end() {
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.n--; w.n > 0 {
		return
	}
	for _, ch := range w.idle {
		close(ch)
	}
	w.idle = nil
}

// done is closed as soon as nothing is under way.
func (w *work) done() <-chan struct{} {
	w.mu.Lock()
	defer w.mu.Unlock()
	ch := make(chan struct{})
	if w.n == 0 {
		close(ch)
	} else {
		w.idle = append(w.idle, ch)
	}
	return ch
}
