package console

import (
	"strings"
	"time"
	"unicode"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/calendar"
	visits "okoshko/core/visit"
)

type (
	changedDay struct {
		Date     string           `json:"date"`
		Before   string           `json:"before"`
		After    string           `json:"after"`
		Services []changedService `json:"services"`
	}
	changedService struct {
		Code   string   `json:"code"`
		Before int      `json:"before"`
		After  int      `json:"after"`
		Gone   []places `json:"gone,omitempty"`
		New    []places `json:"new,omitempty"`
	}
	places struct {
		At      string `json:"at"` // on the office's clocks
		Windows int    `json:"windows"`
	}
	// hit is a visit that cannot take place as it is booked.
	hit struct {
		ID int64 `json:"id"`
		// Name is masked; "" for whoever may see no customer.
		Name     string            `json:"name"`
		Service  map[string]string `json:"service"`
		At       string            `json:"at"`
		Window   int               `json:"window"`
		How      string            `json:"how"` // window, moved, called_off
		To       string            `json:"to,omitempty"`
		ToWindow int               `json:"to_window,omitempty"`
		// Told is what the customer is told; "" if nothing. Text: by a text message,
		// too.
		Told string `json:"told,omitempty"`
		Text bool   `json:"text,omitempty"`
	}
)

// mostDays is how many changed days are written out.
const mostDays = 40

// unknownCode stands for a code that is drawn when the visit is moved.
const unknownCode = "····"

// impact is what an edit comes to, as the page shows it.
func (s *Console) impact(i visits.Impact, sch visits.Schedule, revision int64, names bool) fiber.Map {
	zone := sch.Office.Hours(sch.Days, sch.Company).Zone
	return fiber.Map{
		"revision": revision, "days": daysOf(i, zone), "more": max(0, len(i.Days)-mostDays), "hits": s.hitsOf(i, sch, zone, names),
	}
}

func daysOf(i visits.Impact, zone *time.Location) []changedDay {
	days := []changedDay{}
	for _, d := range i.Days[:min(mostDays, len(i.Days))] {
		day := changedDay{Date: d.Date.String(), Before: calendar.SpansText(d.Before), After: calendar.SpansText(d.After), Services: []changedService{}}
		for _, x := range d.Services {
			day.Services = append(day.Services, changedService{x.Code, x.Before, x.After, placesOf(x.Gone, zone), placesOf(x.New, zone)})
		}
		days = append(days, day)
	}
	return days
}

func placesOf(list []visits.Places, zone *time.Location) []places {
	var out []places
	for _, p := range list {
		out = append(out, places{p.Start.In(zone).Format("15:04"), p.Windows})
	}
	return out
}

func (s *Console) hitsOf(i visits.Impact, sch visits.Schedule, zone *time.Location, names bool) []hit {
	const clock = "2006-01-02T15:04"
	hits := []hit{}
	for _, h := range i.Hit {
		service, _ := sch.Directory.Service(h.Booking.Service)
		out := hit{
			ID: h.Booking.ID, Service: service.Names, At: h.Booking.Start.In(zone).Format(clock), Window: h.Booking.Window,
			How: "called_off", Text: !h.Quiet && !h.Booking.Phone.IsZero(),
		}
		if names {
			out.Name = h.Booking.Name.Listed()
		}
		news := visits.News{
			Kind: visits.CalledOff, Booking: h.Booking, Office: sch.Office, Service: service, Zone: zone, Was: h.Booking.Start, At: s.Now(),
		}
		if h.Window > 0 {
			out.How, out.To, out.ToWindow = "moved", h.To.Start.In(zone).Format(clock), h.Window
			news.Kind, news.Booking.Start, news.Booking.Code = visits.Rescheduled, h.To.Start, unknownCode
		}
		if h.Quiet {
			out.How = "window"
		} else if s.Told != nil {
			out.Told = s.Told(news)
		}
		hits = append(hits, out)
	}
	return hits
}

// printable reports whether a text has no signs that cannot be shown.
func printable(text string) bool {
	return !strings.ContainsFunc(text, func(r rune) bool { return !unicode.IsPrint(r) })
}
