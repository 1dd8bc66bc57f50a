//! What a person may agree to, and the wording that was shown. It does not decide which act needs which consent.

use serde::{Deserialize, Serialize};

use crate::domain::case::words::closed_list;

closed_list! {
    /// What a consent is for (rule book 4.1): each is given and withdrawn on its own.
    pub enum ConsentPurpose as "consent purpose" {
        /// Handling of what the person reports.
        Handling = "handling", "办理诉求";
        /// Publishing a case after redaction.
        Publication = "publication", "公开诉求";
        /// Messages to the person's phone.
        Push = "push", "消息推送";
        /// Passing the contact to the media that supervise.
        MediaContact = "media_contact", "媒体联系";
    }
}

closed_list! {
    /// How somebody agreed.
    pub enum ConsentChannel as "consent channel" {
        /// The person's own act in the app or a browser.
        Online = "online", "本人操作";
        /// By voice on the telephone, written down by a clerk.
        Hotline = "hotline", "电话口头同意";
    }
}

/// What a person reads before agreeing. A changed text is a new version.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentWording {
    /// What it is for.
    pub purpose: ConsentPurpose,
    /// Version of the text.
    pub version: String,
    /// The text itself.
    pub text: String,
}

/// The wordings in force, one for each purpose.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ConsentWordings {
    /// One entry for each purpose.
    pub wording: Vec<ConsentWording>,
}

impl ConsentWordings {
    /// Everything that is wrong with the data, in readable sentences; empty when all is well.
    #[must_use]
    pub fn problems(&self) -> Vec<String> {
        ConsentPurpose::ALL
            .iter()
            .filter_map(|purpose| {
                let count = self
                    .wording
                    .iter()
                    .filter(|wording| wording.purpose == *purpose)
                    .count();
                (count != 1).then(|| format!("{purpose}: {count} wordings, one is needed"))
            })
            .chain(
                self.wording
                    .iter()
                    .filter(|wording| {
                        wording.text.trim().is_empty() || wording.version.is_empty() || wording.version.len() > 40
                    })
                    .map(|wording| format!("{}: text or version is missing or too long", wording.purpose)),
            )
            .collect()
    }

    /// The wording in force for a purpose.
    #[must_use]
    pub fn of(&self, purpose: ConsentPurpose) -> Option<&ConsentWording> {
        self.wording.iter().find(|wording| wording.purpose == purpose)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_or_doubled_wording_is_told() {
        let one = ConsentWording {
            purpose: ConsentPurpose::Push,
            version: "1".into(),
            text: "诉求有进展时，我们会推送消息到您的手机。".into(),
        };
        let wordings = ConsentWordings {
            wording: vec![one.clone(), one],
        };
        assert_eq!(wordings.problems().len(), 4);
    }
}
