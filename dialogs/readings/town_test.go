package readings_test

import (
	"context"
	"strconv"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog"
)

// zone is the fictional supplier's (spec §5.1).
var zone = time.FixedZone("UTC+5", 5*60*60)

// town is the fictional supplier's customers (spec §5.1) and their readings, in
// memory: the scenario's ports without stores. It applies the same rules.
type town struct {
	accounts map[billing.AccountNumber]billing.Account
	history  map[billing.MeterID][]billing.Reading
	slips    map[chat.Conversation][]billing.Slip
	tries    map[string]map[string]time.Time
	effects  map[string]billing.Accepted
	receipts int64
	files    int
}

func newTown() *town {
	w := &town{
		accounts: map[billing.AccountNumber]billing.Account{}, history: map[billing.MeterID][]billing.Reading{},
		slips: map[chat.Conversation][]billing.Slip{}, tries: map[string]map[string]time.Time{},
		effects: map[string]billing.Accepted{},
	}
	oct := time.October
	w.add("0145201372", "5", "12", "011845093", 5, 1, oct, nil, 14712)
	w.add("0203118468", "18", "40", "027710462", 6, 2, oct, nil, 12210, 5095)
	w.add("0344172085", "3", "", "039902117", 6, 3, oct, nil, 4120, 6030, 8455)
	w.add("0755190626", "2", "8", "075519062", 5, 1, oct, func(m *billing.Meter) {
		m.VerifiedUntil = time.Date(2026, time.August, 31, 0, 0, 0, 0, time.UTC)
	}, 31006)
	w.add("0822067138", "11", "20", "082206713", 7, 2, oct, func(m *billing.Meter) { m.Remote = true }, 20418, 9377)
	w.add("0104552013", "9", "77", "010455203", 5, 1, oct, nil, 99850)
	// Not of the table: an account with two meters, and one that is closed.
	twice := w.add("0100000009", "7", "", "500000001", 5, 1, oct, nil, 1000)
	w.add("0100000009", "7", "", "500000002", 5, 1, oct, nil, 2000)
	w.accounts[twice] = w.accounts["0100000009"]
	closed := w.add("0100000017", "8", "", "500000003", 5, 1, oct, nil, 3000)
	a := w.accounts[closed]
	a.Closed = true
	w.accounts[closed] = a
	return w
}

func (w *town) add(number billing.AccountNumber, house, flat string, serial billing.MeterSerial, digits, zones int,
	last time.Month, change func(*billing.Meter), values ...billing.KWh,
) billing.AccountNumber {
	m := billing.Meter{
		ID: billing.MeterID(len(w.history) + 1), Serial: serial, Digits: digits, Registers: billing.Registers(zones),
	}
	if change != nil {
		change(&m)
	}
	a, ok := w.accounts[number]
	if !ok {
		a = billing.Account{Number: number, Territory: number.Territory(), House: house, Flat: flat}
	}
	a.Meters = append(a.Meters, m)
	w.accounts[number] = a
	for i, v := range values {
		w.history[m.ID] = append(w.history[m.ID], billing.Reading{
			Meter: m.ID, Register: m.Registers[i].Name, Value: v, Source: billing.SourceCustomer,
			At: time.Date(2026, last, 24, 12, 0, 0, 0, zone), Period: billing.Period{Year: 2026, Month: last},
		})
	}
	return number
}

func (w *town) Account(_ context.Context, n billing.AccountNumber) (billing.Account, bool, error) {
	a, ok := w.accounts[n]
	return a, ok, nil
}

func (w *town) Reserve(_ context.Context, subject, event string, now time.Time, window time.Duration, limit int) (bool, error) {
	mine := w.tries[subject]
	if mine == nil {
		mine = map[string]time.Time{}
		w.tries[subject] = mine
	}
	for id, at := range mine {
		if now.Sub(at) >= window {
			delete(mine, id)
		}
	}
	if _, again := mine[event]; !again && len(mine) >= limit {
		return false, nil
	}
	mine[event] = now
	return true, nil
}

func (w *town) Forgive(_ context.Context, subject, event string) error {
	delete(w.tries[subject], event)
	return nil
}

func (w *town) Intake(_ context.Context, n billing.AccountNumber, id billing.MeterID) (billing.Intake, error) {
	in := billing.Intake{Account: w.accounts[n]}
	for _, m := range in.Account.Meters {
		if m.ID == id {
			in.Meter, in.History = m, w.history[id]
		}
	}
	return in, nil
}

func (w *town) SubmitReadings(ctx context.Context, e dialog.Effect, s billing.Submission) (billing.Accepted, error) {
	if done, ok := w.effects[e.ID]; ok {
		return done, nil
	}
	in, err := w.Intake(ctx, s.Account, s.Meter)
	if err != nil {
		return billing.Accepted{}, err
	}
	in.At, in.Zone, in.AsEntered = s.At, zone, s.AsEntered
	j := in.Judge(s.Entries...)
	if j.Action != billing.Accept {
		return billing.Accepted{Refused: j.Case}, nil
	}
	w.receipts++
	slip := billing.Slip{
		Receipt: billing.Receipt{Year: s.At.In(zone).Year(), Sequence: w.receipts}.String(),
		At:      s.At, Account: s.Account, Period: j.Period,
	}
	for _, l := range j.Lines {
		slip.Lines = append(slip.Lines, billing.SlipLine{Register: l.Register.Name, Zone: l.Register.Zone, Value: l.Entry.Value})
	}
	w.history[s.Meter] = append(w.history[s.Meter], in.Readings(j)...)
	w.slips[e.Conversation] = append([]billing.Slip{slip}, w.slips[e.Conversation]...)
	w.effects[e.ID] = billing.Accepted{Slip: slip}
	return w.effects[e.ID], nil
}

func (w *town) KeepEvidence(_ context.Context, _ dialog.Effect, _ billing.AccountNumber, files []chat.File) (billing.Evidence, error) {
	var kept billing.Evidence
	for range files {
		w.files++
		kept.IDs = append(kept.IDs, "kept"+strconv.Itoa(w.files))
	}
	return kept, nil
}

func (w *town) SentReadings(_ context.Context, c chat.Conversation, limit int) ([]billing.Slip, error) {
	return w.slips[c][:min(limit, len(w.slips[c]))], nil
}

func (w *town) guests() *customer.Guests { return customer.NewGuests(w, w, 5) }
