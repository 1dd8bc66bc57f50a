-- Ids are time-ordered integers made by the server; instants are microseconds since 1970 in UTC; JSON is text.

-- Who runs on this database, and the data that a city may change --------------------------------------------------

CREATE TABLE processes (
    number BIGINT PRIMARY KEY,
    token TEXT NOT NULL,
    leased_until BIGINT NOT NULL
);

CREATE TABLE installation (
    id BIGINT PRIMARY KEY CHECK (id = 1),
    key_fingerprint TEXT NOT NULL
);

CREATE TABLE leases (
    name TEXT NOT NULL PRIMARY KEY,
    holder TEXT NOT NULL,
    held_until BIGINT NOT NULL
);

CREATE TABLE city_data (
    id BIGINT PRIMARY KEY,
    kind TEXT NOT NULL,
    version TEXT NOT NULL,
    content TEXT NOT NULL,
    sha256 TEXT NOT NULL,
    source TEXT NOT NULL,
    imported_by BIGINT
);
CREATE INDEX city_data_by_kind ON city_data (kind, id);

CREATE TABLE counters (
    name TEXT NOT NULL,
    dimension TEXT NOT NULL,
    amount BIGINT NOT NULL,
    PRIMARY KEY (name, dimension)
);

-- Who is calling ----------------------------------------------------------------------------------------------------

CREATE TABLE persons (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    phone_cipher BYTEA NOT NULL,
    phone_lookup TEXT NOT NULL CONSTRAINT persons_phone_lookup_unique UNIQUE,
    display_name TEXT,
    password_hash TEXT,
    locale TEXT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'blocked', 'closed')),
    verified_at BIGINT
);

CREATE TABLE staff_accounts (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    username TEXT NOT NULL CONSTRAINT staff_accounts_username_unique UNIQUE,
    display_name TEXT NOT NULL,
    post TEXT NOT NULL,
    unit TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    must_change_password BOOLEAN NOT NULL,
    password_set_at BIGINT NOT NULL,
    status TEXT NOT NULL CHECK (status IN ('active', 'blocked', 'closed')),
    active_until BIGINT,
    second_factor_since BIGINT,
    totp_cipher BYTEA,
    totp_last_step BIGINT
);
CREATE INDEX staff_accounts_by_unit ON staff_accounts (unit, id);

CREATE TABLE staff_grants (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES staff_accounts (id),
    role TEXT NOT NULL,
    unit TEXT,
    region TEXT,
    kinds TEXT NOT NULL,
    granted_by BIGINT,
    revoked_at BIGINT
);
CREATE INDEX staff_grants_by_account ON staff_grants (account_id, id);
CREATE INDEX staff_grants_by_role ON staff_grants (role, id) WHERE revoked_at IS NULL;
-- Whoever runs the platform, gives the roles or reads the trail does only one of the three.
CREATE UNIQUE INDEX staff_grants_one_administrator ON staff_grants (account_id)
    WHERE revoked_at IS NULL AND role IN ('system_admin', 'security_admin', 'audit_admin');

CREATE TABLE password_history (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES staff_accounts (id),
    password_hash TEXT NOT NULL
);
CREATE INDEX password_history_by_account ON password_history (account_id, id);

CREATE TABLE recovery_codes (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL REFERENCES staff_accounts (id),
    code_hash TEXT NOT NULL,
    used_at BIGINT
);
CREATE INDEX recovery_codes_by_account ON recovery_codes (account_id, id);

CREATE TABLE sign_in_codes (
    id BIGINT PRIMARY KEY,
    phone_lookup TEXT NOT NULL,
    code_hash TEXT NOT NULL,
    expires_at BIGINT NOT NULL,
    attempts BIGINT NOT NULL,
    used_at BIGINT
);
CREATE INDEX sign_in_codes_by_phone ON sign_in_codes (phone_lookup, id);

