package edit

import (
	"slices"

	"okoshko/core/appeal/route"
	"okoshko/core/calendar"
)

// Route says which queue answers for a function in a territory, or in all ("*"),
// from a day on. Without a queue the rule ends there, and that of all counts.
type Route struct {
	Function  string        `json:"function"`
	Territory string        `json:"territory"`
	From      calendar.Date `json:"from"`
	Queue     string        `json:"queue"`
}

func (e *Route) subject() string { return "route/" + e.Function + "/" + e.Territory }

// everywhere stands for all territories.
const everywhere = "*"

func (e *Route) write(s *sheet) error {
	_, known := s.books.routes.Queue(e.Queue)
	switch {
	case s.books.routes.Function(e.Function).Code == "", e.Queue != "" && !known,
		e.Territory != everywhere && !slices.Contains(s.territories(), e.Territory):
		return ErrUnknown
	}
	if err := s.hold(e.From, 0); err != nil {
		return err
	}
	s.functions = append(s.functions, e.Function)
	s.put("appeal_routes", cell{"function": e.Function, "territory": e.Territory, "valid_from": e.From.String(), "queue": e.Queue})
	return nil
}

// territories are those that addresses or routes name.
func (s *sheet) territories() []string {
	var out []string
	for _, name := range []string{"appeal_places", "appeal_routes"} {
		for _, c := range s.find(name, nil) {
			if t := c["territory"]; t != everywhere && !slices.Contains(out, t) {
				out = append(out, t)
			}
		}
	}
	slices.Sort(out)
	return out
}

// Queue adds a queue, or changes one, at once: how it is called, where its letters
// go, who stands in while nobody is there. Whose desk it is stays.
type Queue struct {
	Code   string `json:"code"`
	New    bool   `json:"new"`
	Names  Texts  `json:"name"`
	Email  string `json:"email"`
	Deputy string `json:"deputy"`
}

func (e *Queue) subject() string { return "queue/" + e.Code }

func (e *Queue) write(s *sheet) error {
	known := s.find("appeal_queues", cell{"code": e.Code})
	c := cell{"code": e.Code, "deputy": e.Deputy}
	switch {
	case !queueCode.MatchString(e.Code):
		return ErrCode
	case e.New && len(known) > 0:
		return ErrTaken
	case !e.New && len(known) == 0:
		return ErrUnknown
	case len(known) > 0:
		c["role"] = known[0]["role"]
	}
	if _, is := s.books.routes.Queue(e.Deputy); e.Deputy != "" && (!is || e.Deputy == e.Code) {
		return ErrDeputy
	}
	if err := e.Names.put(c, "name", mostTitle, ErrTitle); err != nil {
		return err
	}
	address, err := email(e.Email)
	if err != nil {
		return err
	}
	c["email"] = address
	s.queue = e.Code
	s.put("appeal_queues", c)
	s.note(s.circle(e.Code), "circle")
	s.note(e.Deputy == "" && c["role"] == "", "no_deputy")
	return nil
}

// circle reports whether the deputies of a queue lead back to it: if nobody is
// there in any of them, the supervisor has its cases (route.Find).
func (s *sheet) circle(code string) bool {
	at := code
	for range s.table("appeal_queues").Rows {
		found := s.find("appeal_queues", cell{"code": at})
		if len(found) == 0 || found[0]["deputy"] == "" {
			return false
		}
		if at = found[0]["deputy"]; at == code {
			return true
		}
	}
	return false
}

// goes returns the queue that a table of routes names, without a look at who is
// there.
func goes(b *route.Book, function, territory string, day calendar.Date) string {
	return b.Find(route.Ask{Function: function, Territory: territory, Day: day}).Queue.Code
}

// Withdraw takes a version back that does not hold yet. Table is a name of
// Schema, Key the cells by which its rows are known; of a form and of alerts all
// rows of the day go.
type Withdraw struct {
	Table string            `json:"table"`
	Key   map[string]string `json:"key"`
	From  calendar.Date     `json:"from"`
}

func (e *Withdraw) subject() string { return "withdrawn/" + e.Table }

// withdrawable are the columns that name a version, beside its day.
var withdrawable = map[string][]string{
	"appeal_categories": {"code"}, "appeal_forms": {"category"}, "appeal_terms": {"clock", "kind", "category", "audience", "channel"},
	"appeal_alerts": {"clock"}, "appeal_routes": {"function", "territory"},
}

func (e *Withdraw) write(s *sheet) error {
	columns, known := withdrawable[e.Table]
	if !known || len(e.Key) != len(columns) {
		return ErrUnknown
	}
	like := cell{"valid_from": e.From.String()}
	for _, c := range columns {
		value, given := e.Key[c]
		if !given {
			return ErrUnknown
		}
		like[c] = value
	}
	if !s.today.Before(e.From) {
		return ErrHolds
	}
	if s.drop(e.Table, like) == 0 {
		return ErrUnknown
	}
	s.since = e.From
	switch e.Table {
	case "appeal_categories":
		s.categories = append(s.categories, e.Key["code"])
		if len(s.find(e.Table, cell{"code": e.Key["code"]})) == 0 { // it goes as a whole
			s.drop("appeal_forms", cell{"category": e.Key["code"]})
			s.drop("appeal_terms", cell{"category": e.Key["code"]})
		}
	case "appeal_forms":
		s.categories = append(s.categories, e.Key["category"])
	case "appeal_routes":
		s.functions = append(s.functions, e.Key["function"])
	}
	return nil
}
