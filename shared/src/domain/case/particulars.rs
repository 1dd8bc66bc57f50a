//! What an act must bring with it: reasons, bases, units, consents. Whether the act may be done at all is `transition`'s
//! matter; words and photos of replies and progress are kept elsewhere.

use crate::domain::case::{
    Action, CaseFacts, ExclusionReason, Milestone, Outcome, Refusal, Visibility, commitment::check_milestones,
};
use crate::domain::supervision::LookBackFinding;
use crate::domain::time::Timestamp;

/// The longest reason, basis or path, in characters.
pub const TEXT_LIMIT: usize = 2000;

/// What the actor gives with an act. Each act needs some of it; the rest is ignored.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Particulars {
    /// Why; for `ask_information` the question.
    pub reason: Option<String>,
    /// Where the requester can turn to after a refusal.
    pub lawful_path: Option<String>,
    /// The law, rule or policy that a return or an explained closing rests on.
    pub legal_basis: Option<String>,
    /// How the receiver acknowledged a hand-over.
    pub acknowledgement: Option<String>,
    /// The knowledge article of a direct answer.
    pub article: Option<String>,
    /// Code of the lead unit.
    pub lead_unit: Option<String>,
    /// Codes of the co-handling units.
    pub co_units: Vec<String>,
    /// Every party consented to mediation, in record.
    pub all_parties_consent: bool,
    /// The end of the promised day.
    pub promise_until: Option<Timestamp>,
    /// The steps on the way to it.
    pub milestones: Vec<Milestone>,
    /// The place of the step that was reached, from 0 on.
    pub milestone: Option<usize>,
    /// The length of the extension asked for, in working days.
    pub extension_working_days: Option<u32>,
    /// Who may see the case from now on.
    pub visibility: Option<Visibility>,
    /// Why the case is to be left out of the scoring.
    pub exclusion: Option<ExclusionReason>,
    /// What a look-back found.
    pub look_back: Option<LookBackFinding>,
    /// The hash that an archived case is sealed with.
    pub seal: Option<String>,
    /// What the reply says was achieved.
    pub claimed_outcome: Option<Outcome>,
}

impl Particulars {
    /// Whether everything that `action` needs is there.
    ///
    /// # Errors
    /// The first thing that is missing, too long or not allowed.
    pub fn check(&self, action: Action, facts: &CaseFacts, now: Timestamp) -> Result<(), Refusal> {
        for text in [
            &self.reason,
            &self.lawful_path,
            &self.legal_basis,
            &self.acknowledgement,
            &self.article,
        ] {
            if text.as_ref().is_some_and(|text| text.chars().count() > TEXT_LIMIT) {
                return Err(Refusal::TextTooLong);
            }
        }
        match action {
            Action::AskInformation
            | Action::ApproveReturn
            | Action::DenyReturn
            | Action::ApproveExtension
            | Action::DenyExtension
            | Action::DenyCommitment
            | Action::DeclineReply
            | Action::SendBack
            | Action::UpholdDemand
            | Action::DismissDemand
            | Action::DenyCloseExplained
            | Action::ApproveExclusion
            | Action::DenyExclusion
            | Action::FailMediation
            | Action::LookBack
            | Action::Reopen => given(self.reason.as_ref(), Refusal::NeedsReason),
            Action::Refuse => {
                given(self.reason.as_ref(), Refusal::NeedsReason)?;
                given(self.lawful_path.as_ref(), Refusal::NeedsLawfulPath)
            }
            Action::HandOff => given(self.acknowledgement.as_ref(), Refusal::NeedsAcknowledgement),
            Action::AnswerDirectly => given(self.article.as_ref(), Refusal::NeedsArticle),
            Action::Dispatch => self.check_units(facts),
            Action::Designate => {
                given(self.reason.as_ref(), Refusal::NeedsReason)?;
                self.check_units(facts)
            }
            Action::RequestReturn | Action::RequestCloseExplained => {
                given(self.legal_basis.as_ref(), Refusal::NeedsLegalBasis)
            }
            Action::RequestExtension => {
                given(self.reason.as_ref(), Refusal::NeedsReason)?;
                let allowed = 1..=facts.figures.extension_working_days;
                let fits = self.extension_working_days.is_some_and(|days| allowed.contains(&days));
                fits.then_some(()).ok_or(Refusal::ExtensionLength)
            }
            Action::TightenVisibility => {
                given(self.reason.as_ref(), Refusal::NeedsReason)?;
                let tighter = self.visibility.is_some_and(|next| next > facts.visibility);
                tighter.then_some(()).ok_or(Refusal::NotTighter)
            }
            Action::RequestExclusion => {
                given(self.reason.as_ref(), Refusal::NeedsReason)?;
                self.exclusion.map(|_| ()).ok_or(Refusal::NeedsReason)
            }
            Action::ReferToMediation => self.all_parties_consent.then_some(()).ok_or(Refusal::NeedsConsent),
            Action::RequestCommitment => {
                given(self.reason.as_ref(), Refusal::NeedsReason)?;
                let until = self.promise_until.filter(|until| *until > now);
                check_milestones(&self.milestones, now, until.ok_or(Refusal::NeedsPromiseDate)?)
            }
            Action::ReachMilestone => {
                given(self.reason.as_ref(), Refusal::NeedsReason)?;
                let mut ahead = facts.memory.milestones_ahead();
                let there = ahead.any(|(place, _)| Some(place) == self.milestone);
                there.then_some(()).ok_or(Refusal::NoSuchMilestone)
            }
            Action::SubmitReply | Action::Fulfil => {
                self.claimed_outcome.map(|_| ()).ok_or(Refusal::NeedsClaimedOutcome)
            }
            _ => Ok(()),
        }
    }

    /// A lead unit is named, and the unit complained of is not alone.
    fn check_units(&self, facts: &CaseFacts) -> Result<(), Refusal> {
        given(self.lead_unit.as_ref(), Refusal::NeedsUnit)?;
        let complained = facts.memory.complained_unit.as_ref();
        let others = self
            .lead_unit
            .iter()
            .chain(&self.co_units)
            .any(|unit| Some(unit) != complained);
        others.then_some(()).ok_or(Refusal::ComplainedUnit)
    }
}

fn given(text: Option<&String>, missing: Refusal) -> Result<(), Refusal> {
    text.is_some_and(|text| !text.trim().is_empty())
        .then_some(())
        .ok_or(missing)
}