CREATE TABLE attempts (
    bucket TEXT NOT NULL PRIMARY KEY,
    window_start BIGINT NOT NULL,
    amount BIGINT NOT NULL,
    last_at BIGINT NOT NULL
);
CREATE INDEX attempts_by_last ON attempts (last_at);

CREATE TABLE sessions (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL,
    account_kind TEXT NOT NULL CHECK (account_kind IN ('person', 'staff')),
    family BIGINT NOT NULL,
    refresh_hash TEXT NOT NULL CONSTRAINT sessions_refresh_hash_unique UNIQUE,
    device_name TEXT,
    expires_at BIGINT NOT NULL,
    replaced_at BIGINT,
    revoked_at BIGINT,
    proven_until BIGINT
);
CREATE INDEX sessions_by_account ON sessions (account_id, id);
CREATE INDEX sessions_by_family ON sessions (family, id);

CREATE TABLE consents (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('handling', 'publication', 'push', 'media_contact')),
    wording_version TEXT NOT NULL,
    channel TEXT NOT NULL CHECK (channel IN ('online', 'hotline')),
    case_id BIGINT,
    withdrawn_at BIGINT
);
CREATE INDEX standing_consents ON consents (person_id, id) WHERE case_id IS NULL;
CREATE INDEX consents_by_case ON consents (case_id) WHERE case_id IS NOT NULL;

CREATE TABLE push_devices (
    id BIGINT PRIMARY KEY,
    account_id BIGINT NOT NULL,
    provider TEXT NOT NULL,
    token TEXT NOT NULL,
    seen_at BIGINT NOT NULL,
    CONSTRAINT push_devices_token_unique UNIQUE (provider, token)
);
CREATE INDEX push_devices_by_account ON push_devices (account_id, id);

-- A new number that waits: asked for with the password, without the old number.
CREATE TABLE number_changes (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    phone_cipher BYTEA NOT NULL,
    phone_lookup TEXT NOT NULL,
    session BIGINT NOT NULL,
    due_at BIGINT NOT NULL
);
CREATE INDEX number_changes_due ON number_changes (due_at);

CREATE TABLE closings (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    due_at BIGINT NOT NULL,
    withdraw_cases BOOLEAN NOT NULL
);
CREATE INDEX closings_due ON closings (due_at);

CREATE TABLE exports (
    id BIGINT PRIMARY KEY,
    person_id BIGINT NOT NULL REFERENCES persons (id) CONSTRAINT exports_one_at_a_time UNIQUE,
    state TEXT NOT NULL CHECK (state IN ('waiting', 'working', 'ready', 'failed')),
    percent BIGINT NOT NULL,
    byte_count BIGINT,
    kept_until BIGINT NOT NULL
);
CREATE INDEX exports_to_make ON exports (id) WHERE state IN ('waiting', 'working');
CREATE INDEX exports_by_end ON exports (kept_until);

CREATE TABLE notice_settings (
    person_id BIGINT PRIMARY KEY REFERENCES persons (id),
    channels TEXT NOT NULL,
    quiet_from BIGINT NOT NULL CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until BIGINT NOT NULL CHECK (quiet_until BETWEEN 0 AND 1439)
);

CREATE TABLE rights_requests (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    person_id BIGINT NOT NULL REFERENCES persons (id),
    kind TEXT NOT NULL CHECK (kind IN ('see', 'correct', 'delete')),
    words TEXT NOT NULL,
    due_at BIGINT NOT NULL,
    calendar_version TEXT NOT NULL,
    outcome TEXT CHECK (outcome IN ('done', 'partly', 'refused')),
    answer TEXT,
    answered_by BIGINT,
    answered_at BIGINT
);
CREATE INDEX rights_requests_by_person ON rights_requests (person_id, id);
CREATE INDEX rights_requests_open ON rights_requests (due_at, id) WHERE outcome IS NULL;

