//! Finds names: before a title (张女士, 王建国主任), with 某 (李某某), and behind words that introduce one (我叫张伟).
//!
//! Only the name is hidden, the title stays: readers still see that a 女士 or a 主任 is meant. Without a dictionary of all words the
//! rules rest on surnames and on the characters around; where both readings are possible, the name wins.

use super::{Finding, MaskKind, at, before, is_han, starts_with};

/// Surnames that are rarely part of another word.
const SURNAMES: &str = "赵孙李吴郑王冯陈褚卫蒋沈韩杨朱秦尤吕曹孔魏陶姜戚邹喻窦潘葛奚范彭郎鲁韦昌苗凤俞袁柳酆鲍廉岑薛雷贺倪汤滕殷罗毕郝邬卞康伍卜顾孟萧尹姚邵湛汪毛禹狄贝臧戴谈宋茅庞熊舒屈董梁杜阮蓝闵麻贾娄危颜郭梅盛刁钟徐邱骆蔡樊胡凌霍虞柯昝卢莫裘缪丁宣邓郁杭诸崔钮龚嵇邢裴陆荣翁荀惠甄曲封储靳糜巫乌焦巴弓侯宓蓬郗仰仲伊宫宁仇栾甘厉戎符刘景詹龙叶幸韶郜黎薄宿蒲邰鄂索咸籍赖卓蔺屠蒙池乔阴胥苍闻莘翟谭贡姬申扶堵冉宰郦雍桑桂濮牛寿扈燕冀郏浦温柴瞿阎慕茹宦艾鱼易慎戈廖庾暨衡耿弘匡寇禄阙欧殳沃蔚巩厍聂晁勾敖融冷訾辛阚饶曾沙鞠丰蒯荆游竺逯盖桓仉督岳帅缑亢琴牟佘佴伯赏墨哈谯笪肖闫苑付武晋张唐施傅覃隋迟战";
/// Surnames that are also part of common words: they count only at the beginning of a phrase.
const AMBIGUOUS: &str =
    "方安金高何于许任周常江林田马石史程夏白余钱严洪纪项文向单包季庄黄苏段章谢云祁齐左万柏华童解相祝席";
