// Package visit is the offices in which customers are served, what they can book
// a visit for, when, and what becomes of it (R-5.1.2-t, R-5.1.2-v, R-5.2.2-b;
// spec §2.9, §5.2).
//
// Slots are computed and never stored: a Plan is what they follow from, an
// office's windows and hours, a service, the Rules; its Day says what is free,
// or why nothing is. Bookings are kept by adapters/postgres, whose constraint
// makes booking a window's time twice impossible:
//
//	VisitDays(ctx, Query) ([]Day, Refusal, error)
//	HoldSlot(ctx, effect, Choice) (Outcome, error)      ReleaseSlot(ctx, effect) (bool, error)
//	Book(ctx, effect, Order) (Outcome, error)           MoveBooking(ctx, effect, Choice) (Outcome, error)
//	CancelBooking(ctx, effect, id) (Outcome, error)     ConfirmBooking(ctx, effect, id) (Outcome, error)
//	Bookings(ctx, conversation, now) ([]Booking, error)
//	JoinWaiting(ctx, effect, Wish) (WaitOutcome, error) LeaveWaiting(ctx, effect, id) (bool, error)
//	WaitingFor(ctx, conversation, now) ([]Waiting, error)
//
// and for staff:
//
//	OfficeDay(ctx, office, date) (OfficeDay, error)
//	MarkVisit(ctx, staff, id, Status, window) (Booking, error)
//	AddWalkIn(ctx, staff, office, service, name) (Booking, error)
//	PreviewClosure(ctx, Closure) (Impact, error)        AddClosure(ctx, staff, Closure) (Impact, error)
//	RemoveClosure(ctx, staff, office, first) error
package visit