CREATE TABLE idempotency_keys (
    actor_id BIGINT NOT NULL,
    idempotency_key TEXT NOT NULL,
    operation TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome TEXT NOT NULL,
    kept_until BIGINT NOT NULL,
    CONSTRAINT idempotency_keys_unique PRIMARY KEY (actor_id, idempotency_key)
);
CREATE INDEX idempotency_keys_by_end ON idempotency_keys (kept_until);

CREATE TABLE audit_records (
    id BIGINT PRIMARY KEY,
    actor_id BIGINT,
    actor_kind TEXT NOT NULL CHECK (actor_kind IN ('person', 'staff', 'system', 'visitor')),
    action TEXT NOT NULL,
    object_kind TEXT NOT NULL,
    object_id BIGINT,
    result TEXT NOT NULL,
    source_address TEXT,
    request_id TEXT,
    detail TEXT NOT NULL,
    -- Each process continues one chain: the hash covers the whole row with its predecessor's hash.
    chain BIGINT NOT NULL,
    position BIGINT NOT NULL,
    previous_hash BYTEA NOT NULL,
    hash BYTEA NOT NULL
);
CREATE UNIQUE INDEX audit_records_in_chain ON audit_records (chain, position);

-- Nobody changes what the trail says, and nothing leaves it within six months (184 days, as ids count them) of its newest row.
CREATE FUNCTION keep_audit_records() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'DELETE' THEN
        RAISE EXCEPTION 'the audit trail is only added to';
    END IF;
    IF OLD.id > (SELECT max(id) FROM audit_records) - 66679367270400000 THEN
        RAISE EXCEPTION 'the audit trail is kept for six months';
    END IF;
    RETURN OLD;
END $$;
CREATE TRIGGER audit_records_stay_as_written
    BEFORE UPDATE ON audit_records FOR EACH ROW EXECUTE FUNCTION keep_audit_records();
CREATE TRIGGER audit_records_stay_six_months BEFORE DELETE ON audit_records
    FOR EACH ROW EXECUTE FUNCTION keep_audit_records();
CREATE TRIGGER audit_records_are_not_emptied BEFORE TRUNCATE ON audit_records
    FOR EACH STATEMENT EXECUTE FUNCTION keep_audit_records();

-- How far each chain had come when last looked at, and up to where retention removed it: what is cut off at either end is missed.
CREATE TABLE audit_heads (
    chain BIGINT PRIMARY KEY,
    position BIGINT NOT NULL,
    hash BYTEA NOT NULL,
    kept_at BIGINT NOT NULL,
    removed_position BIGINT NOT NULL,
    removed_hash BYTEA NOT NULL
);

-- The case ------------------------------------------------------------------------------------------------------------

CREATE TABLE cases (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    requester_id BIGINT REFERENCES persons (id),
    channel TEXT NOT NULL,
    kind TEXT NOT NULL CHECK (kind IN ('inquiry', 'assistance', 'complaint', 'violation_report', 'suggestion', 'commendation')),
    category TEXT,
    county TEXT,
    region TEXT,
    latitude DOUBLE PRECISION,
    longitude DOUBLE PRECISION,
    h3_cell BIGINT,
    place TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    answers TEXT NOT NULL,
    visibility TEXT NOT NULL CHECK (visibility IN ('public', 'private', 'confidential')),
    urgency TEXT NOT NULL CHECK (urgency IN ('emergency', 'livelihood', 'routine')),
    state TEXT NOT NULL CHECK (state IN ('submitted', 'needs_information', 'accepted', 'dispatched', 'return_requested',
        'handling', 'in_mediation', 'committed', 'reply_review', 'replied', 'closed', 'not_accepted', 'merged',
        'handed_off', 'withdrawn', 'archived')),
    is_open BOOLEAN NOT NULL,
    cycle BIGINT NOT NULL,
    redo_count BIGINT NOT NULL,
    return_count BIGINT NOT NULL,
    dispatch_count BIGINT NOT NULL,
    designated BOOLEAN NOT NULL,
    tier BIGINT NOT NULL,
    primary_case_id BIGINT REFERENCES cases (id),
    lead_unit TEXT,
    due_at BIGINT,
    outcome TEXT,
    publication TEXT NOT NULL CHECK (publication IN ('none', 'pending', 'released', 'refused')),
    memory TEXT NOT NULL,
    updated_at BIGINT NOT NULL
);
CREATE INDEX cases_by_requester ON cases (requester_id, id);
-- The urgencies' names are in their order: emergency, livelihood, routine.
CREATE INDEX cases_by_state ON cases (state, urgency, id);
CREATE INDEX cases_by_state_and_county ON cases (state, county, urgency, id);
CREATE INDEX cases_by_primary ON cases (primary_case_id, id) WHERE primary_case_id IS NOT NULL;
CREATE INDEX cases_to_moderate ON cases (id) WHERE publication = 'pending';
CREATE INDEX public_cases ON cases (id) WHERE visibility = 'public';
CREATE INDEX public_cases_by_progress ON cases (is_open, id) WHERE visibility = 'public';
CREATE INDEX public_cases_by_county ON cases (county, id) WHERE visibility = 'public';
CREATE INDEX public_cases_by_category ON cases (category, id) WHERE visibility = 'public';
CREATE INDEX public_cases_by_cell ON cases (h3_cell, id) WHERE visibility = 'public';

