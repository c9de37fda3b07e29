-- +goose Up

-- What a task asks for says whether a term runs out or is over.
UPDATE case_tasks t SET what = 'late' FROM case_alerts a
    WHERE a.id = t.alert AND t.done_at IS NULL AND (a.mark = 'breach' OR a.mark LIKE '+%');
