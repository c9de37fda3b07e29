// Package visit is the offices in which customers are served, and what they
// can book a visit for (R-5.1.2-t, R-5.1.2-v; spec §5.2).
package visit