CREATE TABLE case_events (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    order_id BIGINT,
    cycle BIGINT NOT NULL,
    action TEXT NOT NULL,
    actor_id BIGINT,
    actor_role TEXT NOT NULL,
    actor_unit TEXT,
    state_before TEXT,
    state_after TEXT NOT NULL,
    audience TEXT NOT NULL CHECK (audience IN ('public', 'requester', 'staff')),
    sentence TEXT,
    public_sentence TEXT,
    detail TEXT NOT NULL
);
CREATE INDEX case_events_by_case ON case_events (case_id, id);

CREATE TABLE work_orders (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    cycle BIGINT NOT NULL,
    role TEXT NOT NULL CHECK (role IN ('lead', 'co')),
    unit TEXT NOT NULL,
    handler_id BIGINT,
    stage TEXT NOT NULL CHECK (stage IN ('to_sign', 'return_requested', 'handling', 'reply_to_sign', 'to_review', 'finished',
        'returned', 'cancelled')),
    urgency TEXT NOT NULL CHECK (urgency IN ('emergency', 'livelihood', 'routine')),
    dispatched_by BIGINT,
    reason TEXT NOT NULL,
    signed_at BIGINT,
    deemed_signed BOOLEAN NOT NULL,
    contacted_at BIGINT,
    finished_at BIGINT,
    due_at BIGINT
);
CREATE INDEX work_orders_by_case ON work_orders (case_id, id);
CREATE INDEX work_orders_by_unit ON work_orders (unit, stage, urgency, id);
CREATE INDEX work_orders_by_stage ON work_orders (stage, urgency, id)
    WHERE stage = 'to_sign' OR stage = 'handling' OR stage = 'reply_to_sign';
CREATE INDEX work_orders_by_handler ON work_orders (handler_id, stage, urgency, id) WHERE handler_id IS NOT NULL;
CREATE INDEX work_orders_unsigned ON work_orders (unit, id) WHERE deemed_signed;

CREATE TABLE clocks (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    order_id BIGINT,
    kind TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    due_at BIGINT NOT NULL,
    time_limit TEXT,
    follows BIGINT,
    provisional BOOLEAN NOT NULL,
    policy_version TEXT NOT NULL,
    calendar_version TEXT NOT NULL,
    stopped_at BIGINT,
    wake_at BIGINT,
    told_until BIGINT NOT NULL
);
CREATE INDEX clocks_by_case ON clocks (case_id, id);
CREATE INDEX clocks_to_wake ON clocks (wake_at, id) WHERE wake_at IS NOT NULL;
-- Cases that no unit has yet are swept first.
CREATE INDEX clocks_without_unit ON clocks (wake_at, id)
    WHERE wake_at IS NOT NULL AND kind IN ('accept', 'appeal_decision', 'dispatch');
