package cases

import (
	"okoshko/core/appeal/life"
	"okoshko/core/appeal/registry"
)

// given is the ID of the latest answer that the customer has got; "" if none. One who
// has the case opened again can still read what he disputes.
func given(r *registry.Record) string {
	prepared, latest := "", ""
	for i := range r.History {
		do := &r.History[i].Do
		switch do.Event {
		case life.Prepare, life.Answer, life.Typical, life.OffTopic:
			if do.Reply != "" {
				prepared = do.Reply
			}
			if do.Event != life.Prepare {
				latest = prepared
			}
		case life.Reopen:
			prepared = ""
		}
	}
	return latest
}
