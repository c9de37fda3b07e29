package postgres

import (
	"strconv"

	"okoshko/core/appeal/life"
)

// told adds to a line of the audit what belongs to an event: where a case has gone,
// whether against the table, whom it names. Words that somebody has typed stay in the
// case, which can be forgotten; the audit cannot.
func told(line map[string]string, do *life.Do) {
	for name, value := range map[string]string{
		"queue": do.Queue, "way": do.Way, "reply": do.Reply, "other": do.Other.String(), "addressee": do.Addressee,
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
}
