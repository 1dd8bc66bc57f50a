//! The tables as diesel sees them, the same for both databases; the migrations are the truth and a test compares them.
//! The search tables are reached by `database::search` alone: each backend has its own kind.

#![allow(missing_docs, reason = "the names are the tables' own")]

use diesel::{allow_tables_to_appear_in_same_query, table};

table! {
    processes (number) {
        number -> BigInt,
        token -> Text,
        leased_until -> BigInt,
    }
}

table! {
    installation (id) {
        id -> BigInt,
        key_fingerprint -> Text,
    }
}

table! {
    leases (name) {
        name -> Text,
        holder -> Text,
        held_until -> BigInt,
    }
}

table! {
    city_data (id) {
        id -> BigInt,
        kind -> Text,
        version -> Text,
        content -> Text,
        sha256 -> Text,
        source -> Text,
        imported_by -> Nullable<BigInt>,
    }
}

table! {
    counters (name, dimension) {
        name -> Text,
        dimension -> Text,
        amount -> BigInt,
    }
}

table! {
    persons (id) {
        id -> BigInt,
        version -> BigInt,
        phone_cipher -> Binary,
        phone_lookup -> Text,
        display_name -> Nullable<Text>,
        password_hash -> Nullable<Text>,
        locale -> Text,
        status -> Text,
        verified_at -> Nullable<BigInt>,
    }
}

table! {
    staff_accounts (id) {
        id -> BigInt,
        version -> BigInt,
        username -> Text,
        display_name -> Text,
        post -> Text,
        unit -> Text,
        password_hash -> Text,
        must_change_password -> Bool,
        password_set_at -> BigInt,
        status -> Text,
        active_until -> Nullable<BigInt>,
        second_factor_since -> Nullable<BigInt>,
        totp_cipher -> Nullable<Binary>,
        totp_last_step -> Nullable<BigInt>,
    }
}

table! {
    staff_grants (id) {
        id -> BigInt,
        account_id -> BigInt,
        role -> Text,
        unit -> Nullable<Text>,
        region -> Nullable<Text>,
        kinds -> Text,
        granted_by -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
    }
}

table! {
    password_history (id) {
        id -> BigInt,
        account_id -> BigInt,
        password_hash -> Text,
    }
}

