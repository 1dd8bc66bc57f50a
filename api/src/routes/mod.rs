//! The route table: what is served and what is documented are one list. Handlers read the request, call, and answer.
//!
//! To add an operation: write its file with `#[utoipa::path]` above the actix attribute, which holds the whole path, and
//! add one line to the table.

pub mod accounts;
pub mod admin;
pub mod answer;
pub mod cases;
pub mod docs;
pub mod headers;
pub mod health;
pub mod lookups;
pub mod me;
pub mod openapi;
pub mod pages;
pub mod photos;
pub mod public;
pub mod receipts;
pub mod reference;
pub mod second_factor;
pub mod sessions;
pub mod staff;
pub mod staff_accounts;

use actix_web::web;
use utoipa::OpenApi;

/// Serves and documents each operation named.
macro_rules! route_table {
    ($($($part:ident)::+),+ $(,)?) => {
        /// Adds every operation to an app.
        pub fn configure(config: &mut web::ServiceConfig) {
            $(config.service($($part)::+);)+
        }

        #[derive(OpenApi)]
        // Named here: what no body brings along.
        #[openapi(
            paths($($($part)::+),+),
            components(schemas(
                shared::contract::problem::ProblemView,
                shared::contract::public_case::ProgressStatus,
                shared::contract::staff_queue::CaseChangedView,
            )),
        )]
        struct Operations;
    };
}