CREATE INDEX clocks_provisional ON clocks (calendar_version, id) WHERE provisional AND stopped_at IS NULL;
-- With OR and not IN, so that both databases see that one kind asked for is among them.
CREATE INDEX clocks_to_decide ON clocks (kind, id)
    WHERE stopped_at IS NULL AND (kind = 'judge_demand' OR kind = 'second_person' OR kind = 'extension_decision'
        OR kind = 'commitment_decision' OR kind = 'exclusion_decision');

CREATE TABLE supervisions (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    cycle BIGINT NOT NULL,
    tier TEXT NOT NULL CHECK (tier IN ('hotline', 'media', 'government', 'deputies', 'discipline')),
    cause TEXT NOT NULL,
    occasion TEXT NOT NULL,
    owner TEXT NOT NULL,
    policy_version TEXT NOT NULL,
    calendar_version TEXT NOT NULL,
    opened_by BIGINT,
    reason TEXT,
    leader TEXT,
    answer_due_at BIGINT,
    answered_at BIGINT,
    due_at BIGINT NOT NULL,
    postponements BIGINT NOT NULL,
    postpone_days BIGINT,
    postpone_reason TEXT,
    postpone_by BIGINT,
    result TEXT CHECK (result IN ('settled', 'failed', 'climbed', 'unfounded', 'yellow_card', 'red_card')),
    result_words TEXT,
    closed_by BIGINT,
    closed_at BIGINT,
    CONSTRAINT supervisions_once UNIQUE (case_id, cause, occasion)
);
CREATE INDEX supervisions_by_case ON supervisions (case_id, id);
CREATE INDEX supervisions_by_tier ON supervisions (tier, id) WHERE closed_at IS NULL;

CREATE TABLE supervision_actions (
    id BIGINT PRIMARY KEY,
    supervision_id BIGINT NOT NULL REFERENCES supervisions (id),
    tool TEXT NOT NULL,
    note TEXT NOT NULL,
    evidence TEXT NOT NULL,
    actor_id BIGINT NOT NULL
);
CREATE INDEX supervision_actions_by_supervision ON supervision_actions (supervision_id, id);

CREATE TABLE look_backs (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    cycle BIGINT NOT NULL,
    clock TEXT NOT NULL CHECK (clock IN ('first_look_back', 'second_look_back')),
    finding TEXT CHECK (finding IN ('done', 'undone')),
    notes TEXT,
    recorded_by BIGINT,
    closed_at BIGINT,
    CONSTRAINT look_backs_once UNIQUE (case_id, cycle, clock)
);
CREATE INDEX look_backs_open ON look_backs (id) WHERE closed_at IS NULL;

CREATE TABLE flags (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    cycle BIGINT NOT NULL,
    sign TEXT NOT NULL CHECK (sign IN ('pressure', 'many_calls', 'rating_raised', 'withdrawn', 'false_closing', 'unsigned')),
    unit TEXT,
    evidence TEXT NOT NULL,
    decision TEXT CHECK (decision IN ('confirmed', 'dismissed')),
    reason TEXT,
    decided_by BIGINT,
    decided_at BIGINT,
    CONSTRAINT flags_once UNIQUE (case_id, cycle, sign)
);
CREATE INDEX flags_open ON flags (id) WHERE decision IS NULL;
CREATE UNIQUE INDEX flags_one_unsigned ON flags (unit) WHERE sign = 'unsigned' AND decision IS NULL;

CREATE TABLE replies (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    order_id BIGINT,
    cycle BIGINT NOT NULL,
    body TEXT NOT NULL,
    outcome TEXT NOT NULL,
    root_cause TEXT NOT NULL,
    article TEXT,
    article_version BIGINT,
    written_by BIGINT NOT NULL,
    reviewed_by BIGINT,
    state TEXT NOT NULL CHECK (state IN ('to_review', 'sent_back', 'released')),
    released_at BIGINT
);
CREATE INDEX replies_by_case ON replies (case_id, id);

