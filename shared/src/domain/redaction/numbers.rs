//! Finds numbers that lead to a person: phones, identity numbers, bank cards; and mail and chat accounts.

use super::{Finding, MaskKind, at, before, preceded_by};

/// Words before a number that make it a phone number even where its form does not.
const PHONE_WORDS: [&str; 10] = [
    "电话",
    "手机",
    "联系方式",
    "联系我",
    "打给我",
    "来电",
    "号码是",
    "座机",
    "固话",
    "拨打",
];
/// Words before a number that make it a bank account.
const CARD_WORDS: [&str; 6] = ["卡号", "银行卡", "账号", "帐号", "账户", "开户"];
/// Words before a number that make it an identity number.
const IDENTITY_WORDS: [&str; 3] = ["身份证", "证件号", "公民身份"];
/// Words before an account name of a chat programme.
const CHAT_WORDS: [&str; 10] = [
    "微信",
    "微信号",
    "薇信",
    "威信",
    "V信",
    "VX",
    "WX",
    "WECHAT",
    "QQ",
    "扣扣",
];
/// Numbers behind these units are amounts.
const UNITS: &str = "元块万亿米吨斤度%户人次平亩年℃";
/// The two leading digits of identity numbers: the provinces.
const PROVINCE_CODES: [u32; 34] = [
    11, 12, 13, 14, 15, 21, 22, 23, 31, 32, 33, 34, 35, 36, 37, 41, 42, 43, 44, 45, 46, 50, 51, 52, 53, 54, 61, 62, 63,
    64, 65, 71, 81, 82,
];

pub(super) fn find(text: &[char], findings: &mut Vec<Finding>) {
    let mut place = 0;
    while place < text.len() {
        let found = identity(text, place)
            .or_else(|| bank_card(text, place))
            .or_else(|| phone(text, place))
            .or_else(|| chat(text, place));
        if let Some(finding) = found {
            place = finding.end.max(place + 1);
            findings.push(finding);
        } else {
            place += 1;
        }
    }
    mail(text, findings);
}

/// Digits with their places; `groups` are the lengths between separators.
struct Digits {
    values: Vec<u32>,
    groups: Vec<usize>,
    end: usize,
}

/// The value of an ASCII digit, or also of a Chinese one when `spoken`.
fn value(character: char, spoken: bool) -> Option<u32> {
    match character {
        '0'..='9' => character.to_digit(10),
        _ if !spoken => None,
        '零' | '〇' => Some(0),
        '一' | '壹' | '幺' => Some(1),
        '二' | '贰' => Some(2),
        '三' | '叁' => Some(3),
        '四' | '肆' => Some(4),
        '五' | '伍' => Some(5),
        '六' | '陆' => Some(6),
        '七' | '柒' => Some(7),
        '八' | '捌' => Some(8),
        '九' | '玖' => Some(9),
        _ => None,
    }
}

/// Reads `wanted` digits from a place, with up to two separators between any two.
fn digits(text: &[char], start: usize, wanted: usize, spoken: bool) -> Option<Digits> {
    let mut read = Digits {
        values: Vec::with_capacity(wanted),
        groups: vec![0],
        end: start,
    };
    let mut place = start;
    while read.values.len() < wanted {
        let character = at(text, place)?;
        if let Some(digit) = value(character, spoken) {
            read.values.push(digit);
            if let Some(group) = read.groups.last_mut() {
                *group += 1;
            }
            place += 1;
            read.end = place;
        } else if is_separator(character) && place < read.end + 2 && !read.values.is_empty() {
            if place == read.end {
                read.groups.push(0);
            }
            place += 1;
        } else {
            return None;
        }
    }
    Some(read)
}

/// How many digits stand here without a break.
fn run(text: &[char], start: usize) -> usize {
    text.get(start..)
        .unwrap_or_default()
        .iter()
        .take_while(|character| character.is_ascii_digit())
        .count()
}

fn is_separator(character: char) -> bool {
    matches!(
        character,
        ' ' | '-' | '.' | '·' | '_' | '/' | '—' | '–' | '~' | '*' | '\u{200B}'..='\u{200F}' | '\u{FEFF}'
    )
}