/// Surnames of two characters.
const COMPOUND: [&str; 24] = [
    "欧阳", "诸葛", "上官", "司马", "皇甫", "尉迟", "公孙", "慕容", "令狐", "司徒", "夏侯", "端木", "长孙", "宇文",
    "轩辕", "南宫", "独孤", "闻人", "钟离", "申屠", "澹台", "太史", "呼延", "淳于",
];
/// Titles of people; long ones first, since 老师傅 begins with 老师.
const TITLES: [&str; 73] = [
    "女士",
    "先生",
    "小姐",
    "大爷",
    "大妈",
    "大娘",
    "大叔",
    "大哥",
    "大姐",
    "大嫂",
    "大伯",
    "阿姨",
    "奶奶",
    "爷爷",
    "叔叔",
    "婶子",
    "婶婶",
    "伯伯",
    "师傅",
    "老师",
    "同志",
    "同学",
    "老板",
    "老人",
    "老汉",
    "老太",
    "某某",
    "村民",
    "主任",
    "副主任",
    "书记",
    "副书记",
    "局长",
    "副局长",
    "科长",
    "处长",
    "所长",
    "副所长",
    "队长",
    "站长",
    "校长",
    "园长",
    "院长",
    "镇长",
    "副镇长",
    "县长",
    "乡长",
    "区长",
    "村长",
    "组长",
    "会长",
    "部长",
    "厂长",
    "行长",
    "市长",
    "经理",
    "总经理",
    "董事长",
    "会计",
    "出纳",
    "医生",
    "大夫",
    "护士",
    "护士长",
    "律师",
    "法官",
    "警官",
    "教练",
    "教授",
    "工程师",
    "网格员",
    "支书",
    "保安",
];
/// Short forms of address, only behind an unambiguous surname and at the end of a phrase.
const SHORT_TITLES: &str = "哥姐叔婶姨总工爷奶";
/// Characters that no given name holds: a candidate with one of them is a phrase.
const NOT_GIVEN: &str = "的了是在我你他她它们不有和与及等被把向找给去来说让请这那哪个些为对从到就也都还很又再要会能可没无区县市镇乡村街道路局所处室科办委部厅院校园场站队厂店司组社位名家住户主任先生女士小姐师傅老板楼号年月日时分元上下里外内前后左右东西南北么什怎谁跟叫问打做看听用以因但而且或如果所姓某,电话班级系";
/// Characters before an ambiguous surname that leave it a surname.
const BEFORE_NAME: &str = "的找给跟叫请让被问是向据系民户主位名师人员生长了为见谓,和与及对由谢";
/// A character and a surname behind it that are a word together.
const WORDS: [&str; 84] = [
    "主任", "现任", "前任", "新任", "继任", "担任", "出任", "历任", "首任", "责任", "委任", "信任", "家庄", "长江",
    "长安", "任何", "为何", "如何", "由于", "关于", "对于", "等于", "位于", "属于", "处于", "在于", "至于", "终于",
    "便于", "鉴于", "公安", "保安", "治安", "西安", "延安", "不安", "地方", "对方", "警方", "甲方", "乙方", "双方",
    "东方", "北方", "南方", "西方", "各方", "一方", "我方", "官方", "厂方", "校方", "院方", "药方", "提高", "最高",
    "很高", "太高", "较高", "身高", "升高", "基金", "资金", "现金", "奖金", "租金", "押金", "五金", "也许", "允许",
    "或许", "上周", "本周", "下周", "每周", "一周", "工程", "课程", "流程", "百姓", "感谢", "谢谢", "多余", "是否",
];
/// Words that introduce a name; what follows is one.
const INTRODUCTIONS: [&str; 22] = [
    "我叫",
    "名叫",
    "叫做",
    "姓名:",
    "姓名是",
    "姓名",
    "联系人:",
    "联系人是",
    "联系人",
    "本人:",
    "户主:",
    "户主是",
    "户主",
    "申请人:",
    "申请人",
    "当事人",
    "投诉人",
    "举报人",
    "受害人",
    "负责人:",
    "负责人是",
    "名字叫",
];

pub(super) fn find(text: &[char], findings: &mut Vec<Finding>) {
    for place in 0..text.len() {
        if let Some(start) = before_title(text, place) {
            push(findings, start, place, "称呼前的姓名");
        }
        if let Some(end) = anonymised(text, place) {
            push(findings, place, end, "某字代称");
        }
        if let Some((start, end)) = introduced(text, place) {
            push(findings, start, end, "写明是姓名");
        }
    }
}

fn push(findings: &mut Vec<Finding>, start: usize, end: usize, reason: &'static str) {
    findings.push(Finding {
        start,
        end,
        kind: MaskKind::Name,
        reason,
    });
}

fn is_surname(character: char) -> bool {
    SURNAMES.contains(character) || is_ambiguous(character)
}

fn is_ambiguous(character: char) -> bool {
    AMBIGUOUS.contains(character)
}

/// Whether a phrase begins at this place, so that an ambiguous surname is read as one.
fn begins_phrase(text: &[char], start: usize) -> bool {
    before(text, start).is_none_or(|character| !is_han(character) || BEFORE_NAME.contains(character))
}

/// Whether the surname at this place belongs to a person and not to a word.
fn is_surname_at(text: &[char], place: usize) -> bool {
    let Some(character) = at(text, place) else { return false };
    if !is_surname(character) {
        return false;
    }
    let in_word = before(text, place).is_some_and(|previous| {
        WORDS.iter().any(|word| {
            let mut pair = word.chars();
            pair.next() == Some(previous) && pair.next() == Some(character)
        })
    });
    !in_word && (!is_ambiguous(character) || begins_phrase(text, place))
}

fn compound_at(text: &[char], place: usize) -> bool {
    COMPOUND.iter().any(|surname| starts_with(text, place, surname))
}