table! {
    recovery_codes (id) {
        id -> BigInt,
        account_id -> BigInt,
        code_hash -> Text,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    sign_in_codes (id) {
        id -> BigInt,
        phone_lookup -> Text,
        code_hash -> Text,
        expires_at -> BigInt,
        attempts -> BigInt,
        used_at -> Nullable<BigInt>,
    }
}

table! {
    attempts (bucket) {
        bucket -> Text,
        window_start -> BigInt,
        amount -> BigInt,
        last_at -> BigInt,
    }
}

table! {
    sessions (id) {
        id -> BigInt,
        account_id -> BigInt,
        account_kind -> Text,
        family -> BigInt,
        refresh_hash -> Text,
        device_name -> Nullable<Text>,
        expires_at -> BigInt,
        replaced_at -> Nullable<BigInt>,
        revoked_at -> Nullable<BigInt>,
        proven_until -> Nullable<BigInt>,
    }
}

table! {
    consents (id) {
        id -> BigInt,
        person_id -> BigInt,
        purpose -> Text,
        wording_version -> Text,
        channel -> Text,
        case_id -> Nullable<BigInt>,
        withdrawn_at -> Nullable<BigInt>,
    }
}

table! {
    push_devices (id) {
        id -> BigInt,
        account_id -> BigInt,
        provider -> Text,
        token -> Text,
        seen_at -> BigInt,
    }
}

table! {
    number_changes (person_id) {
        person_id -> BigInt,
        phone_cipher -> Binary,
        phone_lookup -> Text,
        session -> BigInt,
        due_at -> BigInt,
    }
}

table! {
    closings (person_id) {
        person_id -> BigInt,
        due_at -> BigInt,
        withdraw_cases -> Bool,
    }
}

table! {
    exports (id) {
        id -> BigInt,
        person_id -> BigInt,
        state -> Text,
        percent -> BigInt,
        byte_count -> Nullable<BigInt>,
        kept_until -> BigInt,
    }
}

table! {
    notice_settings (person_id) {
        person_id -> BigInt,
        channels -> Text,
        quiet_from -> BigInt,
        quiet_until -> BigInt,
    }
}

table! {
    rights_requests (id) {
        id -> BigInt,
        version -> BigInt,
        person_id -> BigInt,
        kind -> Text,
        words -> Text,
        due_at -> BigInt,
        calendar_version -> Text,
        outcome -> Nullable<Text>,
        answer -> Nullable<Text>,
        answered_by -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
    }
}

table! {
    idempotency_keys (actor_id, idempotency_key) {
        actor_id -> BigInt,
        idempotency_key -> Text,
        operation -> Text,
        fingerprint -> Text,
        outcome -> Text,
        kept_until -> BigInt,
    }
}

table! {
    audit_records (id) {
        id -> BigInt,
        actor_id -> Nullable<BigInt>,
        actor_kind -> Text,
        action -> Text,
        object_kind -> Text,
        object_id -> Nullable<BigInt>,
        result -> Text,
        source_address -> Nullable<Text>,
        request_id -> Nullable<Text>,
        detail -> Text,
        chain -> BigInt,
        position -> BigInt,
        previous_hash -> Binary,
        hash -> Binary,
    }
}

table! {
    audit_heads (chain) {
        chain -> BigInt,
        position -> BigInt,
        hash -> Binary,
        kept_at -> BigInt,
        removed_position -> BigInt,
        removed_hash -> Binary,
    }
}

table! {
    cases (id) {
        id -> BigInt,
        version -> BigInt,
        requester_id -> Nullable<BigInt>,
        channel -> Text,
        kind -> Text,
        category -> Nullable<Text>,
        county -> Nullable<Text>,
        region -> Nullable<Text>,
        latitude -> Nullable<Double>,
        longitude -> Nullable<Double>,
        h3_cell -> Nullable<BigInt>,
        place -> Text,
        title -> Text,
        body -> Text,
        answers -> Text,
        visibility -> Text,
        urgency -> Text,
        state -> Text,
        is_open -> Bool,
        cycle -> BigInt,
        redo_count -> BigInt,
        return_count -> BigInt,
        dispatch_count -> BigInt,
        designated -> Bool,
        tier -> BigInt,
        primary_case_id -> Nullable<BigInt>,
        lead_unit -> Nullable<Text>,
        due_at -> Nullable<BigInt>,
        outcome -> Nullable<Text>,
        publication -> Text,
        memory -> Text,
        updated_at -> BigInt,
    }
}

table! {
    case_events (id) {
        id -> BigInt,
        case_id -> BigInt,
        order_id -> Nullable<BigInt>,
        cycle -> BigInt,
        action -> Text,
        actor_id -> Nullable<BigInt>,
        actor_role -> Text,
        actor_unit -> Nullable<Text>,
        state_before -> Nullable<Text>,
        state_after -> Text,
        audience -> Text,
        sentence -> Nullable<Text>,
        public_sentence -> Nullable<Text>,
        detail -> Text,
    }
}

table! {
    work_orders (id) {
        id -> BigInt,
        version -> BigInt,
        case_id -> BigInt,
        cycle -> BigInt,
        role -> Text,
        unit -> Text,
        handler_id -> Nullable<BigInt>,
        stage -> Text,
        urgency -> Text,
        dispatched_by -> Nullable<BigInt>,
        reason -> Text,
        signed_at -> Nullable<BigInt>,
        deemed_signed -> Bool,
        contacted_at -> Nullable<BigInt>,
        finished_at -> Nullable<BigInt>,
        due_at -> Nullable<BigInt>,
    }
}

table! {
    clocks (id) {
        id -> BigInt,
        case_id -> BigInt,
        order_id -> Nullable<BigInt>,
        kind -> Text,
        started_at -> BigInt,
        due_at -> BigInt,
        time_limit -> Nullable<Text>,
        follows -> Nullable<BigInt>,
        provisional -> Bool,
        policy_version -> Text,
        calendar_version -> Text,
        stopped_at -> Nullable<BigInt>,
        wake_at -> Nullable<BigInt>,
        told_until -> BigInt,
    }
}

table! {
    supervisions (id) {
        id -> BigInt,
        version -> BigInt,
        case_id -> BigInt,
        cycle -> BigInt,
        tier -> Text,
        cause -> Text,
        occasion -> Text,
        owner -> Text,
        policy_version -> Text,
        calendar_version -> Text,
        opened_by -> Nullable<BigInt>,
        reason -> Nullable<Text>,
        leader -> Nullable<Text>,
        answer_due_at -> Nullable<BigInt>,
        answered_at -> Nullable<BigInt>,
        due_at -> BigInt,
        postponements -> BigInt,
        postpone_days -> Nullable<BigInt>,
        postpone_reason -> Nullable<Text>,
        postpone_by -> Nullable<BigInt>,
        result -> Nullable<Text>,
        result_words -> Nullable<Text>,
        closed_by -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
    }
}

table! {
    supervision_actions (id) {
        id -> BigInt,
        supervision_id -> BigInt,
        tool -> Text,
        note -> Text,
        evidence -> Text,
        actor_id -> BigInt,
    }
}

table! {
    look_backs (id) {
        id -> BigInt,
        case_id -> BigInt,
        cycle -> BigInt,
        clock -> Text,
        finding -> Nullable<Text>,
        notes -> Nullable<Text>,
        recorded_by -> Nullable<BigInt>,
        closed_at -> Nullable<BigInt>,
    }
}

table! {
    flags (id) {
        id -> BigInt,
        case_id -> BigInt,
        cycle -> BigInt,
        sign -> Text,
        unit -> Nullable<Text>,
        evidence -> Text,
        decision -> Nullable<Text>,
        reason -> Nullable<Text>,
        decided_by -> Nullable<BigInt>,
        decided_at -> Nullable<BigInt>,
    }
}

table! {
    replies (id) {
        id -> BigInt,
        version -> BigInt,
        case_id -> BigInt,
        order_id -> Nullable<BigInt>,
        cycle -> BigInt,
        body -> Text,
        outcome -> Text,
        root_cause -> Text,
        article -> Nullable<Text>,
        article_version -> Nullable<BigInt>,
        written_by -> BigInt,
        reviewed_by -> Nullable<BigInt>,
        state -> Text,
        released_at -> Nullable<BigInt>,
    }
}

table! {
    reply_templates (id) {
        id -> BigInt,
        version -> BigInt,
        title -> Text,
        category -> Nullable<Text>,
        outcome -> Text,
        body -> Text,
        valid_to -> Nullable<Text>,
        retired_at -> Nullable<BigInt>,
        changed_by -> BigInt,
        changed_at -> BigInt,
    }
}

table! {
    knowledge_articles (id) {
        id -> BigInt,
        code -> Text,
        version -> BigInt,
        owner_unit -> Text,
        is_retired -> Bool,
        notice_at -> Nullable<BigInt>,
    }
}

table! {
    knowledge_versions (article_id, version) {
        article_id -> BigInt,
        version -> BigInt,
        question -> Text,
        answer -> Text,
        basis -> Text,
        owner_unit -> Text,
        category -> Text,
        words -> Text,
        valid_from -> Text,
        valid_to -> Nullable<Text>,
        retired_because -> Nullable<Text>,
        changed_by -> Nullable<BigInt>,
        changed_at -> BigInt,
    }
}

table! {
    ratings (id) {
        id -> BigInt,
        case_id -> BigInt,
        cycle -> BigInt,
        grade -> BigInt,
        resolved -> Text,
        attitude -> Nullable<BigInt>,
        speed -> Nullable<BigInt>,
        comment -> Nullable<Text>,
        rated_by -> BigInt,
        by_proxy -> Bool,
    }
}

table! {
    follows (case_id, person_id) {
        case_id -> BigInt,
        person_id -> BigInt,
        since -> BigInt,
    }
}

table! {
    publications (id) {
        id -> BigInt,
        case_id -> BigInt,
        subject -> Text,
        subject_id -> BigInt,
        decision -> Text,
        title -> Nullable<Text>,
        body -> Nullable<Text>,
        masks -> Text,
        moderator_id -> BigInt,
        reason -> Nullable<Text>,
    }
}

table! {
    photos (id) {
        id -> BigInt,
        uploader_id -> BigInt,
        sha256 -> Text,
        content_type -> Text,
        byte_count -> BigInt,
        width -> BigInt,
        height -> BigInt,
        original_key -> Text,
        display_key -> Text,
        thumbnail_key -> Text,
        perceptual_hash -> BigInt,
        hints -> Text,
        attached -> Bool,
    }
}

table! {
    case_photos (id) {
        id -> BigInt,
        version -> BigInt,
        case_id -> BigInt,
        uploader_id -> BigInt,
        sha256 -> Text,
        photo_id -> Nullable<BigInt>,
        purpose -> Text,
        subject_id -> BigInt,
        publication -> Text,
        public_display_key -> Nullable<Text>,
        public_thumbnail_key -> Nullable<Text>,
    }
}

table! {
    notices (id) {
        id -> BigInt,
        recipient_id -> BigInt,
        case_id -> Nullable<BigInt>,
        topic -> Text,
        title -> Text,
        body -> Text,
        read_at -> Nullable<BigInt>,
    }
}

table! {
    outbox (id) {
        id -> BigInt,
        task -> Text,
        subject_id -> BigInt,
        payload -> Text,
        next_at -> Nullable<BigInt>,
        attempts -> BigInt,
        lease_holder -> Nullable<Text>,
        last_failure -> Nullable<Text>,
    }
}

allow_tables_to_appear_in_same_query!(
    processes,
    installation,
    leases,
    city_data,
    counters,
    persons,
    staff_accounts,
    staff_grants,
    password_history,
    recovery_codes,
    sign_in_codes,
    attempts,
    sessions,
    consents,
    push_devices,
    number_changes,
    closings,
    exports,
    notice_settings,
    rights_requests,
    idempotency_keys,
    audit_records,
    audit_heads,
    cases,
    case_events,
    work_orders,
    clocks,
    supervisions,
    supervision_actions,
    look_backs,
    flags,
    replies,
    reply_templates,
    knowledge_articles,
    knowledge_versions,
    ratings,
    follows,
    publications,
    photos,
    case_photos,
    notices,
    outbox,
);
