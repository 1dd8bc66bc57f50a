//! Finds door numbers: building, unit and room in their usual spellings, and the number of a house when the words around say
//! that somebody lives there. A building alone (3号楼) is a public place and stays.

use super::{Finding, MaskKind, at, before, is_han, preceded_by};

/// Words before a number that make it somebody's home.
const HOME_WORDS: [&str; 12] = [
    "我家",
    "家住",
    "住在",
    "家在",
    "本人住",
    "门牌",
    "住址",
    "家庭地址",
    "租住",
    "现住",
    "他家",
    "她家",
];
/// Words before a room number that make it an office, a ward or a hall.
const OFFICE_WORDS: [&str; 14] = [
    "大厅",
    "政府",
    "局",
    "中心",
    "办事处",
    "医院",
    "学校",
    "法院",
    "派出所",
    "委员会",
    "会议",
    "宾馆",
    "酒店",
    "病房",
];
/// Words before a plain chain of numbers that make it an address.
const ESTATE_WORDS: [&str; 13] = [
    "小区", "花园", "家园", "苑", "公寓", "新村", "社区", "华府", "名邸", "庭", "城", "家住", "住在",
];

pub(super) fn find(text: &[char], findings: &mut Vec<Finding>) {
    let mut place = 0;
    while place < text.len() {
        let found = building(text, place)
            .map(|end| (end, "楼栋、单元、房号"))
            .or_else(|| chain(text, place).map(|end| (end, "像楼栋、单元、房号")))
            .or_else(|| room(text, place).map(|end| (end, "房号")))
            .or_else(|| house(text, place).map(|end| (end, "住家门牌号")));
        if let Some((end, reason)) = found {
            findings.push(Finding {
                start: place,
                end,
                kind: MaskKind::DoorNumber,
                reason,
            });
            place = end;
        } else {
            place += 1;
        }
    }
}

fn is_number(character: char) -> bool {
    character.is_ascii_digit() || "零〇一二三四五六七八九十百".contains(character)
}

/// The place after a number of at most `most` characters, ASCII or Chinese; the place itself when there is none.
fn past_number(text: &[char], start: usize, most: usize) -> usize {
    let length = text
        .get(start..)
        .unwrap_or_default()
        .iter()
        .take_while(|character| is_number(**character))
        .count();
    if length <= most { start + length } else { start }
}

fn past_gap(text: &[char], start: usize) -> usize {
    let mut place = start;
    while place < start + 2
        && at(text, place).is_some_and(|character| matches!(character, ' ' | '-' | ',' | '、' | '—'))
    {
        place += 1;
    }
    place
}

/// Whether a number may begin here: not within a longer one, nor a decimal.
fn begins(text: &[char], start: usize) -> bool {
    before(text, start)
        .is_none_or(|character| !is_number(character) && !character.is_ascii_alphanumeric() && character != '.')
}

/// Building, unit, floor and room: at least two of them with the room among them, or unit and room alone.
fn building(text: &[char], start: usize) -> Option<usize> {
    if !begins(text, start) {
        return None;
    }
    let after_building = past_building(text, start);
    let unit_start = after_building.map_or(start, |place| past_gap(text, place));
    let after_unit = past_unit(text, unit_start);
    let room_start = past_gap(text, after_unit.or(after_building)?);
    let after_floor = past_floor(text, room_start);
    let number_start = after_floor.map_or(room_start, |place| past_gap(text, place));
    let number_end = past_number(text, number_start, 4);
    let marked = at(text, number_end).is_some_and(|character| matches!(character, '室' | '户' | '房' | '号'));
    let length = number_end - number_start;
    if length > 0 && marked {
        // "3号楼2号门" is a door of the building, no home.
        let public = matches!(
            at(text, number_end + 1),
            Some('门' | '楼' | '机' | '井' | '线' | '电' | '变' | '泵' | '车')
        );
        return (!public).then_some(number_end + 1);
    }
    let bare = length >= 3 || (after_unit.is_some() && length == 2);
    if bare && !at(text, number_end).is_some_and(is_measure) {
        let side = matches!(at(text, number_end), Some('东' | '西')) && at(text, number_end + 1) == Some('户');
        return Some(if side { number_end + 2 } else { number_end });
    }
    // "2单元5楼东户" names a home without a room number.
    let side = matches!(at(text, room_start), Some('东' | '西' | '中')) && at(text, room_start + 1) == Some('户');
    let floor_side = after_floor
        .filter(|place| matches!(at(text, *place), Some('东' | '西' | '中')) && at(text, *place + 1) == Some('户'));
    floor_side
        .map(|place| place + 2)
        .or_else(|| side.then_some(room_start + 2))
}

