-- +goose Up

-- What knowledge.Schema and visit.Schema name: what the company tells beside
-- articles. The program reads the tables whole and checks them before it
-- believes them. An empty territory is all of them; hours are written as in the
-- configuration, "Mon-Fri 08:00-12:00 13:00-17:00; Sat 09:00-15:00".

CREATE TABLE territories (
    code     text COLLATE "C" PRIMARY KEY,
    name_ru  text NOT NULL,
    name_en  text NOT NULL,
    place_ru text NOT NULL,
    place_en text NOT NULL
);

-- fee is per cent of the sum, days the working days until it is credited.
CREATE TABLE pay_ways (
    place   smallint NOT NULL,
    code    text COLLATE "C" PRIMARY KEY,
    fee     numeric NOT NULL,
    days    smallint NOT NULL,
    name_ru text NOT NULL,
    name_en text NOT NULL
);

CREATE TABLE pay_points (
    code       text COLLATE "C" PRIMARY KEY,
    territory  text COLLATE "C" NOT NULL REFERENCES territories,
    way        text COLLATE "C" NOT NULL REFERENCES pay_ways,
    address_ru text NOT NULL,
    address_en text NOT NULL,
    note_ru    text NOT NULL,
    note_en    text NOT NULL,
    phone      text NOT NULL,
    hours      text NOT NULL
);

CREATE TABLE useful_links (
    place    smallint NOT NULL,
    kind     text COLLATE "C" PRIMARY KEY,
    name_ru  text NOT NULL,
    name_en  text NOT NULL,
    about_ru text NOT NULL,
    about_en text NOT NULL,
    phone    text NOT NULL,
    link     text NOT NULL
);

-- Shown on the days [valid_from, valid_to).
CREATE TABLE news (
    slug       text COLLATE "C" PRIMARY KEY,
    kind       text COLLATE "C" NOT NULL,
    territory  text COLLATE "C" NOT NULL,
    valid_from date NOT NULL,
    valid_to   date,
    title_ru   text NOT NULL,
    title_en   text NOT NULL,
    text_ru    text NOT NULL,
    text_en    text NOT NULL
);

-- sanitary: weekdays whose last working one in a month is closed; an empty zone
-- is the company's.
CREATE TABLE offices (
    code       text COLLATE "C" PRIMARY KEY,
    territory  text COLLATE "C" NOT NULL,
    audience   text COLLATE "C" NOT NULL,
    windows    smallint NOT NULL,
    ramp       boolean NOT NULL,
    name_ru    text NOT NULL,
    name_en    text NOT NULL,
    address_ru text NOT NULL,
    address_en text NOT NULL,
    note_ru    text NOT NULL,
    note_en    text NOT NULL,
    phone      text NOT NULL,
    hours      text NOT NULL,
    sanitary   text NOT NULL,
    zone       text NOT NULL,
    latitude   double precision NOT NULL,
    longitude  double precision NOT NULL
);

-- Days on which an office has other hours; none: it is closed.
CREATE TABLE office_exceptions (
    office    text COLLATE "C" NOT NULL REFERENCES offices,
    first_day date NOT NULL,
    last_day  date NOT NULL,
    hours     text NOT NULL,
    reason_ru text NOT NULL,
    reason_en text NOT NULL,
    PRIMARY KEY (office, first_day)
);

CREATE TABLE visit_services (
    place    smallint NOT NULL,
    code     text COLLATE "C" PRIMARY KEY,
    audience text COLLATE "C" NOT NULL,
    minutes  smallint NOT NULL,
    name_ru  text NOT NULL,
    name_en  text NOT NULL
);
