package postgres

import (
	"strconv"

	"okoshko/core/appeal/life"
	"okoshko/core/audit"
	"okoshko/core/privacy/detect"
)

// told adds to a line of the audit what belongs to an event: where a case has gone,
// whether against the table and why, whom it names. Words that somebody has typed stay
// in the case, which can be forgotten; the audit cannot. A reason that a rule of its
// own is broken is for the audit to keep (spec §5.7), without what may tell of a person.
func told(e *audit.Entry, do *life.Do) {
	line := e.After
	for name, value := range map[string]string{
		"queue": do.Queue, "category": do.Category, "way": do.Way, "reply": do.Reply, "other": do.Other.String(), "addressee": do.Addressee,
	} {
		if value != "" {
			line[name] = value
		}
	}
	if do.Person != 0 {
		line["person"] = strconv.FormatInt(do.Person, 10)
	}
	if do.Override {
		line["override"] = "on"
	}
	if do.Waive {
		line["waive"] = "on"
	}
	if do.Unmanned {
		line["unmanned"] = "on"
	}
	if do.Override || do.Waive {
		e.Reason = detect.Scrub(do.Note.Reveal())
	}
}
