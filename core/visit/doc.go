// Package visit is the offices in which customers are served, what they can book
// a visit for, when, and what becomes of it (R-5.1.2-t, R-5.1.2-v, R-5.2.2-b;
// spec §2.9, §5.2).
//
// Slots are computed and never stored: a Plan is what they follow from, an
// office's windows and hours, a service, the Rules; its Day says what is free,
// or why nothing is. Bookings are kept by adapters/postgres, whose constraint
// makes booking a window's time twice impossible.
package visit
