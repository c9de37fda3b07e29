-- +goose Up

-- Money that has to go back is somebody's work until it is back (R-5.1.3-f): also
-- where its application was withdrawn before that was so.
INSERT INTO case_tasks (case_id, what, role, at)
SELECT DISTINCT c.id, 'refund', 'application_router', c.moved_at
FROM cases c JOIN payment_orders o ON o.case_number = c.number
WHERE o.state = 'paid' AND c.resolution = 'withdrawn' AND c.kind = 'application'
ON CONFLICT DO NOTHING;

-- These are listed by themselves, whatever became of their cases.
CREATE INDEX case_tasks_refund ON case_tasks (case_id) WHERE done_at IS NULL AND what = 'refund';
