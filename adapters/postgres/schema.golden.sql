-- The schema that migrations/ make; written by go test -update.
accounts.id bigint NOT NULL IDENTITY
accounts.number text COLLATE "C" NOT NULL
accounts.territory text NOT NULL
accounts.legal boolean NOT NULL
accounts.closed boolean NOT NULL DEFAULT false
accounts.house text NOT NULL
accounts.flat text NOT NULL
accounts.tariff_group text NOT NULL
accounts.heating boolean NOT NULL DEFAULT false
accounts.note text NOT NULL DEFAULT ''::text
accounts.demo boolean NOT NULL DEFAULT false
accounts.payer text COLLATE "C" NOT NULL DEFAULT 'household'::text
accounts.rural boolean NOT NULL DEFAULT false
accounts.stove text COLLATE "C" NOT NULL DEFAULT 'gas'::text
accounts.rooms smallint NOT NULL DEFAULT 1
accounts.residents smallint NOT NULL DEFAULT 1
accounts.households integer NOT NULL DEFAULT 1
accounts.price_category smallint NOT NULL DEFAULT 0
accounts.voltage text COLLATE "C" NOT NULL DEFAULT ''::text
accounts.since date
accounts.unified text COLLATE "C" NOT NULL DEFAULT ''::text
accounts.person bytea NOT NULL
accounts.person_key text COLLATE "C" NOT NULL DEFAULT ''::text
acts.number text COLLATE "C" NOT NULL
acts.issuer text NOT NULL
acts.signed date NOT NULL
acts.title text NOT NULL
acts.link text NOT NULL
appeal_alerts.valid_from date NOT NULL
appeal_alerts.clock text COLLATE "C" NOT NULL
appeal_alerts.mark text COLLATE "C" NOT NULL
appeal_alerts.receivers text NOT NULL
appeal_categories.place smallint NOT NULL
appeal_categories.code text COLLATE "C" NOT NULL
appeal_categories.valid_from date NOT NULL
appeal_categories.offered boolean NOT NULL
appeal_categories.kind text COLLATE "C" NOT NULL
appeal_categories.audience text COLLATE "C" NOT NULL
appeal_categories.function text COLLATE "C" NOT NULL
appeal_categories.name_ru text NOT NULL
appeal_categories.name_en text NOT NULL
appeal_categories.plain_ru text NOT NULL
appeal_categories.plain_en text NOT NULL
appeal_choices.field text COLLATE "C" NOT NULL
appeal_choices.place smallint NOT NULL
appeal_choices.code text COLLATE "C" NOT NULL
appeal_choices.name_ru text NOT NULL
appeal_choices.name_en text NOT NULL
appeal_fields.name text COLLATE "C" NOT NULL
appeal_fields.type text COLLATE "C" NOT NULL
appeal_fields.from text COLLATE "C" NOT NULL
appeal_fields.secret boolean NOT NULL
appeal_fields.label_ru text NOT NULL
appeal_fields.label_en text NOT NULL
appeal_fields.ask_ru text NOT NULL
appeal_fields.ask_en text NOT NULL
appeal_fields.hint_ru text NOT NULL
appeal_fields.hint_en text NOT NULL
appeal_forms.category text COLLATE "C" NOT NULL
appeal_forms.valid_from date NOT NULL
appeal_forms.place smallint NOT NULL
appeal_forms.field text COLLATE "C" NOT NULL
appeal_forms.needed text NOT NULL
appeal_functions.code text COLLATE "C" NOT NULL
appeal_functions.name_ru text NOT NULL
appeal_functions.name_en text NOT NULL
appeal_kinds.place smallint NOT NULL
appeal_kinds.kind text COLLATE "C" NOT NULL
appeal_kinds.name_ru text NOT NULL
appeal_kinds.name_en text NOT NULL
appeal_kinds.plain_ru text NOT NULL
appeal_kinds.plain_en text NOT NULL
appeal_places.territory text COLLATE "C" NOT NULL
appeal_places.place text NOT NULL
appeal_places.street text NOT NULL
appeal_queues.code text COLLATE "C" NOT NULL
appeal_queues.role text COLLATE "C" NOT NULL
appeal_queues.deputy text COLLATE "C" NOT NULL
appeal_queues.email text NOT NULL
appeal_queues.name_ru text NOT NULL
appeal_queues.name_en text NOT NULL
appeal_routes.function text COLLATE "C" NOT NULL
appeal_routes.territory text COLLATE "C" NOT NULL
appeal_routes.valid_from date NOT NULL
appeal_routes.queue text COLLATE "C" NOT NULL
appeal_terms.valid_from date NOT NULL
appeal_terms.clock text COLLATE "C" NOT NULL
appeal_terms.kind text COLLATE "C" NOT NULL
appeal_terms.category text COLLATE "C" NOT NULL
appeal_terms.audience text COLLATE "C" NOT NULL
appeal_terms.channel text COLLATE "C" NOT NULL
appeal_terms.company text NOT NULL
appeal_terms.legal text NOT NULL
appeal_terms.law_ru text NOT NULL
appeal_terms.law_en text NOT NULL
appeal_terms.extension text NOT NULL
appeal_terms.how text COLLATE "C" NOT NULL
article_categories.id text COLLATE "C" NOT NULL
article_categories.place integer NOT NULL
article_categories.title_ru text NOT NULL
article_categories.title_en text NOT NULL
articles.slug text COLLATE "C" NOT NULL
articles.lang text COLLATE "C" NOT NULL
articles.version integer NOT NULL
articles.published_at timestamp with time zone NOT NULL
articles.editor bigint
articles.content jsonb NOT NULL
audit.id bigint NOT NULL
audit.at timestamp with time zone NOT NULL
audit.staff bigint
audit.did text COLLATE "C" NOT NULL
audit.conversation text COLLATE "C" NOT NULL DEFAULT ''::text
audit.subject text COLLATE "C" NOT NULL DEFAULT ''::text
audit.before jsonb NOT NULL DEFAULT '{}'::jsonb
audit.after jsonb NOT NULL DEFAULT '{}'::jsonb
audit.reason text NOT NULL DEFAULT ''::text
audit.address text NOT NULL DEFAULT ''::text
audit.hash bytea NOT NULL
audit_base.one boolean NOT NULL DEFAULT true
audit_base.number bigint NOT NULL
audit_base.hash bytea NOT NULL
audit_head.one boolean NOT NULL DEFAULT true
audit_head.number bigint NOT NULL
audit_head.hash bytea NOT NULL
benefits.account bigint NOT NULL
benefits.kind text COLLATE "C" NOT NULL
benefits.valid_from date NOT NULL
benefits.valid_to date
benefits.kopecks bigint NOT NULL
calendar_years.year integer NOT NULL
calendar_years.version integer NOT NULL
calendar_years.content text NOT NULL
calendar_years.staff bigint
calendar_years.at timestamp with time zone NOT NULL
case_alerts.id bigint NOT NULL IDENTITY
case_alerts.case_id bigint NOT NULL
case_alerts.clock text COLLATE "C" NOT NULL
case_alerts.deadline timestamp with time zone NOT NULL
case_alerts.mark text COLLATE "C" NOT NULL
case_alerts.at timestamp with time zone NOT NULL
case_alerts.receivers text[] NOT NULL
case_alerts.told_at timestamp with time zone
case_clocks.case_id bigint NOT NULL
case_clocks.clock text COLLATE "C" NOT NULL
case_clocks.since timestamp with time zone NOT NULL
case_clocks.at timestamp with time zone NOT NULL
case_clocks.paused_at timestamp with time zone
case_deliveries.reply text COLLATE "C" NOT NULL
case_deliveries.way text COLLATE "C" NOT NULL
case_deliveries.attempt integer NOT NULL
case_deliveries.status text COLLATE "C" NOT NULL
case_deliveries.why text COLLATE "C" NOT NULL DEFAULT ''::text
case_deliveries.at timestamp with time zone NOT NULL
case_deliveries.settled_at timestamp with time zone
case_deliveries.staff bigint
case_files.id bigint NOT NULL IDENTITY
case_files.case_id bigint NOT NULL
case_files.foreign_id text NOT NULL
case_files.name text NOT NULL
case_files.conversation text COLLATE "C"
case_files.n integer NOT NULL
case_files.staff bigint
case_files.at timestamp with time zone NOT NULL
case_files.file text COLLATE "C"
case_files.failure text NOT NULL DEFAULT ''::text
case_history.case_id bigint NOT NULL
case_history.n integer NOT NULL
case_history.at timestamp with time zone NOT NULL
case_history.staff bigint
case_history.role text COLLATE "C" NOT NULL
case_history.from_state text COLLATE "C" NOT NULL
case_history.to_state text COLLATE "C" NOT NULL
case_history.event text COLLATE "C" NOT NULL
case_history.publication text COLLATE "C" NOT NULL
case_history.body bytea
case_history.secret bytea
case_history.key text NOT NULL
case_numbers.kind text COLLATE "C" NOT NULL
case_numbers.year smallint NOT NULL
case_numbers.last integer NOT NULL
case_publications.case_id bigint NOT NULL
case_publications.section text COLLATE "C" NOT NULL
case_publications.audience text COLLATE "C" NOT NULL
case_publications.language text COLLATE "C" NOT NULL
case_publications.question text NOT NULL
case_publications.answer text NOT NULL
case_publications.stage text COLLATE "C" NOT NULL
case_publications.author bigint
case_publications.decided bigint
case_publications.at timestamp with time zone NOT NULL
case_publications.published_at timestamp with time zone
case_publications.reason text NOT NULL DEFAULT ''::text
case_replies.id text COLLATE "C" NOT NULL
case_replies.case_id bigint NOT NULL
case_replies.n integer NOT NULL
case_replies.author bigint
case_replies.at timestamp with time zone NOT NULL
case_replies.final_at timestamp with time zone
case_replies.files text[] NOT NULL
case_replies.paper text COLLATE "C" NOT NULL
case_replies.body bytea NOT NULL
case_replies.key text NOT NULL
case_tasks.id bigint NOT NULL IDENTITY
case_tasks.case_id bigint NOT NULL
case_tasks.what text COLLATE "C" NOT NULL
case_tasks.staff bigint NOT NULL DEFAULT 0
case_tasks.queue text COLLATE "C" NOT NULL DEFAULT ''::text
case_tasks.role text COLLATE "C" NOT NULL DEFAULT ''::text
case_tasks.alert bigint
case_tasks.at timestamp with time zone NOT NULL
case_tasks.done_at timestamp with time zone
case_tasks.done_by bigint
cases.id bigint NOT NULL IDENTITY
cases.number text COLLATE "C" NOT NULL
cases.revision integer NOT NULL
cases.kind text COLLATE "C" NOT NULL
cases.category text COLLATE "C" NOT NULL
cases.audience text COLLATE "C" NOT NULL
cases.territory text COLLATE "C" NOT NULL
cases.origin text COLLATE "C" NOT NULL
cases.channel text COLLATE "C" NOT NULL
cases.language text COLLATE "C" NOT NULL
cases.conversation text COLLATE "C"
cases.account bigint
cases.state text COLLATE "C" NOT NULL
cases.queue text COLLATE "C" NOT NULL
cases.keeper bigint
cases.assignee bigint
cases.about bigint[] NOT NULL
cases.registered_at timestamp with time zone NOT NULL
cases.since timestamp with time zone NOT NULL
cases.due_at timestamp with time zone NOT NULL
cases.moved_at timestamp with time zone NOT NULL
cases.answered_at timestamp with time zone
cases.closed_at timestamp with time zone
cases.resolution text COLLATE "C" NOT NULL
cases.extended boolean NOT NULL
cases.reopened integer NOT NULL
cases.rating smallint NOT NULL
cases.publication text COLLATE "C" NOT NULL
cases.body bytea NOT NULL
cases.secret bytea
cases.key text NOT NULL
cases.next_at timestamp with time zone
codes.conversation text COLLATE "C" NOT NULL
codes.account bigint NOT NULL
codes.body bytea NOT NULL
codes.sealed boolean NOT NULL
codes.until timestamp with time zone NOT NULL
codes.tries smallint NOT NULL DEFAULT 0
consents.id bigint NOT NULL IDENTITY
consents.conversation text COLLATE "C"
consents.purpose text COLLATE "C" NOT NULL
consents.version integer NOT NULL
consents.hash text COLLATE "C" NOT NULL
consents.language text COLLATE "C" NOT NULL
consents.channel text COLLATE "C" NOT NULL
consents.action text COLLATE "C" NOT NULL
consents.at timestamp with time zone NOT NULL
consents.withdrawn_at timestamp with time zone
content_version.one boolean NOT NULL DEFAULT true
content_version.n bigint NOT NULL
conversations.conversation text COLLATE "C" NOT NULL
conversations.revision bigint NOT NULL
conversations.state bytea NOT NULL
conversations.seen text NOT NULL
conversations.holder text NOT NULL
conversations.cursor_revision bigint NOT NULL
conversations.cursor_n integer NOT NULL
conversations.tail_revision bigint NOT NULL
conversations.tail_n integer NOT NULL
conversations.archived_revision bigint NOT NULL
conversations.archived_n integer NOT NULL
conversations.prompt text NOT NULL
conversations.due timestamp with time zone
conversations.owes boolean NOT NULL GENERATED ((due IS NOT NULL) OR (ROW(cursor_revision, cursor_n) < ROW(tail_revision, tail_n)))
documents.account bigint NOT NULL
documents.kind text COLLATE "C" NOT NULL
documents.period date NOT NULL
documents.issued date NOT NULL
documents.body jsonb NOT NULL
effects.id text COLLATE "C" NOT NULL
effects.conversation text COLLATE "C" NOT NULL
effects.at timestamp with time zone NOT NULL
effects.result jsonb
erasures.id bigint NOT NULL IDENTITY
erasures.conversation text COLLATE "C" NOT NULL
erasures.at timestamp with time zone NOT NULL
erasures.actor text NOT NULL
erasures.reason text NOT NULL
erasures.messages bigint NOT NULL
erasures.files bigint NOT NULL
evidence.id bigint NOT NULL IDENTITY
evidence.account bigint NOT NULL
evidence.conversation text COLLATE "C"
evidence.foreign_id text NOT NULL
evidence.name text NOT NULL
evidence.at timestamp with time zone NOT NULL
evidence.file text COLLATE "C"
evidence.failure text NOT NULL DEFAULT ''::text
evidence.receipt bigint
file_chunks.file text COLLATE "C" NOT NULL
file_chunks.n integer NOT NULL
file_chunks.body bytea NOT NULL
file_links.token bytea NOT NULL
file_links.file text COLLATE "C" NOT NULL
file_links.conversation text COLLATE "C" NOT NULL
file_links.until timestamp with time zone NOT NULL
file_links.used_at timestamp with time zone
files.id text COLLATE "C" NOT NULL
files.owner text COLLATE "C"
files.conversation text COLLATE "C" NOT NULL
files.at timestamp with time zone NOT NULL DEFAULT now()
files.complete boolean NOT NULL DEFAULT false
files.size bigint NOT NULL DEFAULT 0
files.key_id text NOT NULL DEFAULT ''::text
files.wrapped bytea
files.head bytea
files.named boolean NOT NULL DEFAULT false
handoff_changes.handoff bigint NOT NULL
handoff_changes.n integer NOT NULL
handoff_changes.did text NOT NULL
handoff_changes.staff bigint
handoff_changes.at timestamp with time zone NOT NULL
handoffs.id bigint NOT NULL IDENTITY
handoffs.conversation text COLLATE "C" NOT NULL
handoffs.called_at timestamp with time zone NOT NULL
handoffs.holder bigint
handoffs.taken_at timestamp with time zone
handoffs.closed_at timestamp with time zone
handoffs.changes integer NOT NULL DEFAULT 0
handoffs.case_number text COLLATE "C"
heating_seasons.valid_from date NOT NULL
heating_seasons.valid_to date
heating_seasons.territory text COLLATE "C" NOT NULL
heating_seasons.begins text COLLATE "C" NOT NULL
heating_seasons.ends text COLLATE "C" NOT NULL
hour_shapes.valid_from date NOT NULL
hour_shapes.valid_to date
hour_shapes.day text COLLATE "C" NOT NULL
hour_shapes.hour smallint NOT NULL
hour_shapes.percent smallint NOT NULL
job_runs.job text NOT NULL
job_runs.period text COLLATE "C" NOT NULL
job_runs.at timestamp with time zone NOT NULL
links.id bigint NOT NULL IDENTITY
links.conversation text COLLATE "C" NOT NULL
links.account bigint NOT NULL
links.name text NOT NULL DEFAULT ''::text
links.active boolean NOT NULL
links.since timestamp with time zone NOT NULL
links.used_at timestamp with time zone NOT NULL
links.confirmed_at timestamp with time zone
links.carried_from text COLLATE "C" NOT NULL DEFAULT ''::text
live_generation.one boolean NOT NULL DEFAULT true
live_generation.mark text NOT NULL
live_generation.server text NOT NULL
looks.id bigint NOT NULL IDENTITY
looks.account bigint NOT NULL
looks.conversation text COLLATE "C"
looks.channel text COLLATE "C" NOT NULL
looks.what text COLLATE "C" NOT NULL
looks.at timestamp with time zone NOT NULL
messages.conversation text COLLATE "C" NOT NULL
messages.revision bigint NOT NULL
messages.n integer NOT NULL
messages.at timestamp with time zone NOT NULL
messages.kind text NOT NULL
messages.body bytea NOT NULL
messages_default.conversation text COLLATE "C" NOT NULL
messages_default.revision bigint NOT NULL
messages_default.n integer NOT NULL
messages_default.at timestamp with time zone NOT NULL
messages_default.kind text NOT NULL
messages_default.body bytea NOT NULL
meters.id bigint NOT NULL IDENTITY
meters.account bigint NOT NULL
meters.serial text NOT NULL
meters.digits smallint NOT NULL
meters.zones text[] NOT NULL
meters.power bigint NOT NULL DEFAULT 0
meters.remote boolean NOT NULL DEFAULT false
meters.hourly boolean NOT NULL DEFAULT false
meters.verified_until date
meters.out_of_service_since timestamp with time zone
news.slug text COLLATE "C" NOT NULL
news.kind text COLLATE "C" NOT NULL
news.territory text COLLATE "C" NOT NULL
news.valid_from date NOT NULL
news.valid_to date
news.title_ru text NOT NULL
news.title_en text NOT NULL
news.text_ru text NOT NULL
news.text_en text NOT NULL
norms.valid_from date NOT NULL
norms.valid_to date
norms.stove text COLLATE "C" NOT NULL
norms.rooms smallint NOT NULL
norms.residents smallint NOT NULL
norms.kwh bigint NOT NULL
notices.id bigint NOT NULL IDENTITY
notices.kind text COLLATE "C" NOT NULL
notices.way text COLLATE "C" NOT NULL
notices.body bytea
notices.sealed boolean NOT NULL
notices.at timestamp with time zone NOT NULL
notices.tries integer NOT NULL DEFAULT 0
notices.settled_at timestamp with time zone
notices.why text NOT NULL DEFAULT ''::text
office_exceptions.office text COLLATE "C" NOT NULL
office_exceptions.first_day date NOT NULL
office_exceptions.last_day date NOT NULL
office_exceptions.hours text NOT NULL
office_exceptions.reason_ru text NOT NULL
office_exceptions.reason_en text NOT NULL
office_shuttings.office text COLLATE "C" NOT NULL
office_shuttings.number smallint NOT NULL
office_shuttings.first_day date NOT NULL
office_shuttings.last_day date NOT NULL
office_shuttings.hours text NOT NULL
office_shuttings.reason_ru text NOT NULL
office_shuttings.reason_en text NOT NULL
office_windows.office text COLLATE "C" NOT NULL
office_windows.number smallint NOT NULL
office_windows.services text NOT NULL
office_windows.first_day date
office_windows.last_day date
offices.code text COLLATE "C" NOT NULL
offices.territory text COLLATE "C" NOT NULL
offices.audience text COLLATE "C" NOT NULL
offices.windows smallint NOT NULL
offices.ramp boolean NOT NULL
offices.name_ru text NOT NULL
offices.name_en text NOT NULL
offices.address_ru text NOT NULL
offices.address_en text NOT NULL
offices.note_ru text NOT NULL
offices.note_en text NOT NULL
offices.phone text NOT NULL
offices.hours text NOT NULL
offices.sanitary text NOT NULL
offices.zone text NOT NULL
offices.latitude double precision NOT NULL
offices.longitude double precision NOT NULL
offices.revision bigint NOT NULL DEFAULT 0
pay_points.code text COLLATE "C" NOT NULL
pay_points.territory text COLLATE "C" NOT NULL
pay_points.way text COLLATE "C" NOT NULL
pay_points.address_ru text NOT NULL
pay_points.address_en text NOT NULL
pay_points.note_ru text NOT NULL
pay_points.note_en text NOT NULL
pay_points.phone text NOT NULL
pay_points.hours text NOT NULL
pay_ways.place smallint NOT NULL
pay_ways.code text COLLATE "C" NOT NULL
pay_ways.fee numeric NOT NULL
pay_ways.days smallint NOT NULL
pay_ways.name_ru text NOT NULL
pay_ways.name_en text NOT NULL
payment_orders.number text COLLATE "C" NOT NULL
payment_orders.conversation text COLLATE "C"
payment_orders.account bigint
payment_orders.kopecks bigint NOT NULL
payment_orders.state text COLLATE "C" NOT NULL
payment_orders.page text NOT NULL DEFAULT ''::text
payment_orders.at timestamp with time zone NOT NULL
payment_orders.until timestamp with time zone NOT NULL
payment_orders.changed_at timestamp with time zone NOT NULL
payment_orders.looked_at timestamp with time zone NOT NULL
payment_orders.case_number text COLLATE "C"
payments.account bigint NOT NULL
payments.reference text COLLATE "C" NOT NULL
payments.paid_on date NOT NULL
payments.kopecks bigint NOT NULL
payments.period date
payments.way text COLLATE "C" NOT NULL
payments.refunded_on date
penalty_rates.valid_from date NOT NULL
penalty_rates.valid_to date
penalty_rates.audience text COLLATE "C" NOT NULL
penalty_rates.rate numeric NOT NULL
price_components.month text COLLATE "C" NOT NULL
price_components.component text COLLATE "C" NOT NULL
price_components.power text COLLATE "C" NOT NULL
price_components.vn numeric NOT NULL
price_components.sn1 numeric NOT NULL
price_components.sn2 numeric NOT NULL
price_components.nn numeric NOT NULL
quarantine.id text COLLATE "C" NOT NULL
quarantine.conversation text COLLATE "C" NOT NULL
quarantine.at timestamp with time zone NOT NULL
quarantine.cause text NOT NULL
quarantine.payload bytea NOT NULL
quarantine.sealed boolean NOT NULL
range_limits.valid_from date NOT NULL
range_limits.valid_to date
range_limits.heating boolean NOT NULL
range_limits.first bigint NOT NULL
range_limits.second bigint NOT NULL
readings.meter bigint NOT NULL
readings.register text COLLATE "C" NOT NULL
readings.period date NOT NULL
readings.source text COLLATE "C" NOT NULL
readings.value bigint NOT NULL
readings.at timestamp with time zone NOT NULL
readings.rollover boolean NOT NULL DEFAULT false
readings.high boolean NOT NULL DEFAULT false
readings.receipt_year integer
readings.receipt bigint
readings.conversation text COLLATE "C"
recovery_codes.staff bigint NOT NULL
recovery_codes.hash bytea NOT NULL
replaced_readings.meter bigint NOT NULL
replaced_readings.register text COLLATE "C" NOT NULL
replaced_readings.period date NOT NULL
replaced_readings.source text COLLATE "C" NOT NULL
replaced_readings.value bigint NOT NULL
replaced_readings.at timestamp with time zone NOT NULL
replaced_readings.rollover boolean NOT NULL DEFAULT false
replaced_readings.high boolean NOT NULL DEFAULT false
replaced_readings.receipt_year integer
replaced_readings.receipt bigint
replaced_readings.conversation text COLLATE "C"
replaced_readings.superseded_at timestamp with time zone NOT NULL
replaced_readings.superseded_by bigint
restriction_notices.account bigint NOT NULL
restriction_notices.sent date NOT NULL
restriction_notices.after date NOT NULL
restriction_notices.withdrawn date
second_factors.staff bigint NOT NULL
second_factors.pending boolean NOT NULL
second_factors.body bytea NOT NULL
second_factors.sealed boolean NOT NULL
second_factors.step bigint NOT NULL DEFAULT 0
services.valid_from date NOT NULL
services.valid_to date
services.code text COLLATE "C" NOT NULL
services.audience text COLLATE "C" NOT NULL
services.price_kind text COLLATE "C" NOT NULL
services.price numeric NOT NULL
services.term smallint NOT NULL
services.term_unit text COLLATE "C" NOT NULL
services.basis text COLLATE "C" NOT NULL
services.title_ru text NOT NULL
services.title_en text NOT NULL
staff.id bigint NOT NULL IDENTITY
staff.login text COLLATE "C" NOT NULL
staff.name text NOT NULL
staff.password text NOT NULL
staff.version integer NOT NULL DEFAULT 1
staff.disabled boolean NOT NULL DEFAULT false
staff.created_at timestamp with time zone NOT NULL DEFAULT now()
staff.seen_at timestamp with time zone
staff.temporary boolean NOT NULL DEFAULT false
staff.roles text[] NOT NULL DEFAULT '{}'::text[]
staff.ended text NOT NULL DEFAULT ''::text
staff_teams.staff bigint NOT NULL
staff_teams.team text COLLATE "C" NOT NULL
staff_territories.staff bigint NOT NULL
staff_territories.territory text COLLATE "C" NOT NULL
statements.account bigint NOT NULL
statements.period date NOT NULL
statements.body jsonb NOT NULL
tallies.what text COLLATE "C" NOT NULL
tallies.of text COLLATE "C" NOT NULL
tallies.times bigint NOT NULL
tallies.first_at timestamp with time zone NOT NULL
tallies.last_at timestamp with time zone NOT NULL
tariffs.valid_from date NOT NULL
tariffs.valid_to date
tariffs.act text COLLATE "C" NOT NULL
tariffs.tariff_group text COLLATE "C" NOT NULL
tariffs.range smallint NOT NULL
tariffs.zone text COLLATE "C" NOT NULL
tariffs.price numeric NOT NULL
teams.code text COLLATE "C" NOT NULL
teams.name text NOT NULL
territories.code text COLLATE "C" NOT NULL
territories.name_ru text NOT NULL
territories.name_en text NOT NULL
territories.place_ru text NOT NULL
territories.place_en text NOT NULL
tickets.ticket text COLLATE "C" NOT NULL
tickets.conversation text COLLATE "C" NOT NULL
tickets.topic text COLLATE "C" NOT NULL
tickets.until timestamp with time zone NOT NULL
tombstones.conversation text COLLATE "C" NOT NULL
tombstones.floor bigint NOT NULL
tombstones.at timestamp with time zone NOT NULL
unregulated_prices.month text COLLATE "C" NOT NULL
unregulated_prices.category smallint NOT NULL
unregulated_prices.power text COLLATE "C" NOT NULL
unregulated_prices.vn numeric NOT NULL
unregulated_prices.sn1 numeric NOT NULL
unregulated_prices.sn2 numeric NOT NULL
unregulated_prices.nn numeric NOT NULL
useful_links.place smallint NOT NULL
useful_links.kind text COLLATE "C" NOT NULL
useful_links.name_ru text NOT NULL
useful_links.name_en text NOT NULL
useful_links.about_ru text NOT NULL
useful_links.about_en text NOT NULL
useful_links.phone text NOT NULL
useful_links.link text NOT NULL
vat_rates.valid_from date NOT NULL
vat_rates.valid_to date
vat_rates.rate numeric NOT NULL
visit_changes.id bigint NOT NULL IDENTITY
visit_changes.visit bigint NOT NULL
visit_changes.status text COLLATE "C" NOT NULL
visit_changes.sequence integer NOT NULL
visit_changes.office text COLLATE "C" NOT NULL
visit_changes.starts_at timestamp with time zone NOT NULL
visit_changes.staff bigint
visit_changes.at timestamp with time zone NOT NULL
visit_rules.name text COLLATE "C" NOT NULL
visit_rules.value integer NOT NULL
visit_services.place smallint NOT NULL
visit_services.code text COLLATE "C" NOT NULL
visit_services.audience text COLLATE "C" NOT NULL
visit_services.minutes smallint NOT NULL
visit_services.name_ru text NOT NULL
visit_services.name_en text NOT NULL
visit_services.bring_ru text NOT NULL DEFAULT ''::text
visit_services.bring_en text NOT NULL DEFAULT ''::text
visit_wishes.id bigint NOT NULL IDENTITY
visit_wishes.conversation text COLLATE "C" NOT NULL
visit_wishes.office text COLLATE "C" NOT NULL
visit_wishes.service text COLLATE "C" NOT NULL
visit_wishes.first_day date NOT NULL
visit_wishes.last_day date NOT NULL
visit_wishes.language text COLLATE "C" NOT NULL
visit_wishes.since timestamp with time zone NOT NULL
visitors.conversation text COLLATE "C" NOT NULL
visitors.token bytea NOT NULL
visitors.subject text COLLATE "C"
visitors.at timestamp with time zone NOT NULL
visitors.spoke_at timestamp with time zone
visits.id bigint NOT NULL IDENTITY
visits.conversation text COLLATE "C"
visits.account bigint
visits.office text COLLATE "C" NOT NULL
visits.service text COLLATE "C" NOT NULL
visits.window_number smallint
visits.called_to smallint
visits.day date NOT NULL
visits.starts_at timestamp with time zone NOT NULL
visits.ends_at timestamp with time zone NOT NULL
visits.status text COLLATE "C" NOT NULL
visits.body bytea
visits.sealed boolean NOT NULL DEFAULT false
visits.phone_digest bytea
visits.language text COLLATE "C" NOT NULL DEFAULT ''::text
visits.sequence integer NOT NULL DEFAULT 0
visits.code text COLLATE "C" NOT NULL DEFAULT ''::text
visits.confirmed boolean NOT NULL DEFAULT false
visits.walk_in boolean NOT NULL DEFAULT false
visits.held_until timestamp with time zone
visits.at timestamp with time zone NOT NULL
vouched.conversation text COLLATE "C" NOT NULL
vouched.account bigint NOT NULL
vouched.at timestamp with time zone NOT NULL
zone_multipliers.valid_from date NOT NULL
zone_multipliers.valid_to date
zone_multipliers.zone text COLLATE "C" NOT NULL
zone_multipliers.multiplier numeric NOT NULL
CREATE INDEX accounts_real ON public.accounts USING btree (id) WHERE (NOT demo)
CREATE UNIQUE INDEX accounts_number_key ON public.accounts USING btree (number)
CREATE UNIQUE INDEX accounts_pkey ON public.accounts USING btree (id)
CREATE UNIQUE INDEX acts_pkey ON public.acts USING btree (number)
CREATE UNIQUE INDEX appeal_alerts_pkey ON public.appeal_alerts USING btree (valid_from, clock, mark)
CREATE UNIQUE INDEX appeal_categories_pkey ON public.appeal_categories USING btree (code, valid_from)
CREATE UNIQUE INDEX appeal_choices_pkey ON public.appeal_choices USING btree (field, code)
CREATE UNIQUE INDEX appeal_fields_pkey ON public.appeal_fields USING btree (name)
CREATE UNIQUE INDEX appeal_forms_pkey ON public.appeal_forms USING btree (category, valid_from, field)
CREATE UNIQUE INDEX appeal_functions_pkey ON public.appeal_functions USING btree (code)
CREATE UNIQUE INDEX appeal_kinds_pkey ON public.appeal_kinds USING btree (kind)
CREATE UNIQUE INDEX appeal_places_pkey ON public.appeal_places USING btree (territory, place, street)
CREATE UNIQUE INDEX appeal_queues_pkey ON public.appeal_queues USING btree (code)
CREATE UNIQUE INDEX appeal_routes_pkey ON public.appeal_routes USING btree (function, territory, valid_from)
CREATE UNIQUE INDEX appeal_terms_pkey ON public.appeal_terms USING btree (valid_from, clock, kind, category, audience, channel)
CREATE UNIQUE INDEX article_categories_pkey ON public.article_categories USING btree (id)
CREATE UNIQUE INDEX articles_pkey ON public.articles USING btree (slug, lang, version)
CREATE INDEX audit_at ON public.audit USING btree (at)
CREATE INDEX audit_conversation ON public.audit USING btree (conversation, id) WHERE (conversation <> ''::text)
CREATE INDEX audit_staff ON public.audit USING btree (staff, id)
CREATE INDEX audit_subject ON public.audit USING btree (subject, id) WHERE (subject <> ''::text)
CREATE UNIQUE INDEX audit_pkey1 ON public.audit USING btree (id)
CREATE UNIQUE INDEX audit_base_pkey ON public.audit_base USING btree (one)
CREATE UNIQUE INDEX audit_head_pkey ON public.audit_head USING btree (one)
CREATE UNIQUE INDEX benefits_pkey ON public.benefits USING btree (account, kind, valid_from)
CREATE UNIQUE INDEX calendar_years_pkey ON public.calendar_years USING btree (year, version)
CREATE INDEX case_alerts_due ON public.case_alerts USING btree (at, id) WHERE (told_at IS NULL)
CREATE UNIQUE INDEX case_alerts_case_id_clock_deadline_mark_key ON public.case_alerts USING btree (case_id, clock, deadline, mark)
CREATE UNIQUE INDEX case_alerts_pkey ON public.case_alerts USING btree (id)
CREATE UNIQUE INDEX case_clocks_pkey ON public.case_clocks USING btree (case_id, clock)
CREATE UNIQUE INDEX case_deliveries_pkey ON public.case_deliveries USING btree (reply, way, attempt)
CREATE INDEX case_files_file ON public.case_files USING btree (file)
CREATE UNIQUE INDEX case_files_case_id_foreign_id_key ON public.case_files USING btree (case_id, foreign_id)
CREATE UNIQUE INDEX case_files_pkey ON public.case_files USING btree (id)
CREATE INDEX case_history_key ON public.case_history USING btree (key, case_id, n)
CREATE UNIQUE INDEX case_history_pkey ON public.case_history USING btree (case_id, n)
CREATE UNIQUE INDEX case_numbers_pkey ON public.case_numbers USING btree (kind, year)
CREATE INDEX case_publications_stage ON public.case_publications USING btree (stage, at DESC, case_id DESC)
CREATE UNIQUE INDEX case_publications_pkey ON public.case_publications USING btree (case_id)
CREATE INDEX case_replies_key ON public.case_replies USING btree (key, id)
CREATE UNIQUE INDEX case_replies_case_id_n_key ON public.case_replies USING btree (case_id, n)
CREATE UNIQUE INDEX case_replies_pkey ON public.case_replies USING btree (id)
CREATE INDEX case_tasks_queue ON public.case_tasks USING btree (queue, id) WHERE ((done_at IS NULL) AND (queue <> ''::text))
CREATE INDEX case_tasks_refund ON public.case_tasks USING btree (case_id) WHERE ((done_at IS NULL) AND (what = 'refund'::text))
CREATE INDEX case_tasks_role ON public.case_tasks USING btree (role, id) WHERE ((done_at IS NULL) AND (role <> ''::text))
CREATE INDEX case_tasks_staff ON public.case_tasks USING btree (staff, id) WHERE ((done_at IS NULL) AND (staff > 0))
CREATE UNIQUE INDEX case_tasks_alert ON public.case_tasks USING btree (alert, staff, queue, role) WHERE (alert IS NOT NULL)
CREATE UNIQUE INDEX case_tasks_open ON public.case_tasks USING btree (case_id, what, staff, queue, role) WHERE ((done_at IS NULL) AND (alert IS NULL))
CREATE UNIQUE INDEX case_tasks_pkey ON public.case_tasks USING btree (id)
CREATE INDEX cases_about ON public.cases USING btree (id) INCLUDE (about) WHERE (about <> '{}'::bigint[])
CREATE INDEX cases_account ON public.cases USING btree (account, registered_at DESC) WHERE (account IS NOT NULL)
CREATE INDEX cases_answered ON public.cases USING btree (due_at, id) WHERE (state = 'answered'::text)
CREATE INDEX cases_archived ON public.cases USING btree (closed_at DESC, id DESC) WHERE (state = 'closed'::text)
CREATE INDEX cases_assignee ON public.cases USING btree (assignee, next_at, id) WHERE ((state <> ALL (ARRAY['answered'::text, 'closed'::text])) AND (assignee IS NOT NULL))
CREATE INDEX cases_conversation ON public.cases USING btree (conversation, registered_at DESC) WHERE (conversation IS NOT NULL)
CREATE INDEX cases_counted ON public.cases USING btree (answered_at) WHERE (answered_at IS NOT NULL)
CREATE INDEX cases_due ON public.cases USING btree (due_at) WHERE ((state <> ALL (ARRAY['answered'::text, 'closed'::text])) OR (answered_at >= due_at))
CREATE INDEX cases_keeper ON public.cases USING btree (keeper, next_at, id) WHERE ((state <> ALL (ARRAY['answered'::text, 'closed'::text])) AND (keeper IS NOT NULL))
CREATE INDEX cases_key ON public.cases USING btree (key, id)
CREATE INDEX cases_owed ON public.cases USING btree (next_at, id, kind, state, queue, category, territory, keeper, assignee, moved_at) INCLUDE (since) WHERE (state <> ALL (ARRAY['answered'::text, 'closed'::text]))
CREATE INDEX cases_queue ON public.cases USING btree (queue, next_at, id, state, kind) WHERE (state <> ALL (ARRAY['answered'::text, 'closed'::text]))
CREATE UNIQUE INDEX cases_number_key ON public.cases USING btree (number)
CREATE UNIQUE INDEX cases_pkey ON public.cases USING btree (id)
CREATE INDEX codes_until ON public.codes USING btree (until)
CREATE UNIQUE INDEX codes_pkey ON public.codes USING btree (conversation, account)
CREATE UNIQUE INDEX consents_pkey ON public.consents USING btree (id)
CREATE UNIQUE INDEX consents_standing ON public.consents USING btree (conversation, purpose) WHERE (withdrawn_at IS NULL)
CREATE UNIQUE INDEX content_version_pkey ON public.content_version USING btree (one)
CREATE INDEX conversations_owing ON public.conversations USING btree (conversation) WHERE owes
CREATE UNIQUE INDEX conversations_pkey ON public.conversations USING btree (conversation)
CREATE UNIQUE INDEX documents_pkey ON public.documents USING btree (account, period, kind)
CREATE UNIQUE INDEX effects_pkey ON public.effects USING btree (id)
CREATE UNIQUE INDEX erasures_pkey ON public.erasures USING btree (id)
CREATE INDEX evidence_account ON public.evidence USING btree (account)
CREATE INDEX evidence_conversation ON public.evidence USING btree (conversation) WHERE (conversation IS NOT NULL)
CREATE INDEX evidence_file ON public.evidence USING btree (file)
CREATE INDEX evidence_receipt ON public.evidence USING btree (receipt) WHERE (receipt IS NOT NULL)
CREATE UNIQUE INDEX evidence_pkey ON public.evidence USING btree (id)
CREATE UNIQUE INDEX file_chunks_pkey ON public.file_chunks USING btree (file, n)
CREATE INDEX file_links_conversation ON public.file_links USING btree (conversation)
CREATE INDEX file_links_file ON public.file_links USING btree (file)
CREATE INDEX file_links_until ON public.file_links USING btree (until)
CREATE UNIQUE INDEX file_links_pkey ON public.file_links USING btree (token)
CREATE INDEX files_conversation ON public.files USING btree (conversation) WHERE (conversation <> ''::text)
CREATE INDEX files_incomplete ON public.files USING btree (at) WHERE (NOT complete)
CREATE INDEX files_unnamed ON public.files USING btree (at) WHERE (NOT named)
CREATE UNIQUE INDEX files_owner ON public.files USING btree (owner) WHERE (complete AND (owner IS NOT NULL))
CREATE UNIQUE INDEX files_pkey ON public.files USING btree (id)
CREATE UNIQUE INDEX handoff_changes_pkey ON public.handoff_changes USING btree (handoff, n)
CREATE INDEX handoffs_conversation ON public.handoffs USING btree (conversation, id DESC)
CREATE INDEX handoffs_handled ON public.handoffs USING btree (closed_at DESC) WHERE ((taken_at IS NOT NULL) AND (closed_at IS NOT NULL))
CREATE INDEX handoffs_queue ON public.handoffs USING btree (called_at, id) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX handoffs_open ON public.handoffs USING btree (conversation) WHERE (closed_at IS NULL)
CREATE UNIQUE INDEX handoffs_pkey ON public.handoffs USING btree (id)
CREATE UNIQUE INDEX heating_seasons_pkey ON public.heating_seasons USING btree (territory, valid_from)
CREATE UNIQUE INDEX hour_shapes_pkey ON public.hour_shapes USING btree (day, hour, valid_from)
CREATE UNIQUE INDEX job_runs_pkey ON public.job_runs USING btree (job, period)
CREATE INDEX links_account ON public.links USING btree (account)
CREATE INDEX links_carried ON public.links USING btree (carried_from) WHERE (carried_from <> ''::text)
CREATE INDEX links_used ON public.links USING btree (used_at)
CREATE UNIQUE INDEX links_active ON public.links USING btree (conversation) WHERE active
CREATE UNIQUE INDEX links_conversation_account_key ON public.links USING btree (conversation, account)
CREATE UNIQUE INDEX links_pkey ON public.links USING btree (id)
CREATE UNIQUE INDEX live_generation_pkey ON public.live_generation USING btree (one)
CREATE INDEX looks_account ON public.looks USING btree (account, at)
CREATE INDEX looks_at ON public.looks USING btree (at)
CREATE INDEX looks_conversation ON public.looks USING btree (conversation) WHERE (conversation IS NOT NULL)
CREATE UNIQUE INDEX looks_pkey ON public.looks USING btree (id)
CREATE UNIQUE INDEX messages_pkey ON ONLY public.messages USING btree (conversation, revision, n, at)
CREATE UNIQUE INDEX messages_default_pkey ON public.messages_default USING btree (conversation, revision, n, at)
CREATE INDEX meters_account ON public.meters USING btree (account)
CREATE UNIQUE INDEX meters_pkey ON public.meters USING btree (id)
CREATE UNIQUE INDEX news_pkey ON public.news USING btree (slug)
CREATE UNIQUE INDEX norms_pkey ON public.norms USING btree (stove, rooms, residents, valid_from)
CREATE INDEX notices_unsettled ON public.notices USING btree (at) WHERE (settled_at IS NULL)
CREATE UNIQUE INDEX notices_pkey ON public.notices USING btree (id)
CREATE UNIQUE INDEX office_exceptions_pkey ON public.office_exceptions USING btree (office, first_day)
CREATE UNIQUE INDEX office_shuttings_pkey ON public.office_shuttings USING btree (office, number, first_day, hours)
CREATE UNIQUE INDEX office_windows_pkey ON public.office_windows USING btree (office, number)
CREATE UNIQUE INDEX offices_pkey ON public.offices USING btree (code)
CREATE UNIQUE INDEX pay_points_pkey ON public.pay_points USING btree (code)
CREATE UNIQUE INDEX pay_ways_pkey ON public.pay_ways USING btree (code)
CREATE INDEX payment_orders_account ON public.payment_orders USING btree (account, at)
CREATE INDEX payment_orders_case ON public.payment_orders USING btree (case_number, at) WHERE (case_number IS NOT NULL)
CREATE INDEX payment_orders_conversation ON public.payment_orders USING btree (conversation) WHERE (conversation IS NOT NULL)
CREATE INDEX payment_orders_open ON public.payment_orders USING btree (looked_at) WHERE (state = 'started'::text)
CREATE UNIQUE INDEX payment_orders_pkey ON public.payment_orders USING btree (number)
CREATE UNIQUE INDEX payments_pkey ON public.payments USING btree (account, reference)
CREATE UNIQUE INDEX penalty_rates_pkey ON public.penalty_rates USING btree (audience, valid_from)
CREATE UNIQUE INDEX price_components_pkey ON public.price_components USING btree (month, component, power)
CREATE INDEX quarantine_at ON public.quarantine USING btree (at DESC)
CREATE UNIQUE INDEX quarantine_pkey ON public.quarantine USING btree (id)
CREATE UNIQUE INDEX range_limits_pkey ON public.range_limits USING btree (heating, valid_from)
CREATE INDEX readings_conversation ON public.readings USING btree (conversation, at DESC) WHERE (conversation IS NOT NULL)
CREATE UNIQUE INDEX readings_pkey ON public.readings USING btree (meter, register, period, source)
CREATE UNIQUE INDEX recovery_codes_pkey ON public.recovery_codes USING btree (staff, hash)
CREATE INDEX replaced_readings_conversation ON public.replaced_readings USING btree (conversation) WHERE (conversation IS NOT NULL)
CREATE INDEX replaced_readings_meter ON public.replaced_readings USING btree (meter, register, period)
CREATE UNIQUE INDEX restriction_notices_pkey ON public.restriction_notices USING btree (account, sent)
CREATE UNIQUE INDEX second_factors_pkey ON public.second_factors USING btree (staff, pending)
CREATE UNIQUE INDEX services_pkey ON public.services USING btree (code, valid_from)
CREATE UNIQUE INDEX staff_login_key ON public.staff USING btree (login)
CREATE UNIQUE INDEX staff_pkey ON public.staff USING btree (id)
CREATE INDEX staff_teams_team ON public.staff_teams USING btree (team)
CREATE UNIQUE INDEX staff_teams_pkey ON public.staff_teams USING btree (staff, team)
CREATE INDEX staff_territories_territory ON public.staff_territories USING btree (territory)
CREATE UNIQUE INDEX staff_territories_pkey ON public.staff_territories USING btree (staff, territory)
CREATE UNIQUE INDEX statements_pkey ON public.statements USING btree (account, period)
CREATE INDEX tallies_most ON public.tallies USING btree (what, times DESC)
CREATE UNIQUE INDEX tallies_pkey ON public.tallies USING btree (what, of)
CREATE UNIQUE INDEX tariffs_pkey ON public.tariffs USING btree (tariff_group, valid_from, range, zone)
CREATE UNIQUE INDEX teams_pkey ON public.teams USING btree (code)
CREATE UNIQUE INDEX territories_pkey ON public.territories USING btree (code)
CREATE INDEX tickets_until ON public.tickets USING btree (until)
CREATE UNIQUE INDEX tickets_conversation_key ON public.tickets USING btree (conversation)
CREATE UNIQUE INDEX tickets_pkey ON public.tickets USING btree (ticket)
CREATE UNIQUE INDEX tombstones_pkey ON public.tombstones USING btree (conversation)
CREATE UNIQUE INDEX unregulated_prices_pkey ON public.unregulated_prices USING btree (month, category, power)
CREATE UNIQUE INDEX useful_links_pkey ON public.useful_links USING btree (kind)
CREATE UNIQUE INDEX vat_rates_pkey ON public.vat_rates USING btree (valid_from)
CREATE INDEX visit_changes_visit ON public.visit_changes USING btree (visit, id)
CREATE UNIQUE INDEX visit_changes_pkey ON public.visit_changes USING btree (id)
CREATE UNIQUE INDEX visit_rules_pkey ON public.visit_rules USING btree (name)
CREATE UNIQUE INDEX visit_services_pkey ON public.visit_services USING btree (code)
CREATE INDEX visit_wishes_office ON public.visit_wishes USING btree (office, since, id)
CREATE UNIQUE INDEX visit_wishes_conversation_office_service_first_day_last_day_key ON public.visit_wishes USING btree (conversation, office, service, first_day, last_day)
CREATE UNIQUE INDEX visit_wishes_pkey ON public.visit_wishes USING btree (id)
CREATE INDEX visitors_silent ON public.visitors USING btree (at) WHERE (spoke_at IS NULL)
CREATE UNIQUE INDEX visitors_pkey ON public.visitors USING btree (conversation)
CREATE UNIQUE INDEX visitors_token_key ON public.visitors USING btree (token)
CREATE INDEX visits_account ON public.visits USING btree (account, starts_at) WHERE (account IS NOT NULL)
CREATE INDEX visits_conversation ON public.visits USING btree (conversation, starts_at) WHERE (conversation IS NOT NULL)
CREATE INDEX visits_day ON public.visits USING btree (office, day, starts_at) INCLUDE (ends_at, window_number, status)
CREATE INDEX visits_held_until ON public.visits USING btree (office, held_until) WHERE (status = 'held'::text)
CREATE INDEX visits_known ON public.visits USING btree (ends_at) WHERE (body IS NOT NULL)
CREATE INDEX visits_office_window_number_tstzrange_excl ON public.visits USING gist (office, window_number, tstzrange(starts_at, ends_at)) WHERE (status <> 'cancelled'::text)
CREATE INDEX visits_phone ON public.visits USING btree (phone_digest) WHERE (phone_digest IS NOT NULL)
CREATE UNIQUE INDEX visits_code ON public.visits USING btree (office, day, code) WHERE (code <> ''::text)
CREATE UNIQUE INDEX visits_held ON public.visits USING btree (conversation) WHERE (status = 'held'::text)
CREATE UNIQUE INDEX visits_pkey ON public.visits USING btree (id)
CREATE UNIQUE INDEX vouched_pkey ON public.vouched USING btree (conversation, account)
CREATE UNIQUE INDEX zone_multipliers_pkey ON public.zone_multipliers USING btree (zone, valid_from)
appeal_categories: FOREIGN KEY (kind) REFERENCES appeal_kinds(kind)
appeal_choices: FOREIGN KEY (field) REFERENCES appeal_fields(name)
appeal_forms: FOREIGN KEY (field) REFERENCES appeal_fields(name)
appeal_routes: FOREIGN KEY (function) REFERENCES appeal_functions(code)
articles: FOREIGN KEY (editor) REFERENCES staff(id)
audit: FOREIGN KEY (staff) REFERENCES staff(id)
audit_base: CHECK (one)
audit_head: CHECK (one)
benefits: FOREIGN KEY (account) REFERENCES accounts(id)
calendar_years: FOREIGN KEY (staff) REFERENCES staff(id)
case_alerts: FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
case_clocks: FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
case_deliveries: CHECK (((status = 'queued'::text) = (settled_at IS NULL)))
case_deliveries: FOREIGN KEY (reply) REFERENCES case_replies(id) ON DELETE CASCADE
case_deliveries: FOREIGN KEY (staff) REFERENCES staff(id)
case_files: FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
case_files: FOREIGN KEY (file) REFERENCES files(id) ON DELETE SET NULL
case_files: FOREIGN KEY (staff) REFERENCES staff(id)
case_history: FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
case_history: FOREIGN KEY (staff) REFERENCES staff(id)
case_publications: FOREIGN KEY (author) REFERENCES staff(id)
case_publications: FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
case_publications: FOREIGN KEY (decided) REFERENCES staff(id)
case_publications: FOREIGN KEY (section) REFERENCES article_categories(id)
case_replies: FOREIGN KEY (author) REFERENCES staff(id)
case_replies: FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
case_tasks: CHECK ((((((staff > 0))::integer + ((queue <> ''::text))::integer) + ((role <> ''::text))::integer) = 1))
case_tasks: FOREIGN KEY (alert) REFERENCES case_alerts(id) ON DELETE CASCADE
case_tasks: FOREIGN KEY (case_id) REFERENCES cases(id) ON DELETE CASCADE
case_tasks: FOREIGN KEY (done_by) REFERENCES staff(id)
cases: CHECK (((state = 'closed'::text) <= (closed_at IS NOT NULL)))
cases: CHECK (((state = ANY (ARRAY['answered'::text, 'closed'::text])) OR (next_at IS NOT NULL)))
cases: FOREIGN KEY (account) REFERENCES accounts(id)
cases: FOREIGN KEY (assignee) REFERENCES staff(id)
cases: FOREIGN KEY (keeper) REFERENCES staff(id)
codes: FOREIGN KEY (account) REFERENCES accounts(id)
content_version: CHECK (one)
documents: CHECK ((EXTRACT(day FROM period) = (1)::numeric))
documents: CHECK ((kind = ANY (ARRAY['invoice'::text, 'act'::text, 'tax_invoice'::text, 'reconciliation'::text, 'hour_prices'::text])))
documents: FOREIGN KEY (account) REFERENCES accounts(id)
evidence: FOREIGN KEY (account) REFERENCES accounts(id)
evidence: FOREIGN KEY (file) REFERENCES files(id) ON DELETE SET NULL
file_chunks: FOREIGN KEY (file) REFERENCES files(id) ON DELETE CASCADE
file_links: FOREIGN KEY (file) REFERENCES files(id) ON DELETE CASCADE
handoff_changes: FOREIGN KEY (handoff) REFERENCES handoffs(id) ON DELETE CASCADE
handoff_changes: FOREIGN KEY (staff) REFERENCES staff(id)
handoffs: CHECK (((holder IS NULL) = (taken_at IS NULL)))
handoffs: FOREIGN KEY (holder) REFERENCES staff(id)
links: FOREIGN KEY (account) REFERENCES accounts(id)
live_generation: CHECK (one)
looks: FOREIGN KEY (account) REFERENCES accounts(id)
meters: FOREIGN KEY (account) REFERENCES accounts(id)
notices: CHECK (((body IS NOT NULL) OR (settled_at IS NOT NULL)))
office_exceptions: FOREIGN KEY (office) REFERENCES offices(code)
office_shuttings: FOREIGN KEY (office) REFERENCES offices(code)
office_windows: FOREIGN KEY (office) REFERENCES offices(code)
pay_points: FOREIGN KEY (territory) REFERENCES territories(code)
pay_points: FOREIGN KEY (way) REFERENCES pay_ways(code)
payment_orders: CHECK ((kopecks > 0))
payment_orders: CHECK ((num_nonnulls(account, case_number) = 1))
payment_orders: FOREIGN KEY (account) REFERENCES accounts(id)
payments: CHECK ((kopecks > 0))
payments: FOREIGN KEY (account) REFERENCES accounts(id)
recovery_codes: FOREIGN KEY (staff) REFERENCES staff(id)
restriction_notices: FOREIGN KEY (account) REFERENCES accounts(id)
second_factors: FOREIGN KEY (staff) REFERENCES staff(id)
staff_teams: FOREIGN KEY (staff) REFERENCES staff(id)
staff_teams: FOREIGN KEY (team) REFERENCES teams(code)
staff_territories: FOREIGN KEY (staff) REFERENCES staff(id)
staff_territories: FOREIGN KEY (territory) REFERENCES territories(code)
statements: FOREIGN KEY (account) REFERENCES accounts(id)
tariffs: FOREIGN KEY (act) REFERENCES acts(number)
visit_changes: FOREIGN KEY (staff) REFERENCES staff(id)
visit_changes: FOREIGN KEY (visit) REFERENCES visits(id) ON DELETE CASCADE
visit_wishes: CHECK ((first_day <= last_day))
visit_wishes: FOREIGN KEY (office) REFERENCES offices(code)
visit_wishes: FOREIGN KEY (service) REFERENCES visit_services(code)
visits: CHECK (((status = 'held'::text) = (held_until IS NOT NULL)))
visits: CHECK ((starts_at < ends_at))
visits: CHECK ((walk_in = (window_number IS NULL)))
visits: FOREIGN KEY (account) REFERENCES accounts(id)
visits: FOREIGN KEY (office) REFERENCES offices(code)
visits: FOREIGN KEY (service) REFERENCES visit_services(code)
vouched: FOREIGN KEY (account) REFERENCES accounts(id)
SEQUENCE receipts