/// Whether a number that starts here starts a new number: no digit right before, no decimal point.
fn begins(text: &[char], start: usize, spoken: bool) -> bool {
    let Some(previous) = before(text, start) else {
        return true;
    };
    value(previous, spoken).is_none()
        && !(previous == '.' && start >= 2 && at(text, start - 2).is_some_and(|character| character.is_ascii_digit()))
}

/// Whether a number that ends here is over: neither digit nor letter follows.
fn ends(text: &[char], end: usize, spoken: bool) -> bool {
    at(text, end).is_none_or(|character| value(character, spoken).is_none())
}

fn identity(text: &[char], start: usize) -> Option<Finding> {
    at(text, start).filter(char::is_ascii_digit)?;
    if !begins(text, start, false) {
        return None;
    }
    let finding = |end, reason| Finding {
        start,
        end,
        kind: MaskKind::ResidentId,
        reason,
    };
    let named = preceded_by(text, start, 12, &IDENTITY_WORDS);
    if let Some(first) = digits(text, start, 17, false) {
        let mut last = first.end;
        while last < first.end + 2 && at(text, last).is_some_and(is_separator) {
            last += 1;
        }
        let check = match at(text, last) {
            Some('X') => Some(10),
            Some(character) => value(character, false),
            None => None,
        };
        if let Some(check) = check
            && ends(text, last + 1, false)
            && is_province(&first.values)
            && is_birthday(first.values.get(6..14))
            && (identity_check(&first.values) == check || named)
        {
            return Some(finding(last + 1, "像身份证号"));
        }
    }
    if run(text, start) == 15 && at(text, start + 15) != Some('X') {
        let old = digits(text, start, 15, false)?;
        let mut birthday = vec![1, 9];
        birthday.extend(old.values.get(6..12)?);
        if is_province(&old.values) && is_birthday(Some(&birthday)) {
            return Some(finding(old.end, "像旧式身份证号"));
        }
    }
    let length = run(text, start);
    let tail = usize::from(at(text, start + length) == Some('X'));
    (named && (15..=19).contains(&(length + tail))).then(|| finding(start + length + tail, "写明是身份证号"))
}

fn is_province(values: &[u32]) -> bool {
    matches!(values, [tens, ones, ..] if PROVINCE_CODES.contains(&(tens * 10 + ones)))
}

/// Whether eight digits are a day on which somebody alive may have been born.
fn is_birthday(values: Option<&[u32]>) -> bool {
    let number = |digits: &[u32]| digits.iter().fold(0, |number, digit| number * 10 + digit);
    match values {
        Some([year @ .., m1, m2, d1, d2]) => {
            (1900..=2099).contains(&number(year))
                && (1..=12).contains(&number(&[*m1, *m2]))
                && (1..=31).contains(&number(&[*d1, *d2]))
        }
        _ => false,
    }
}

/// The check digit of GB 11643 for seventeen digits, 10 standing for X.
fn identity_check(values: &[u32]) -> u32 {
    const WEIGHTS: [u32; 17] = [7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2];
    let sum: u32 = values.iter().zip(WEIGHTS).map(|(value, weight)| value * weight).sum();
    (12 - sum % 11) % 11
}

fn bank_card(text: &[char], start: usize) -> Option<Finding> {
    at(text, start).filter(char::is_ascii_digit)?;
    if !begins(text, start, false) {
        return None;
    }
    let finding = |end, reason| Finding {
        start,
        end,
        kind: MaskKind::BankCard,
        reason,
    };
    for length in (16..=19).rev() {
        let Some(card) = digits(text, start, length, false) else {
            continue;
        };
        let grouped =
            card.groups.len() == 1 || card.groups.iter().rev().skip(1).all(|group| *group == 4 || *group == 6);
        if grouped
            && ends(text, card.end, false)
            && matches!(card.values.first(), Some(3..=6 | 9))
            && luhn(&card.values)
        {
            return Some(finding(card.end, "像银行卡号"));
        }
    }
    let length = run(text, start);
    ((12..=22).contains(&length) && preceded_by(text, start, 10, &CARD_WORDS))
        .then(|| finding(start + length, "写明是账号"))
}

