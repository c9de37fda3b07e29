-- +goose Up

-- A case is late when any of its clocks is: that of the answer, of the first contact,
-- of the direction. What is owed is listed, counted and found late by the first end of
-- those that run, so that the indexes of what is owed go by it; NULL: none runs.
ALTER TABLE cases ADD COLUMN next_at timestamptz;
UPDATE cases c SET next_at = coalesce((SELECT min(k.at) FROM case_clocks k WHERE k.case_id = c.id AND k.paused_at IS NULL), c.due_at)
    WHERE state NOT IN ('answered', 'closed');
ALTER TABLE cases ADD CHECK (state IN ('answered', 'closed') OR next_at IS NOT NULL), DROP COLUMN direction_at;

DROP INDEX cases_owed, cases_queue, cases_keeper, cases_assignee;
CREATE INDEX cases_owed ON cases (next_at, id, kind, state, queue, category, territory, keeper, assignee, moved_at) INCLUDE (since)
    WHERE state NOT IN ('answered', 'closed');
CREATE INDEX cases_queue ON cases (queue, next_at, id, state, kind) WHERE state NOT IN ('answered', 'closed');
CREATE INDEX cases_keeper ON cases (keeper, next_at, id) WHERE state NOT IN ('answered', 'closed') AND keeper IS NOT NULL;
CREATE INDEX cases_assignee ON cases (assignee, next_at, id) WHERE state NOT IN ('answered', 'closed') AND assignee IS NOT NULL;
-- The indicators and a change of the calendar ask for terms of answers: of what is
-- owed, and of what was answered too late.
CREATE INDEX cases_due ON cases (due_at) WHERE state NOT IN ('answered', 'closed') OR answered_at >= due_at;
