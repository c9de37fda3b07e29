package console

import (
	"errors"
	"strings"
	"time"

	"github.com/gofiber/fiber/v2"

	"okoshko/core/calendar"
	visits "okoshko/core/visit"
)

type calendarYear struct {
	Year    int    `json:"year"`
	Act     string `json:"act"`
	Working int    `json:"working"`
	Hours   int    `json:"hours"`
	// Version, By and At are of a year that was added to those of the program.
	Version int        `json:"version,omitempty"`
	By      string     `json:"by,omitempty"`
	At      *time.Time `json:"at,omitempty"`
}

// calendar shows which years of the production calendar are known.
func (s *Console) calendar(c *fiber.Ctx) error {
	p, added, err := s.Schedules.Calendar(c.UserContext())
	if err != nil {
		return s.fail(c, err)
	}
	years := []calendarYear{}
	for _, y := range p.Years() {
		shown := calendarYear{Year: y.Number, Act: y.Act, Working: y.Working, Hours: y.Hours}
		for _, a := range added {
			if a.Year == y.Number {
				shown.Version, shown.By, shown.At = a.Version, a.By, &a.At
			}
		}
		years = append(years, shown)
	}
	return c.JSON(fiber.Map{"years": years, "missing": missing(p, calendar.DateOf(s.Now(), s.Hours.Zone))})
}

// addCalendar previews years of the production calendar, or adds them.
func (s *Console) addCalendar(save bool) fiber.Handler {
	return func(c *fiber.Ctx) error {
		var in struct{ Text string }
		if err := c.BodyParser(&in); err != nil {
			return s.fail(c, ErrInvalid)
		}
		years, err := calendar.ReadYears(in.Text)
		if err != nil {
			return c.Status(fiber.StatusBadRequest).JSON(fiber.Map{"error": "calendar", "why": plainly(err)})
		}
		ctx := c.UserContext()
		var i visits.CalendarImpact
		if save {
			i, err = s.Schedules.AddCalendar(ctx, s.by(c), years)
		} else {
			i, err = s.Schedules.PreviewCalendar(ctx, years)
		}
		if err != nil {
			return s.fail(c, err)
		}
		return c.JSON(calendarImpact(i))
	}
}

// plainly is what a refusal says, without its kind.
func plainly(err error) string {
	for inner := errors.Unwrap(err); inner != nil; inner = errors.Unwrap(err) {
		if strings.HasPrefix(inner.Error(), "line ") || strings.HasPrefix(inner.Error(), "year ") {
			err = inner
			continue
		}
		break
	}
	return err.Error()
}

func calendarImpact(i visits.CalendarImpact) fiber.Map {
	years, offices := []fiber.Map{}, []fiber.Map{}
	for _, y := range i.Years {
		days := []fiber.Map{}
		for _, d := range y.Days {
			days = append(days, fiber.Map{"date": d.Date.String(), "was": d.Was, "is": d.Is})
		}
		years = append(years, fiber.Map{"year": y.Year.Number, "act": y.Year.Act, "working": y.Year.Working, "hours": y.Year.Hours, "new": y.New, "days": days})
	}
	for _, o := range i.Offices {
		moved, called := 0, 0
		for _, h := range o.Hit {
			switch {
			case h.Quiet:
			case h.Window > 0:
				moved++
			default:
				called++
			}
		}
		offices = append(offices, fiber.Map{
			"office": officeName{o.Office.Code, o.Office.Names}, "days": daysOf(o.Impact, o.Zone), "moved": moved, "called_off": called,
		})
	}
	return fiber.Map{"years": years, "offices": offices, "terms": i.Terms}
}