CREATE TABLE reply_templates (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    title TEXT NOT NULL,
    category TEXT,
    outcome TEXT NOT NULL,
    body TEXT NOT NULL,
    valid_to TEXT,
    retired_at BIGINT,
    changed_by BIGINT NOT NULL,
    changed_at BIGINT NOT NULL
);
CREATE INDEX reply_templates_in_use ON reply_templates (id) WHERE retired_at IS NULL;

-- Questions with answers. A change is a new version, and versions stay: a reply names the one that it cites. Nobody as changed_by is the
-- imported city data. From notice_at on the owner is to be told that the present version ends; nothing once that was done.
CREATE TABLE knowledge_articles (
    id BIGINT PRIMARY KEY,
    code TEXT NOT NULL CONSTRAINT knowledge_articles_code_unique UNIQUE,
    version BIGINT NOT NULL,
    owner_unit TEXT NOT NULL,
    is_retired BOOLEAN NOT NULL,
    notice_at BIGINT
);
CREATE INDEX knowledge_articles_by_owner ON knowledge_articles (owner_unit, id);
CREATE INDEX knowledge_articles_to_tell ON knowledge_articles (notice_at, id) WHERE notice_at IS NOT NULL;

CREATE TABLE knowledge_versions (
    article_id BIGINT NOT NULL REFERENCES knowledge_articles (id),
    version BIGINT NOT NULL,
    question TEXT NOT NULL,
    answer TEXT NOT NULL,
    basis TEXT NOT NULL,
    owner_unit TEXT NOT NULL,
    category TEXT NOT NULL,
    words TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_to TEXT,
    retired_because TEXT,
    changed_by BIGINT,
    changed_at BIGINT NOT NULL,
    PRIMARY KEY (article_id, version)
);

CREATE TABLE ratings (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    cycle BIGINT NOT NULL,
    grade BIGINT NOT NULL CHECK (grade BETWEEN 1 AND 5),
    resolved TEXT NOT NULL CHECK (resolved IN ('yes', 'partly', 'no')),
    attitude BIGINT CHECK (attitude BETWEEN 1 AND 5),
    speed BIGINT CHECK (speed BETWEEN 1 AND 5),
    comment TEXT,
    rated_by BIGINT NOT NULL,
    by_proxy BOOLEAN NOT NULL,
    CONSTRAINT ratings_once_a_cycle UNIQUE (case_id, cycle, rated_by)
);

CREATE TABLE follows (
    case_id BIGINT NOT NULL REFERENCES cases (id),
    person_id BIGINT NOT NULL REFERENCES persons (id),
    since BIGINT NOT NULL,
    PRIMARY KEY (case_id, person_id)
);
CREATE INDEX follows_by_person ON follows (person_id, case_id);

CREATE TABLE publications (
    id BIGINT PRIMARY KEY,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    subject TEXT NOT NULL CHECK (subject IN ('report', 'reply')),
    subject_id BIGINT NOT NULL,
    decision TEXT NOT NULL CHECK (decision IN ('released', 'refused')),
    title TEXT,
    body TEXT,
    masks TEXT NOT NULL,
    moderator_id BIGINT NOT NULL,
    reason TEXT
);
CREATE INDEX publications_by_case ON publications (case_id, id);

-- Photos --------------------------------------------------------------------------------------------------------------