fn is_measure(character: char) -> bool {
    "元块米户人年月日次个天路车度平吨公小分多余".contains(character)
}

/// The place after 3号楼, 5栋, 12幢, A座, 3#楼, 12#.
fn past_building(text: &[char], start: usize) -> Option<usize> {
    let lettered = at(text, start).is_some_and(|character| character.is_ascii_uppercase());
    let end = past_number(text, start + usize::from(lettered), 3);
    if end == start {
        return None;
    }
    let words: [&[char]; 9] = [
        &['号', '楼'],
        &['#', '楼'],
        &['#'],
        &['号', '栋'],
        &['楼'],
        &['栋'],
        &['幢'],
        &['座'],
        &['号', '公', '寓'],
    ];
    let rest = text.get(end..)?;
    words
        .iter()
        .find(|word| rest.starts_with(word))
        .map(|word| end + word.len())
}

/// The place after 2单元.
fn past_unit(text: &[char], start: usize) -> Option<usize> {
    let end = past_number(text, start, 2);
    (end > start && text.get(end..)?.starts_with(&['单', '元'])).then_some(end + 2)
}

/// The place after 5楼 or 5层.
fn past_floor(text: &[char], start: usize) -> Option<usize> {
    let end = past_number(text, start, 2);
    (end > start && matches!(at(text, end), Some('楼' | '层'))).then_some(end + 1)
}

/// 3-2-501 or 3-501 in an estate, or with 室 or 户 behind.
fn chain(text: &[char], start: usize) -> Option<usize> {
    if !begins(text, start) || before(text, start) == Some('-') {
        return None;
    }
    let mut lengths = Vec::new();
    let mut place = start;
    loop {
        let end = place
            + text
                .get(place..)?
                .iter()
                .take(5)
                .take_while(|character| character.is_ascii_digit())
                .count();
        lengths.push(end - place);
        place = end;
        if lengths.len() < 4 && matches!(at(text, end), Some('-' | '—' | '#')) {
            place += 1;
        } else {
            break;
        }
    }
    let shaped = matches!(lengths.as_slice(), [1 | 2, 3 | 4] | [1 | 2, 1 | 2, 3 | 4]);
    let marked = matches!(at(text, place), Some('室' | '户' | '房'));
    let named = preceded_by(text, start, 6, &ESTATE_WORDS) && !at(text, place).is_some_and(is_measure);
    (shaped && (marked || named)).then(|| place + usize::from(marked))
}

/// 501室, 1203户 on its own, unless an office is meant.
fn room(text: &[char], start: usize) -> Option<usize> {
    if !begins(text, start) || before(text, start) == Some('-') {
        return None;
    }
    let end = start
        + text
            .get(start..)?
            .iter()
            .take(5)
            .take_while(|character| character.is_ascii_digit())
            .count();
    if !(3..=4).contains(&(end - start)) {
        return None;
    }
    let marked = match at(text, end)? {
        '室' => at(text, end + 1) != Some('内') && at(text, end + 1) != Some('外'),
        // "500户居民" counts homes.
        '户' => preceded_by(text, start, 8, &["单元", "栋", "号楼", "家住", "住在"]),
        _ => false,
    };
    (marked && !preceded_by(text, start, 12, &OFFICE_WORDS)).then_some(end + 1)
}

/// 12号, 12号院 or 56号 behind a village, when somebody lives there.
fn house(text: &[char], start: usize) -> Option<usize> {
    if !begins(text, start) || matches!(before(text, start), Some('月' | '-')) {
        return None;
    }
    let number_end = past_number(text, start, 4);
    if number_end == start || at(text, number_end) != Some('号') {
        return None;
    }
    let after = number_end + 1;
    let home_before = preceded_by(text, start, 14, &HOME_WORDS);
    let village_before = matches!(before(text, start), Some('村' | '庄' | '巷' | '胡' | '同' | '弄'));
    let yard = at(text, after) == Some('院');
    let end = after + usize::from(yard);
    let closed =
        at(text, end).is_none_or(|character| !is_han(character) || "的住家门户是有被前后旁".contains(character));
    let home_after = text.get(end..).unwrap_or_default().starts_with(&['居', '民'])
        || text.get(end..).unwrap_or_default().starts_with(&['住', '户'])
        || matches!(at(text, end), Some('住' | '家'));
    let is_home = (home_before && (closed || home_after)) || (village_before && closed) || (yard && home_after);
    is_home.then_some(end)
}