fn is_given(character: char) -> bool {
    is_han(character) && !NOT_GIVEN.contains(character)
}

/// The place where the name before a title at `title` begins.
fn before_title(text: &[char], title: usize) -> Option<usize> {
    let short = at(text, title).is_some_and(|character| SHORT_TITLES.contains(character));
    let full = TITLES.iter().any(|word| starts_with(text, title, word));
    if !full && !short {
        return None;
    }
    let back = |count: usize| title.checked_sub(count);
    // 欧阳先生, 欧阳娜女士, 欧阳娜娜女士.
    for given in 0..=2 {
        if let Some(start) = back(2 + given)
            && compound_at(text, start)
            && text.get(start + 2..title)?.iter().all(|character| is_given(*character))
        {
            return Some(start);
        }
    }
    if !full {
        let start = back(1)?;
        let ended = at(text, title + 1).is_none_or(|next| !is_han(next) || "的说在让家给".contains(next));
        let plain = at(text, start).is_some_and(|character| !is_ambiguous(character));
        return (plain && ended && is_surname_at(text, start) && begins_phrase(text, start)).then_some(start);
    }
    // 张女士; but 张金主任 begins one earlier when a phrase begins there.
    if let Some(start) = back(1)
        && is_surname_at(text, start)
    {
        let longer = (2..=3).rev().filter_map(back).find(|earlier| {
            is_surname_at(text, *earlier)
                && begins_phrase(text, *earlier)
                && text
                    .get(earlier + 1..title)
                    .is_some_and(|given| given.iter().all(|character| is_given(*character)))
        });
        return Some(longer.unwrap_or(start));
    }
    (2..=3).filter_map(back).find(|start| {
        is_surname_at(text, *start)
            && !is_word_pair(text, *start)
            && text
                .get(start + 1..title)
                .is_some_and(|given| given.iter().all(|character| is_given(*character)))
    })
}

/// Whether the surname and what follows are a common word, such as 高新 or 周末.
fn is_word_pair(text: &[char], start: usize) -> bool {
    const PAIRS: [&str; 36] = [
        "谢谢", "任何", "祝福", "相关", "高新", "周末", "周一", "周二", "周三", "周四", "周五", "周六", "周日", "白天",
        "夏天", "马上", "马路", "方便", "安全", "常务", "黄金", "金融", "江苏", "水果", "石材", "文化", "全体", "罗庄",
        "钱款", "任课", "蒙阴", "莒南", "平邑", "高中", "高级", "费县",
    ];
    PAIRS.iter().any(|pair| starts_with(text, start, pair))
}

/// The place after 李某, 李某某 or 王某强.
fn anonymised(text: &[char], start: usize) -> Option<usize> {
    let surname = if compound_at(text, start) {
        2
    } else {
        usize::from(is_surname_at(text, start))
    };
    let some = start + surname;
    if surname == 0 || !matches!(at(text, some), Some('某' | '×')) {
        return None;
    }
    let second = at(text, some + 1).filter(|character| matches!(character, '某' | '×'));
    Some(some + 1 + usize::from(second.is_some()))
}

/// Where a name behind an introduction at `place` lies.
fn introduced(text: &[char], place: usize) -> Option<(usize, usize)> {
    let word = INTRODUCTIONS
        .iter()
        .filter(|word| starts_with(text, place, word))
        .max_by_key(|word| word.chars().count())?;
    let mut start = place + word.chars().count();
    while start < text.len() && matches!(at(text, start), Some(' ' | ':' | '"' | '“')) {
        start += 1;
    }
    let surname = if compound_at(text, start) {
        2
    } else {
        usize::from(at(text, start).is_some_and(is_surname))
    };
    if surname == 0 || is_word_pair(text, start) {
        return None;
    }
    let given = text
        .get(start + surname..)?
        .iter()
        .take(2)
        .take_while(|character| is_given(**character))
        .count();
    (given > 0).then_some((start, start + surname + given))
}
