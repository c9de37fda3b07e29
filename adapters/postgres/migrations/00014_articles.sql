-- +goose Up

-- Questions and answers. A change adds a version and never touches one that is
-- there; the newest holds. Editor is empty for what came with the program.
CREATE TABLE article_categories (
    id       text COLLATE "C" PRIMARY KEY,
    place    integer NOT NULL,
    title_ru text NOT NULL,
    title_en text NOT NULL
);
CREATE TABLE articles (
    slug         text COLLATE "C" NOT NULL,
    lang         text COLLATE "C" NOT NULL,
    version      integer NOT NULL,
    published_at timestamptz NOT NULL,
    editor       bigint REFERENCES staff,
    content      jsonb NOT NULL,
    PRIMARY KEY (slug, lang, version)
);

-- Goes up with every change of what answers are made of: replicas look at it to
-- learn that theirs is old.
CREATE TABLE content_version (
    one boolean PRIMARY KEY DEFAULT true CHECK (one),
    n   bigint NOT NULL
);
INSERT INTO content_version (n) VALUES (1);

-- +goose StatementBegin
CREATE FUNCTION content_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE content_version SET n = n + 1;
    RETURN NULL;
END $$;

DO $$
DECLARE t text;
BEGIN
    FOREACH t IN ARRAY ARRAY['article_categories', 'articles',
        'acts', 'tariffs', 'zone_multipliers', 'range_limits', 'heating_seasons', 'norms', 'services',
        'unregulated_prices', 'vat_rates', 'penalty_rates',
        'territories', 'pay_ways', 'pay_points', 'useful_links', 'news',
        'offices', 'office_exceptions', 'visit_services']
    LOOP
        EXECUTE format('CREATE TRIGGER content_changed AFTER INSERT OR UPDATE OR DELETE ON %I
            FOR EACH STATEMENT EXECUTE FUNCTION content_changed()', t);
    END LOOP;
END $$;
-- +goose StatementEnd
