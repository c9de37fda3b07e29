package readings_test

import (
	"context"
	"slices"
	"strconv"
	"time"

	"okoshko/core/billing"
	"okoshko/core/chat"
	"okoshko/core/customer"
	"okoshko/dialogs/dialog"
	"okoshko/dialogs/dialog/transcript"
	"okoshko/dialogs/dialogstest"
)

// zone is the supplier's.
var zone = dialogstest.Zone

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
	meters   billing.MeterID
	links    []customer.Link
	looked   []int64
	window   *transcript.Window
}

func newTown() *town {
	w := &town{
		accounts: map[billing.AccountNumber]billing.Account{}, history: map[billing.MeterID][]billing.Reading{},
		slips: map[chat.Conversation][]billing.Slip{}, tries: map[string]map[string]time.Time{},
		effects: map[string]billing.Accepted{}, window: transcript.NewWindow(),
	}
	oct := time.October
	w.add("0145201372", "5", "12", meterOf("011845093", 5, 1), oct, 14712)
	w.add("0203118468", "18", "40", meterOf("027710462", 6, 2), oct, 12210, 5095)
	w.add("0344172085", "3", "", meterOf("039902117", 6, 3), oct, 4120, 6030, 8455)
	w.add("0561209347", "7", "3", meterOf("055120934", 5, 1), time.August, 23340)
	expired := meterOf("075519062", 5, 1)
	expired.VerifiedUntil = time.Date(2026, time.August, 31, 0, 0, 0, 0, time.UTC)
	w.add("0755190626", "2", "8", expired, oct, 31006)
	polled := meterOf("082206713", 7, 2)
	polled.Remote = true
	w.add("0822067138", "11", "20", polled, oct, 20418, 9377)
	w.add("0104552013", "9", "77", meterOf("010455203", 5, 1), oct, 99850)
	w.add("0207319443", "1", "15", meterOf("020731940", 6, 2), oct, 7640, 3310)
	w.add("0207319526", "44", "", meterOf("020731955", 5, 1), oct, 1204)
	w.add("ЭС-0123/26", "4", "", meterOf("901230045", 6, 1), oct, 88310)
	w.add("ЭС-0456/25", "1", "", billing.Meter{Serial: "904560188", Hourly: true}, oct)
	// Not of the table: two meters on one account, two that end alike, an account that is closed,
	// one without a meter, one that an inspector has visited, one whose zones
	// are close to each other.
	w.add("0100000009", "33", "", meterOf("500000001", 5, 1), oct, 1000)
	w.add("0100000009", "33", "", meterOf("500000002", 6, 2), oct, 2000, 1717)
	w.add("0100000058", "38", "", meterOf("500000007", 5, 1), oct, 100)
	w.add("0100000058", "38", "", meterOf("600000007", 5, 1), oct, 200)
	w.add("0100000017", "34", "", meterOf("500000003", 5, 1), oct, 3000)
	w.change("0100000017", func(a *billing.Account) { a.Closed = true })
	w.add("0100000025", "35", "", meterOf("500000004", 5, 1), oct, 6000)
	w.inspect("0100000025", 6150, time.Date(2026, time.November, 10, 12, 0, 0, 0, zone))
	w.add("0100000033", "36", "", meterOf("500000005", 5, 1), oct)
	w.change("0100000033", func(a *billing.Account) { a.Meters = nil })
	w.add("0100000041", "37", "", meterOf("500000006", 5, 2), oct, 5000, 5400)
	return w
}

func meterOf(serial billing.MeterSerial, digits, zones int) billing.Meter {
	return billing.Meter{Serial: serial, Digits: digits, Registers: billing.Registers(zones)}
}

// add puts a meter on an account, new or known, with its reading of a month.
func (w *town) add(number billing.AccountNumber, house, flat string, m billing.Meter, last time.Month, values ...billing.KWh) {
	w.meters++
	m.ID = w.meters
	a, ok := w.accounts[number]
	if !ok {
		a = billing.Account{
			Number: number, Territory: number.Territory(), House: house, Flat: flat, Legal: number.Contract(),
		}
	}
	a.Meters = append(a.Meters, m)
	w.accounts[number] = a
	for i, v := range values {
		w.history[m.ID] = append(w.history[m.ID], billing.Reading{
			Meter: m.ID, Register: m.Registers[i].Name, Value: v, Source: billing.SourceCustomer,
			At: time.Date(2026, last, 24, 12, 0, 0, 0, zone), Period: billing.Period{Year: 2026, Month: last},
		})
	}
}

func (w *town) change(number billing.AccountNumber, how func(*billing.Account)) {
	a := w.accounts[number]
	a.Meters = slices.Clone(a.Meters)
	how(&a)
	w.accounts[number] = a
}

// inspect records what an inspector reads on an account's first meter.
func (w *town) inspect(number billing.AccountNumber, value billing.KWh, at time.Time) {
	id := w.accounts[number].Meters[0].ID
	w.history[id] = append(w.history[id], billing.Reading{
		Meter: id, Register: "T1", Value: value, Source: billing.SourceControl, At: at,
		Period: billing.PeriodAt(at, zone, false),
	})
}

func (w *town) Account(_ context.Context, n billing.AccountNumber) (billing.Account, bool, error) {
	a, ok := w.accounts[n]
	return a, ok, nil
}

// Links are those of the only conversation of the town.
func (w *town) Links(context.Context, chat.Conversation, time.Time) ([]customer.Link, error) {
	return slices.Clone(w.links), nil
}

func (w *town) Look(_ context.Context, _ dialog.Effect, id int64, _ string) (bool, error) {
	w.looked = append(w.looked, id)
	_, ok := customer.Find(w.links, id)
	return ok, nil
}

func (w *town) Reserve(_ context.Context, subjects []string, event string, now time.Time, window time.Duration, limit int) (counted []string, err error) {
	for _, subject := range subjects {
		if w.reserve(subject, event, now, window, limit) {
			counted = append(counted, subject)
		}
	}
	return counted, nil
}

func (w *town) reserve(subject, event string, now time.Time, window time.Duration, limit int) bool {
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
		return false
	}
	mine[event] = now
	return true
}

func (w *town) Forgive(_ context.Context, subjects []string, event string) error {
	for _, subject := range subjects {
		delete(w.tries[subject], event)
	}
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
		w.effects[e.ID] = billing.Accepted{Refused: j.Case}
		return w.effects[e.ID], nil
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

func (w *town) guests() *customer.Guests { return customer.NewGuests(w, w, customer.Limits{Tries: 5}) }