CREATE TABLE photos (
    id BIGINT PRIMARY KEY,
    uploader_id BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    content_type TEXT NOT NULL,
    byte_count BIGINT NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    original_key TEXT NOT NULL,
    display_key TEXT NOT NULL,
    thumbnail_key TEXT NOT NULL,
    perceptual_hash BIGINT NOT NULL,
    hints TEXT NOT NULL,
    attached BOOLEAN NOT NULL,
    CONSTRAINT photos_once_an_uploader UNIQUE (uploader_id, sha256)
);
CREATE INDEX photos_unattached ON photos (id) WHERE NOT attached;
CREATE INDEX photos_unattached_by_uploader ON photos (uploader_id) WHERE NOT attached;
CREATE INDEX photos_by_original_key ON photos (original_key);
CREATE INDEX photos_by_display_key ON photos (display_key);
CREATE INDEX photos_by_thumbnail_key ON photos (thumbnail_key);

CREATE TABLE case_photos (
    id BIGINT PRIMARY KEY,
    version BIGINT NOT NULL,
    case_id BIGINT NOT NULL REFERENCES cases (id),
    uploader_id BIGINT NOT NULL,
    sha256 TEXT NOT NULL,
    photo_id BIGINT REFERENCES photos (id),
    purpose TEXT NOT NULL CHECK (purpose IN ('report', 'information', 'progress', 'reply_before', 'reply_after')),
    subject_id BIGINT NOT NULL,
    publication TEXT NOT NULL CHECK (publication IN ('none', 'pending', 'released', 'refused')),
    public_display_key TEXT,
    public_thumbnail_key TEXT,
    CONSTRAINT case_photos_once UNIQUE (case_id, subject_id, sha256)
);
CREATE INDEX case_photos_by_case ON case_photos (case_id, id);
CREATE INDEX case_photos_expected ON case_photos (uploader_id, sha256) WHERE photo_id IS NULL;
CREATE INDEX case_photos_by_photo ON case_photos (photo_id) WHERE photo_id IS NOT NULL;
CREATE INDEX case_photos_by_public_display_key ON case_photos (public_display_key) WHERE public_display_key IS NOT NULL;
CREATE INDEX case_photos_by_public_thumbnail_key ON case_photos (public_thumbnail_key) WHERE public_thumbnail_key IS NOT NULL;

-- Telling people --------------------------------------------------------------------------------------------------------

CREATE TABLE notices (
    id BIGINT PRIMARY KEY,
    recipient_id BIGINT NOT NULL,
    -- No foreign key: it would read, and on PostgreSQL lock and log, the case for each notice. A notice is written beside a case that
    -- was read for it, and no case is ever deleted.
    case_id BIGINT,
    topic TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    read_at BIGINT
);
CREATE INDEX notices_by_recipient ON notices (recipient_id, id);

CREATE TABLE outbox (
    id BIGINT PRIMARY KEY,
    task TEXT NOT NULL CHECK (task IN ('push', 'sms', 'index_case', 'tell_others')),
    subject_id BIGINT NOT NULL,
    payload TEXT NOT NULL,
    next_at BIGINT,
    attempts BIGINT NOT NULL,
    lease_holder TEXT,
    last_failure TEXT
);
CREATE INDEX outbox_due ON outbox (task, next_at, id) WHERE next_at IS NOT NULL;
CREATE INDEX outbox_dead ON outbox (id) WHERE next_at IS NULL;

-- Search --------------------------------------------------------------------------------------------------------------
-- Bigram tokens made by one function for both databases; the words themselves are not kept here.

CREATE TABLE case_search (
    case_id BIGINT PRIMARY KEY,
    tokens TSVECTOR NOT NULL
);
CREATE INDEX case_search_by_token ON case_search USING gin (tokens) WITH (fastupdate = off);

CREATE TABLE public_case_search (
    case_id BIGINT PRIMARY KEY,
    tokens TSVECTOR NOT NULL
);
CREATE INDEX public_case_search_by_token ON public_case_search USING gin (tokens) WITH (fastupdate = off);

CREATE TABLE article_search (
    article_id BIGINT PRIMARY KEY,
    tokens TSVECTOR NOT NULL
);
CREATE INDEX article_search_by_token ON article_search USING gin (tokens) WITH (fastupdate = off);