// Sorted by noun.
route_table! {
    accounts::register::register,
    accounts::request_code::request_code,
    admin::list_city_data_warnings::list_city_data_warnings,
    admin::list_dead_letters::list_dead_letters,
    admin::preview_city_data::preview_city_data,
    admin::resend_dead_letter::resend_dead_letter,
    cases::add_information::add_information,
    cases::appeal::appeal_refusal,
    cases::ask_media::ask_media,
    cases::follow::follow,
    cases::join::join,
    cases::preview::preview,
    cases::rate::rate_case,
    cases::reopen::reopen_case,
    cases::show::show,
    cases::submit::submit,
    cases::supply_information::supply_information,
    cases::unfollow::unfollow,
    cases::urge::urge_case,
    cases::withdraw::withdraw_case,
    health::alive,
    health::ready,
    lookups::look_up::look_up_case,
    lookups::request_code::request_lookup_code,
    lookups::show::show_looked_up_case,
    me::cases::list_followed_cases,
    me::cases::list_own_cases,
    me::change_number::change_number,
    me::change_number::keep_number,
    me::change_profile::change_profile,
    me::close_account::close_account,
    me::close_account::preview_closing,
    me::exports::download_export,
    me::exports::request_export,
    me::exports::show_export,
    me::inbox::read_inbox,
    me::inbox::show_inbox,
    me::list_consents::list_consents,
    me::notice_settings::set_notice_settings,
    me::notice_settings::show_notice_settings,
    me::prove_owner::prove_owner,
    me::register_device::register_device,
    me::remove_device::remove_device,
    me::rights_requests::ask_rights_request,
    me::rights_requests::list_own_rights_requests,
    me::set_consent::set_consent,
    me::set_password::set_password,
    me::show_profile::show_profile,
    openapi::show_document,
    photos::original::download_original,
    photos::remove::remove,
    photos::rendition::show_display,
    photos::rendition::show_thumbnail,
    photos::upload::upload,
    public::audit_head::show_audit_head,
    public::counts::show_public_counts,
    public::list_cases::list_public_cases,
    public::map::show_public_map,
    public::photo::show_public_photo,
    public::show_case::show_public_case,
    reference::find_place::locate_point,
    reference::find_place::search_regions,
    reference::list_categories::list_categories,
    reference::list_categories::list_emergency_numbers,
    reference::list_knowledge::search_knowledge,
    reference::list_knowledge::show_knowledge_article,
    reference::list_regions::list_regions,
    reference::list_regions::show_region,
    reference::list_units::list_units,
    reference::list_units::show_unit,
    reference::show_base_map::show_base_map,
    reference::show_base_map::show_tile,
    reference::show_outlines::show_outlines,
    second_factor::begin::begin_second_factor,
    second_factor::confirm::confirm_second_factor,
    second_factor::new_codes::make_recovery_codes,
    second_factor::reset::reset_second_factor,
    sessions::list::list_sessions,
    sessions::refresh::refresh,
    sessions::second_step::finish_staff_sign_in,
    sessions::sign_in::sign_in,
    sessions::sign_in_staff::sign_in_staff,
    sessions::sign_out::sign_out,
    sessions::sign_out_everywhere::sign_out_everywhere,
    // After `current`, which it would take for a name.
    sessions::sign_out_one::sign_out_one,
    staff::audit::list::list_audit_records,
    staff::cases::accept::accept_case,
    staff::cases::add_information::add_information_for_caller,
    staff::cases::answer::answer_case_directly,
    staff::cases::approve_exclusion::approve_exclusion,
    staff::cases::ask_information::ask_information,
    staff::cases::attempt_follow_up::attempt_follow_up,
    staff::cases::block_requester::block_requester,
    staff::cases::close_explained::close_explained,
    staff::cases::deny_close_explained::deny_close_explained,
    staff::cases::deny_exclusion::deny_exclusion,
    staff::cases::designate::designate_unit,
    staff::cases::dispatch::dispatch_case,
    staff::cases::hand_off::hand_off_case,
    staff::cases::judge_demand::judge_demand,
    staff::cases::look_back::record_look_back,
    staff::cases::merge::merge_case,
    staff::cases::rate::rate_for_caller,
    staff::cases::read_phone::read_requester_phone,
    staff::cases::refuse::refuse_case,
    staff::cases::release_reply::release_reply,
    staff::cases::reopen::reopen_case_as_supervisor,
    staff::cases::request_close_explained::request_close_explained,
    staff::cases::request_exclusion::request_exclusion,
    staff::cases::send_back::send_back_reply,
    staff::cases::show::show_staff_case,
    staff::cases::split::split_case,
    staff::cases::submit::submit_for_caller,
    staff::cases::supervise::supervise_case,
    staff::cases::tighten_visibility::tighten_visibility,
    staff::events::follow_events,
    staff::flags::decide::decide_flag,
    staff::flags::show::show_flag,
    staff::knowledge::change::change_knowledge_article,
    staff::knowledge::create::create_knowledge_article,
    staff::knowledge::list::list_knowledge_articles,
    staff::knowledge::retire::retire_knowledge_article,
    staff::knowledge::show::list_knowledge_versions,
    staff::knowledge::show::read_knowledge_article,
    staff::moderation::decide::moderate,
    staff::moderation::list::list_to_moderate,
    staff::moderation::show::show_to_moderate,
    staff::orders::add_progress::add_progress,
    staff::orders::approve_commitment::approve_commitment,
    staff::orders::approve_extension::approve_extension,
    staff::orders::approve_return::approve_order_return,
    staff::orders::assign::assign_order,
    staff::orders::decline_reply::decline_reply,
    staff::orders::deny_commitment::deny_commitment,
    staff::orders::deny_extension::deny_extension,
    staff::orders::deny_return::deny_order_return,
    staff::orders::fulfil::fulfil_commitment,
    staff::orders::reach_milestone::reach_milestone,
    staff::orders::record_contact::record_contact,
    staff::orders::request_commitment::request_commitment,
    staff::orders::request_extension::request_extension,
    staff::orders::request_return::request_order_return,
    staff::orders::sign_for::sign_for_order,
    staff::orders::sign_reply::sign_reply,
    staff::orders::submit_reply::submit_reply,
    staff::queues::list::list_queue,
    staff::queues::overview::list_queues,
    staff::reply_templates::change::change_reply_template,
    staff::reply_templates::create::create_reply_template,
    staff::reply_templates::draft::draft_reply,
    staff::reply_templates::list::list_reply_templates,
    staff::reply_templates::retire::retire_reply_template,
    staff::rights_requests::answer_rights_request,
    staff::rights_requests::list_rights_requests,
    staff::search::cases::search_cases,
    staff::supervisions::decide_postponement::decide_postponement,
    staff::supervisions::list::list_supervisions,
    staff::supervisions::postpone::ask_postponement,
    staff::supervisions::record_result::record_result,
    staff::supervisions::show::show_supervision,
    staff::supervisions::use_tool::use_tool,
    staff::units::people::list_unit_people,
    staff_accounts::block::block_staff_account,
    staff_accounts::create::create_staff_account,
    staff_accounts::grant::grant_role,
    staff_accounts::list::list_staff_accounts,
    staff_accounts::reset_password::reset_staff_password,
    staff_accounts::revoke_grant::revoke_role,
    staff_accounts::set_own_password::set_own_staff_password,
    staff_accounts::show::show_staff_account,
    staff_accounts::show_own::show_own_staff_account,
    staff_accounts::unblock::unblock_staff_account,
}