/// The check of card numbers: every second digit from the right doubled.
fn luhn(values: &[u32]) -> bool {
    let sum: u32 = values
        .iter()
        .rev()
        .enumerate()
        .map(|(place, digit)| match (place % 2, digit * 2) {
            (0, _) => *digit,
            (_, double @ 10..) => double - 9,
            (_, double) => double,
        })
        .sum();
    sum.is_multiple_of(10)
}

fn phone(text: &[char], start: usize) -> Option<Finding> {
    let finding = |end, reason| Finding {
        start,
        end,
        kind: MaskKind::Phone,
        reason,
    };
    let first = at(text, start)?;
    if let Some(end) = mobile(text, start, false) {
        return Some(finding(end, "像手机号"));
    }
    if let Some(end) = mobile(text, start, true) {
        return Some(finding(end, "像用汉字写的手机号"));
    }
    if let Some(end) = landline(text, start) {
        return Some(finding(end, "像固定电话"));
    }
    if first.is_ascii_digit() && begins(text, start, false) && before(text, start) != Some('-') {
        let length = run(text, start);
        // Service numbers are shorter (12345, 95598) or begin with 400 and 800.
        if (7..=13).contains(&length)
            && preceded_by(text, start, 8, &PHONE_WORDS)
            && !is_service(text, start)
            && !at(text, start + length).is_some_and(|character| UNITS.contains(character))
        {
            return Some(finding(start + length, "写明是电话"));
        }
    }
    None
}

/// The place after a mobile number that begins here, with its country prefix if it has one.
fn mobile(text: &[char], start: usize, spoken: bool) -> Option<usize> {
    let prefixes: [&[char]; 3] = [&['+', '8', '6'], &['0', '0', '8', '6'], &['8', '6']];
    let rest = text.get(start..)?;
    if !begins(text, start, spoken) {
        return None;
    }
    let national = prefixes
        .iter()
        .find(|prefix| rest.starts_with(prefix))
        .map_or(start, |prefix| {
            start + prefix.len() + rest.get(prefix.len()..).map_or(0, leading_separators)
        });
    let number = digits(text, national, 11, spoken)?;
    let plausible = matches!(number.values.as_slice(), [1, 3..=9, ..]) && ends(text, number.end, spoken);
    let [single] = number.groups.as_slice() else {
        let amount = at(text, number.end).is_some_and(|character| UNITS.contains(character));
        return (plausible && !amount && usual_grouping(&number.groups)).then_some(number.end);
    };
    let paid = matches!(at(text, number.end), Some('元' | '块' | '万'));
    (plausible && *single == 11 && !paid).then_some(number.end)
}

fn leading_separators(text: &[char]) -> usize {
    text.iter()
        .take(2)
        .take_while(|character| is_separator(**character))
        .count()
}

/// How people break up eleven digits; amounts and dates in a row are broken up otherwise.
fn usual_grouping(groups: &[usize]) -> bool {
    const USUAL: [&[usize]; 9] = [
        &[3, 4, 4],
        &[4, 3, 4],
        &[3, 8],
        &[7, 4],
        &[3, 3, 5],
        &[3, 5, 3],
        &[5, 6],
        &[6, 5],
        &[3, 2, 2, 2, 2],
    ];
    USUAL.contains(&groups) || groups.len() == 11 || groups == [4, 4, 3]
}

/// The place after a landline number with area code, with brackets, dashes and an extension.
fn landline(text: &[char], start: usize) -> Option<usize> {
    let bracket = at(text, start) == Some('(');
    let area = start + usize::from(bracket);
    if at(text, area) != Some('0') || !begins(text, area, false) {
        return None;
    }
    let code = match (at(text, area + 1)?, at(text, area + 2)?) {
        ('1', '0') | ('2', '0'..='9') => 3,
        ('3'..='9', '0'..='9') => 4,
        _ => return None,
    };
    if text
        .get(area..area + code)?
        .iter()
        .any(|character| !character.is_ascii_digit())
    {
        return None;
    }
    // "(0539-8312345)" stands in brackets as a whole: the number begins behind the bracket.
    if bracket && at(text, area + code) != Some(')') {
        return None;
    }
    let mut local = area + code;
    while local < area + code + 3
        && at(text, local).is_some_and(|character| character == ')' || is_separator(character))
    {
        local += 1;
    }
    // Three-digit codes have eight local digits, the others seven or eight.
    [8, 7]
        .into_iter()
        .filter(|length| code == 4 || *length == 8)
        .find_map(|length| {
            let number = digits(text, local, length, false)?;
            let plausible =
                matches!(number.values.first(), Some(2..=8)) && number.groups.iter().all(|group| *group >= 3);
            (plausible && ends(text, number.end, false)).then(|| past_extension(text, number.end))
        })
}

