package main

import (
	"context"
	"log/slog"
	"time"

	"okoshko/core/appeal/registry"
)

// addDemoCases fills the demo's register.
func (s *server) addDemoCases(ctx context.Context) error {
	zone, err := s.config.Company.Location()
	if err != nil {
		return err
	}
	return addDemoCases(ctx, s.stores.db, s.clock.Now(), zone, s.config.HTTP.PublicURL)
}

// watchEvery is how often terms are looked at: an alert is told within so long of
// its moment, where half a minute may pass.
const watchEvery = 5 * time.Second

// watchPage is how many alerts are told in one transaction.
const watchPage = 100

// watchman tells the alerts of cases when they are due. Every replica has one:
// each alert is claimed by one of them.
type watchman struct {
	cases registry.Watch
	now   func() time.Time
	log   *slog.Logger
}

// Run looks until the context ends.
func (w watchman) Run(ctx context.Context) error {
	tick := time.NewTicker(watchEvery)
	defer tick.Stop()
	for {
		w.look(ctx)
		select {
		case <-ctx.Done():
			return nil
		case <-tick.C:
		}
	}
}

// look tells all that is due. What fails is due at the next look.
func (w watchman) look(ctx context.Context) {
	for ctx.Err() == nil {
		n, err := w.cases.TellAlerts(ctx, w.now(), watchPage)
		if err != nil {
			w.log.Warn("terms of cases could not be looked at", "error", err)
			return
		}
		if n < watchPage {
			return
		}
	}
}
