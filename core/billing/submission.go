package billing

import "time"

// Submission is what a customer sends for one meter. It carries no judgement:
// that is made once more, on locked rows, by whoever stores it.
type Submission struct {
	Account AccountNumber `json:"account"`
	Meter   MeterID       `json:"meter"`
	Entries []Entry       `json:"entries"`
	// At is when the values were said: the month counts by it (spec §2.1).
	At time.Time `json:"at"`
	// AsEntered: the customer declined to swap the values (V7).
	AsEntered bool `json:"as_entered,omitempty"`
	// Evidence names files that were kept on the way (Evidence.IDs).
	Evidence []string `json:"evidence,omitempty"`
}

// Accepted is what became of a submission.
type Accepted struct {
	// Refused is the case that stands against the submission now, zero when it
	// was taken.
	Refused Case `json:"refused,omitempty"`
	// Slip is zero when it was refused.
	Slip Slip `json:"slip"`
}

// Evidence names kept files.
type Evidence struct {
	IDs []string `json:"ids"`
}

// Slip is the proof of a submission: the values as they were taken.
type Slip struct {
	// Receipt is as Receipt prints it.
	Receipt string        `json:"receipt"`
	At      time.Time     `json:"at"`
	Account AccountNumber `json:"account"`
	Period  Period        `json:"period"`
	// Lines are in the meter's order.
	Lines []SlipLine `json:"lines"`
}

// SlipLine is the value of one register.
type SlipLine struct {
	Register string `json:"register"`
	Zone     Zone   `json:"zone"`
	Value    KWh    `json:"value"`
}
