-- +goose Up

-- When a case was last moved stands in the index of what is owed: what is stalled is
-- found and counted in it however little of it there is, and how much lies with whom,
-- since when, without a look at the table.
DROP INDEX cases_owed;
CREATE INDEX cases_owed ON cases (due_at, id, kind, state, queue, category, territory, keeper, assignee, moved_at) INCLUDE (since)
    WHERE state NOT IN ('answered', 'closed');
