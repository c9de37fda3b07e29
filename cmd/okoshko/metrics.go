package main

import (
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
)

// metrics are what the program counts, for Prometheus. No label holds anything
// personal: channels, kinds and names of our own only.
type metrics struct {
	registry  *prometheus.Registry
	turns     *prometheus.CounterVec
	turnTime  *prometheus.HistogramVec
	conflicts prometheus.Counter
	sends     *prometheus.CounterVec
	sendTime  *prometheus.HistogramVec
	commands  *prometheus.CounterVec
	runTime   *prometheus.HistogramVec
	updates   *prometheus.CounterVec
	calls     *prometheus.HistogramVec
	due       prometheus.Gauge
	archived  prometheus.Counter
	jobs      *prometheus.CounterVec
	sockets   prometheus.Gauge
	frames    *prometheus.CounterVec
	byes      *prometheus.CounterVec
	payments  *prometheus.CounterVec
}

// buckets reach from a tenth of a millisecond to ten seconds.
var buckets = []float64{.0001, .00025, .0005, .001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 5, 10}

func newMetrics() *metrics {
	counter := func(name, help string, labels ...string) *prometheus.CounterVec {
		return prometheus.NewCounterVec(prometheus.CounterOpts{Name: "okoshko_" + name, Help: help}, labels)
	}
	seconds := func(name, help string, labels ...string) *prometheus.HistogramVec {
		return prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "okoshko_" + name, Help: help, Buckets: buckets}, labels)
	}
	m := &metrics{
		registry:  prometheus.NewRegistry(),
		turns:     counter("turns_total", "Events taken, by kind and what became of them.", "kind", "result"),
		turnTime:  seconds("turn_seconds", "From an event's arrival to its commit.", "kind"),
		conflicts: prometheus.NewCounter(prometheus.CounterOpts{Name: "okoshko_conflicts_total", Help: "Commits that lost their race and were stepped again."}),
		sends:     counter("sends_total", "Replies handed to a channel, by fate.", "channel", "fate"),
		sendTime:  seconds("send_seconds", "How long a channel took for a reply.", "channel"),
		commands:  counter("commands_total", "Runs of commands, by result.", "command", "result"),
		runTime:   seconds("command_seconds", "How long a run of a command took.", "command"),
		updates:   counter("telegram_updates_total", "Updates received from Telegram, by kind and what became of them.", "kind", "result"),
		calls:     seconds("telegram_call_seconds", "Calls of the Bot API, by how they ended.", "method", "result"),
		due:       prometheus.NewGauge(prometheus.GaugeOpts{Name: "okoshko_due", Help: "Conversations that the last sweep found due."}),
		archived:  prometheus.NewCounter(prometheus.CounterOpts{Name: "okoshko_archived_total", Help: "Conversations copied to the archive."}),
		jobs:      counter("jobs_total", "Runs of scheduled jobs, by result.", "job", "result"),
		sockets:   prometheus.NewGauge(prometheus.GaugeOpts{Name: "okoshko_web_sockets", Help: "Open sockets of the web chat."}),
		frames:    counter("web_frames_total", "Customers' frames, by kind and what became of them.", "kind", "result"),
		byes:      counter("web_byes_total", "Sockets that the server ended, by reason.", "reason"),
		payments:  counter("payments_total", "What was asked and heard of payments, by way and what became of it.", "way", "result"),
	}
	m.registry.MustRegister(m.turns, m.turnTime, m.conflicts, m.sends, m.sendTime, m.commands, m.runTime, m.updates, m.calls, m.due,
		m.archived, m.jobs, m.sockets, m.frames, m.byes, m.payments, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	return m
}

// Turn implements turn.Meter.
func (m *metrics) Turn(kind, result string, took time.Duration) {
	m.turns.WithLabelValues(kind, result).Inc()
	m.turnTime.WithLabelValues(kind).Observe(took.Seconds())
}

// Conflict implements turn.Meter.
func (m *metrics) Conflict() { m.conflicts.Inc() }

// Sent implements turn.Meter.
func (m *metrics) Sent(channel, fate string, took time.Duration) {
	m.sends.WithLabelValues(channel, fate).Inc()
	m.sendTime.WithLabelValues(channel).Observe(took.Seconds())
}

// Command implements turn.Meter.
func (m *metrics) Command(name, result string, took time.Duration) {
	m.commands.WithLabelValues(name, result).Inc()
	m.runTime.WithLabelValues(name).Observe(took.Seconds())
}

// Update implements telegram.Meter.
func (m *metrics) Update(kind, result string) { m.updates.WithLabelValues(kind, result).Inc() }

// Call implements telegram.Meter.
func (m *metrics) Call(method, result string, took time.Duration) {
	m.calls.WithLabelValues(method, result).Observe(took.Seconds())
}

// Swept implements turn.Meter.
func (m *metrics) Swept(due int) { m.due.Set(float64(due)) }

// Archived implements turn.Meter.
func (m *metrics) Archived(n int) { m.archived.Add(float64(n)) }

// Sockets implements webchat.Meter.
func (m *metrics) Sockets(n int) { m.sockets.Set(float64(n)) }

// Frame implements webchat.Meter.
func (m *metrics) Frame(kind, result string) { m.frames.WithLabelValues(kind, result).Inc() }

// Closed implements webchat.Meter.
func (m *metrics) Closed(why string) { m.byes.WithLabelValues(why).Inc() }
