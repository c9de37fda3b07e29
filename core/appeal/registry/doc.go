// Package registry is the register of cases: what a store of registered appeals
// keeps, takes and gives. It holds the types and, in ports.go, the interfaces
// through which everybody works with cases; adapters/postgres.DB implements all
// of them.
//
// # What a store promises
//
//   - A case is made by RegisterCase and changed by DoCase and PublishCase alone.
//     Each is one transaction: it looks for the effect's ID first (the same effect
//     again returns what became of it, and does nothing), locks the case, lets
//     package life decide, and saves the case with all of its consequences, or
//     nothing.
//   - Numbers have no gaps within a kind and a year (of the company's zone, by the
//     moment that counts).
//   - The revision of a case is the number of lines in its history. An act that
//     names the one which its actor has seen is refused with a MovedError if
//     something has happened since; 0 names none.
//   - What must follow is carried out with it: clocks and alerts are planned, tasks
//     are rows ([Task]), and what speaks to somebody is a job of the queue, worked
//     by the hands of postgres.Work: CaseNews tells the customer ([News]), CaseFate
//     says what became of it in his chat, CaseMail
//     writes to a role ([Mail]), CaseAlert warns that a term runs out ([Warning]),
//     CaseDelivery carries an answer out ([Dispatch]). Jobs hold the number, a
//     revision and a key, never personal data; each is tried until its hand
//     returns nil or an error that is final (fault.Invalid, NotFound, Denied), so
//     a hand must bear being called twice: every value has an ID that stays the
//     same.
//   - What staff do is a line of the audit, in the same transaction.
//
// # How to use it
//
// A scenario registers with RegisterCase(ctx, registry.Effect(e), filing) and acts
// with DoCase(ctx, registry.Effect(e), Act{Number, Do, By: Customer}); a case of
// somebody else is ErrNoCase. The console acts with an effect of its own,
// Effect{ID: "op:<staff>:<id of the click>", At: now}, with By: life.By(account)
// and the Audit entry's Staff and Address filled in. Refusals come as the errors of
// package life and this one, with a kind and a key.
//
// Secret answers (appeal.Field.Secret) are kept apart and never stand in a
// [Record]: privacy.Hidden stands in their place, so that what is missing can be
// seen. RevealCase returns one of them, for a reason that is written down.
package registry
