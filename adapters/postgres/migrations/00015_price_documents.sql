-- +goose Up

-- Published files on the prices of a month, which is 2026-10; category 0 is for
-- all.
CREATE TABLE price_documents (
    month    text COLLATE "C" NOT NULL,
    category smallint NOT NULL,
    kind     text COLLATE "C" NOT NULL,
    title_ru text NOT NULL,
    title_en text NOT NULL,
    link     text NOT NULL,
    PRIMARY KEY (month, category, kind)
);
CREATE TRIGGER keep_published BEFORE UPDATE OR DELETE ON price_documents
    FOR EACH ROW EXECUTE FUNCTION keep_published();
CREATE TRIGGER keep_all_published BEFORE TRUNCATE ON price_documents
    FOR EACH STATEMENT EXECUTE FUNCTION keep_all_published();
