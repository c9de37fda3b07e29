-- +goose Up

-- What customers were shown is only added, and dropped when it is old. Whose it
-- was may be forgotten (erase.go), nothing else of it is ever changed.
CREATE TRIGGER looks_stay BEFORE UPDATE OF account, channel, what, at ON looks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER looks_stay_whole BEFORE TRUNCATE ON looks
    FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
