//! Why an act is not allowed now: a stable code and a sentence that a person can read. What a refusal means to the
//! network is decided elsewhere.

/// Defines the refusals with code and sentence side by side.
macro_rules! refusals {
    ($($(#[$note:meta])* $variant:ident = $code:literal, $sentence:literal;)+) => {
        /// Why an act is not allowed now.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, thiserror::Error)]
        pub enum Refusal {
            $( $(#[$note])* #[error($code)] $variant, )+
        }

        impl Refusal {
            /// Every refusal.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The stable name, in `snake_case`.
            #[must_use]
            pub const fn code(self) -> &'static str {
                match self { $(Self::$variant => $code),+ }
            }

            /// The sentence for the person who tried.
            #[must_use]
            pub const fn message_zh(self) -> &'static str {
                match self { $(Self::$variant => $sentence),+ }
            }
        }
    };
}

refusals! {
    /// No role of the actor has this act.
    RoleNotAllowed = "role_not_allowed", "您没有做这一步的权限。";
    /// A role has it, but does not reach this case.
    OutOfScope = "out_of_scope", "这件诉求不在您负责的范围内。";
    /// The case does not stand where the act begins.
    WrongState = "wrong_state", "诉求目前的状态不能这样操作，请刷新后再看。";
    /// The act may be done once, and was.
    AlreadyUsed = "already_used", "这一步只能做一次，已经用过了。";
    /// The window for the act is over, or never opened.
    WindowOver = "window_over", "已经过了可以操作的期限。";
    /// The act waits for a limit that has not passed.
    NotYetDue = "not_yet_due", "期限还没有到。";
    /// Nobody reviews, judges, follows up or closes what he handled.
    OwnWork = "own_work", "您经办过这件诉求，请由其他同事来做。";
    /// Follow-up comes from outside the handling unit.
    HandlingUnit = "handling_unit", "承办单位不能回访自己办理的诉求。";
    /// A return is decided by another dispatcher than the one who dispatched.
    OriginalDispatcher = "original_dispatcher", "这一单是您派出的，请由其他派单员审核退单。";
    /// An appeal is decided by another clerk than the one who refused.
    SameClerk = "same_clerk", "上次不予受理是您决定的，请由其他受理员复核。";
    /// A designated unit returns nothing.
    Designated = "designated", "这一单已经指定承办，不能再退单。";
    /// Only questions are answered at once.
    NotInquiry = "not_inquiry", "只有咨询可以直接答复。";
    /// Neither crime nor administrative acts nor questions go to mediation.
    MediationUnsuited = "mediation_unsuited", "这类诉求不适合调解。";
    /// The case is not public.
    NotPublic = "not_public", "这件诉求没有公开。";
    /// One's own case needs neither following nor joining.
    OwnCase = "own_case", "这就是您自己的诉求。";
    /// The person follows it already.
    AlreadyFollowing = "already_following", "您已经关注了这件诉求。";
    /// The first person has asked already.
    AlreadyPending = "already_pending", "已经提交过申请，正在等待审批。";
    /// There is no request that a second person could answer.
    NothingPending = "nothing_pending", "没有等待您审批的申请。";
    /// The second person is not the first.
    SamePerson = "same_person", "自己提出的申请要由另一个人审批。";
    /// Emergencies are not extended.
    NoExtensionForEmergency = "no_extension_for_emergency", "紧急诉求不能延期。";
    /// The first extension is the reviewer's, the second the government inspector's.
    WrongDeciderForExtension = "wrong_decider_for_extension", "首次延期由审核员审批，再次延期由政务督查员审批。";
    /// Once a working day.
    UrgedToday = "urged_today", "您今天已经催办过了，下个工作日可以再催。";
    /// A demand waits for its judgement.
    JudgementPending = "judgement_pending", "您的要求正在由审核员认定，请稍候。";
    /// No demand waits.
    NoDemand = "no_demand", "没有等待认定的重办要求。";
    /// A case that lacks information is taken up by supplying it.
    SupplyInstead = "supply_instead", "这件诉求因信息不全办结，请直接补充信息。";
    /// Only a case that ended for lack of information is taken up by supplying it.
    NotIncomplete = "not_incomplete", "这件诉求不是因信息不全办结的。";
    /// A look-back is outstanding.
    LookBackOutstanding = "look_back_outstanding", "还有回头看没有完成，不能归档。";
    /// No look-back is due.
    NoLookBackDue = "no_look_back_due", "现在没有要做的回访。";
    /// Some matters are kept from the media.
    NoPublicity = "no_publicity", "这类诉求要保护隐私，不能申请媒体督办。";
    /// A supervision is open.
    UnderSupervision = "under_supervision", "督办还没有结果，不能归档。";
    /// No supervision is open.
    NotSupervised = "not_supervised", "这件诉求现在没有在督办。";
    /// A tier as high holds it already, or the cause does not count for such a case.
    AlreadySupervised = "already_supervised", "这件诉求已经由同级或更高一级督办，或者这个原因不适用。";
    /// A matter is not settled while somebody is late with it.
    StillLate = "still_late", "还有期限已经过了，不能记为督办到位。";
    /// The primary is not where its members could do this.
    PrimaryNotReady = "primary_not_ready", "合并办理的主诉求目前不能这样操作。";
    /// A case with members is not merged under another.
    HasMembers = "has_members", "已有其他诉求并入这一件，不能再并入别的诉求。";
    /// The case under which to merge is merged itself, has ended, or is the same.
    PrimaryUnsuited = "primary_unsuited", "不能并入所选的诉求。";
    /// Violation reports stay among themselves.
    ReportKeptApart = "report_kept_apart", "举报不能与其他诉求并单。";
    /// A reason is needed.
    NeedsReason = "needs_reason", "请写明原因。";
    /// A refusal names the lawful path.
    NeedsLawfulPath = "needs_lawful_path", "请告诉诉求人可以走的合法途径。";
    /// A return or an explained closing names its legal basis.
    NeedsLegalBasis = "needs_legal_basis", "请写明法律法规或政策依据。";
    /// A hand-over counts when the receiver acknowledged it.
    NeedsAcknowledgement = "needs_acknowledgement", "对方确认接收后才能转接。";
    /// A direct answer cites a knowledge article.
    NeedsArticle = "needs_article", "直接答复要引用知识库条目。";
    /// A dispatch names the lead unit.
    NeedsUnit = "needs_unit", "请选择主办单位。";
    /// The unit complained of does not handle the case alone.
    ComplainedUnit = "complained_unit", "被投诉的单位不能单独承办。";
    /// Each party consents to mediation.
    NeedsConsent = "needs_consent", "各方当事人都同意后才能调解。";
    /// The media tier needs the requester's own consent.
    NeedsMediaConsent = "needs_media_consent", "您同意媒体联系您以后，才能申请媒体督办。";
    /// A commitment names a day in the future.
    NeedsPromiseDate = "needs_promise_date", "请填写将来的承诺日期。";
    /// A commitment names its steps.
    NeedsMilestones = "needs_milestones", "请按先后填写 1 至 10 个节点，日期从今天起，不晚于承诺日期。";
    /// Staff tighten who may see a case; loosening takes the requester's consent.
    NotTighter = "not_tighter", "公开范围只能收紧，放宽要诉求人同意。";
    /// What everybody reads names nobody.
    MilestoneNamesSomebody = "milestone_names_somebody", "节点会公开，请不要写姓名、电话、门牌等个人信息。";
    /// A milestone is reported once.
    NoSuchMilestone = "no_such_milestone", "没有这个节点，或者已经报告过了。";
    /// A reply says what was achieved.
    NeedsClaimedOutcome = "needs_claimed_outcome", "请选择办理结果。";
    /// An extension names its length, within the limit.
    ExtensionLength = "extension_length", "请填写延期天数，且不能超过上限。";
    /// A text is longer than allowed.
    TextTooLong = "text_too_long", "文字太长了，请精简一些。";
    /// The grade is not from 1 to 5.
    GradeOutOfRange = "grade_out_of_range", "评分请在1到5之间选择。";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_refusal_has_its_own_code_and_a_whole_sentence() {
        let codes: std::collections::BTreeSet<_> = Refusal::ALL.iter().map(|refusal| refusal.code()).collect();
        assert_eq!(codes.len(), Refusal::ALL.len());
        for refusal in Refusal::ALL {
            assert!(refusal.message_zh().ends_with('。'), "{refusal}");
            assert!(
                refusal
                    .code()
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter == '_'),
                "{refusal}"
            );
        }
    }
}