/// The place after an extension such as `-801` or `转801`, if there is one.
fn past_extension(text: &[char], end: usize) -> usize {
    let length = run(text, end + 1);
    if matches!(at(text, end), Some('-' | '转')) && (1..=5).contains(&length) {
        end + 1 + length
    } else {
        end
    }
}

fn is_service(text: &[char], start: usize) -> bool {
    matches!(text.get(start..start + 3), Some(['4' | '8', '0', '0']))
}

/// A chat account behind the programme's name.
fn chat(text: &[char], start: usize) -> Option<Finding> {
    let first = at(text, start).filter(|character| character.is_ascii_alphanumeric() || *character == '_')?;
    if before(text, start)
        .is_some_and(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-' | '.'))
    {
        return None;
    }
    let length = text
        .get(start..)?
        .iter()
        .take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '_' | '-'))
        .count();
    let word: String = text.get(start..start + length)?.iter().collect();
    if CHAT_WORDS.contains(&word.as_str()) {
        return None;
    }
    // Names typed right behind the programme's letters: "vx13zhang".
    let glued = ["VX", "WX", "QQ"].iter().find(|programme| {
        word.strip_prefix(**programme)
            .is_some_and(|rest| rest.len() >= 5 && rest.chars().any(|character| character.is_ascii_digit()))
    });
    let named = preceded_by(text, start, 7, &CHAT_WORDS) && (5..=24).contains(&length);
    let all_digits = word.chars().all(|character| character.is_ascii_digit());
    let plausible =
        !all_digits || ((5..=12).contains(&length) && first != '0' && !is_public_or_amount(text, start, length));
    ((named && plausible) || glued.is_some()).then(|| Finding {
        start,
        end: start + length,
        kind: MaskKind::ChatAccount,
        reason: "像聊天账号",
    })
}

/// Whether the digits behind a chat programme's name are a sum paid through it, or a public hotline.
fn is_public_or_amount(text: &[char], start: usize, length: usize) -> bool {
    let digits = text.get(start..start + length).unwrap_or_default();
    [['1', '2', '3', '4', '5'], ['9', '5', '5', '9', '8']]
        .iter()
        .any(|hotline| digits == hotline)
        || at(text, start + length).is_some_and(|character| UNITS.contains(character))
        || preceded_by(text, start, 7, &["支付", "转账", "转了", "付了", "收款"])
}

/// Mail addresses around each `@`.
fn mail(text: &[char], findings: &mut Vec<Finding>) {
    for (sign, _) in text.iter().enumerate().filter(|(_, character)| **character == '@') {
        let local =
            |character: &char| character.is_ascii_alphanumeric() || matches!(character, '.' | '_' | '-' | '+' | '%');
        let front = text
            .get(..sign)
            .unwrap_or_default()
            .iter()
            .rev()
            .take(64)
            .take_while(|c| local(c))
            .count();
        let host: String = text
            .get(sign + 1..)
            .unwrap_or_default()
            .iter()
            .take(128)
            .take_while(|character| character.is_ascii_alphanumeric() || matches!(character, '.' | '-'))
            .collect();
        let host = host.trim_end_matches(['.', '-']);
        let has_domain = host
            .rsplit_once('.')
            .is_some_and(|(name, top)| !name.is_empty() && top.len() >= 2);
        if front > 0 && has_domain {
            let (start, end) = (sign - front, sign + 1 + host.len());
            findings.push(Finding {
                start,
                end,
                kind: MaskKind::Email,
                reason: "像邮箱地址",
            });
        }
    }
}
