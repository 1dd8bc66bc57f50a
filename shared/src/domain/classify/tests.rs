//! What residents write finds its category and its kind.

use proptest::prelude::*;

use super::*;

fn classifier() -> Classifier {
    let category = |code: &str, words: &[&str], default_kind| CategoryWords {
        code: code.to_owned(),
        words: words.iter().map(|word| (*word).to_owned()).collect(),
        default_kind,
    };
    Classifier::new(&[
        category(
            "road.surface",
            &["道路", "路面", "坑洼", "路灯杆倾倒", "路"],
            CaseKind::Assistance,
        ),
        category(
            "lighting.lamp",
            &["路灯", "不亮", "照明", "LED灯"],
            CaseKind::Assistance,
        ),
        category(
            "labour.wages",
            &["拖欠工资", "农民工", "工资", "欠薪"],
            CaseKind::Complaint,
        ),
        category("social.card", &["社保卡", "社保", "医保"], CaseKind::Inquiry),
        category(
            "environment.discharge",
            &["偷排", "污水", "工厂"],
            CaseKind::ViolationReport,
        ),
        category("empty", &["", "  "], CaseKind::Assistance),
    ])
}

fn best(text: &str) -> Option<(String, CaseKind)> {
    classifier()
        .suggest(text)
        .into_iter()
        .next()
        .map(|suggestion| (suggestion.code, suggestion.kind))
}

#[test]
fn the_words_lead_to_the_category_and_the_kind() {
    for (text, code, kind) in [
        ("金雀山路路灯坏了好几天", "lighting.lamp", CaseKind::Assistance),
        ("请问社保卡丢了怎么办理补办", "social.card", CaseKind::Inquiry),
        (
            "工地拖欠工资半年，都是农民工的血汗钱",
            "labour.wages",
            CaseKind::Complaint,
        ),
        (
            "我要举报村东工厂夜里偷排污水",
            "environment.discharge",
            CaseKind::ViolationReport,
        ),
        (
            "希望增设路灯，孩子放学走这条路看不见",
            "lighting.lamp",
            CaseKind::Suggestion,
        ),
        ("ｌｅｄ灯　坏了", "lighting.lamp", CaseKind::Assistance),
    ] {
        assert_eq!(best(text), Some((code.to_owned(), kind)), "{text}");
    }
    assert_eq!(best("你好"), None);
    assert_eq!(best(""), None);
}

#[test]
fn a_longer_word_hides_the_shorter_one_in_it() {
    let suggestions = classifier().suggest("路灯杆倾倒");
    assert_eq!(
        suggestions.len(),
        1,
        "路灯 and 路 are only parts of the longer word: {suggestions:?}"
    );
    assert_eq!(suggestions[0].code, "road.surface");
    assert_eq!(suggestions[0].matched, ["路灯杆倾倒"]);
}

#[test]
fn at_most_three_are_suggested_and_the_best_comes_first() {
    let suggestions = classifier().suggest("道路没有路灯，工资没发，社保没交，工厂偷排");
    assert_eq!(suggestions.len(), SUGGESTIONS_MAX);
    assert!(suggestions.windows(2).all(|pair| pair[0].score >= pair[1].score));
}

#[test]
fn the_kind_is_heard_in_how_people_speak() {
    for (text, kind) in [
        ("请问新生儿怎么办理医保", CaseKind::Inquiry),
        ("请问我们小区停水什么时候能来水，家里没水做饭", CaseKind::Assistance),
        ("窗口工作人员态度恶劣，互相推诿", CaseKind::Complaint),
        ("物业乱收费，我要投诉", CaseKind::Complaint),
        ("举报有人违建", CaseKind::ViolationReport),
        ("建议在学校门口加一条斑马线", CaseKind::Suggestion),
        ("感谢环卫工人，尽职尽责，给他们点赞", CaseKind::Commendation),
        ("路灯坏了，麻烦帮忙修一下，感谢", CaseKind::Assistance),
        ("井盖缺失很危险", CaseKind::Assistance),
        ("门口那条路", CaseKind::Assistance),
    ] {
        assert_eq!(suggest_kind(text, None), kind, "{text}");
    }
    assert_eq!(suggest_kind("门口那条路", Some(CaseKind::Inquiry)), CaseKind::Inquiry);
}

proptest! {
    #[test]
    fn any_text_gets_an_answer(text: String, words in proptest::collection::vec(".{0,4}", 0..6)) {
        let classifier =
            Classifier::new(&[CategoryWords { code: "a".into(), words, default_kind: CaseKind::Assistance }]);
        let suggestions = classifier.suggest(&text);
        prop_assert!(suggestions.len() <= SUGGESTIONS_MAX);
        prop_assert!(suggestions.iter().all(|suggestion| suggestion.score > 0 && !suggestion.matched.is_empty()));
    }
}
