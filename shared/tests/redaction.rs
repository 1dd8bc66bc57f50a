//! What the public sees of texts as residents write them: no number, name or door that leads to a person, and nothing else
//! hidden.

use proptest::prelude::*;
use shared::domain::redaction::{MaskError, MaskKind, MaskSpan, apply, propose};

fn masked(text: &str) -> String {
    apply(text, &propose(text)).unwrap_or_else(|fault| format!("{text}: {fault}"))
}

fn check(cases: &[(&str, &str)]) {
    let wrong: Vec<String> = cases
        .iter()
        .filter(|(text, expected)| masked(text) != *expected)
        .map(|(text, expected)| format!("{text}\n  expected {expected}\n  got      {}", masked(text)))
        .collect();
    assert!(
        wrong.is_empty(),
        "{} of {}:\n{}",
        wrong.len(),
        cases.len(),
        wrong.join("\n")
    );
}

#[test]
fn phone_numbers_are_hidden_however_they_are_written() {
    check(&[
        ("联系电话13812345678，随时可以打", "联系电话〔电话〕，随时可以打"),
        ("我的手机是138 1234 5678。", "我的手机是〔电话〕。"),
        ("电话：138-1234-5678", "电话：〔电话〕"),
        ("打我电话１３８１２３４５６７８", "打我电话〔电话〕"),
        ("+86 13812345678找我", "〔电话〕找我"),
        ("0086-138-1234-5678", "〔电话〕"),
        ("我号码一三八一二三四五六七八", "我号码〔电话〕"),
        ("幺三八 幺二三四 五六七八 打这个", "〔电话〕 打这个"),
        ("一三八1234五六七八", "〔电话〕"),
        ("1 3 8 1 2 3 4 5 6 7 8加我", "〔电话〕加我"),
        ("电话①③⑧①②③④⑤⑥⑦⑧", "电话〔电话〕"),
        ("座机0539-8312345没人接", "座机〔电话〕没人接"),
        ("(0539)8312345转801", "〔电话〕"),
        ("（0539） 8312 345", "〔电话〕"),
        ("010-62345678是总部电话", "〔电话〕是总部电话"),
        ("拨打8312345也没人管", "拨打〔电话〕也没人管"),
        ("手机13812345678或者15912345678都行", "手机〔电话〕或者〔电话〕都行"),
        ("电话:138123456789打不通", "电话:〔电话〕打不通"),
    ]);
}

#[test]
fn identity_numbers_cards_and_accounts_are_hidden() {
    check(&[
        ("身份证371302198506123017，麻烦查一下", "身份证〔身份证号〕，麻烦查一下"),
        ("37132719780305118x是我父亲", "〔身份证号〕是我父亲"),
        ("371302 19850612 3017", "〔身份证号〕"),
        (
            "身份证号：371302198506123011（可能写错一位）",
            "身份证号：〔身份证号〕（可能写错一位）",
        ),
        ("老证号371302850612301", "老证号〔身份证号〕"),
        ("工资打到6228480418564110918", "工资打到〔银行卡号〕"),
        ("卡号6217 0022 1000 1238", "卡号〔银行卡号〕"),
        ("卡号是6228480418564110911农行", "卡号是〔银行卡号〕农行"),
        ("邮箱zhang.san@example.com请回复", "邮箱〔邮箱〕请回复"),
        ("发到lyshi_2026＠163.com", "发到〔邮箱〕"),
        ("微信号：zhangsan_1985", "微信号：〔聊天账号〕"),
        ("加我微信 lin-yi2026 细说", "加我微信 〔聊天账号〕 细说"),
        ("vx：abc12345", "vx：〔聊天账号〕"),
        ("QQ号是123456789", "QQ号是〔聊天账号〕"),
        ("微信同号13812345678", "微信同号〔电话〕"),
    ]);
}

#[test]
fn plates_are_hidden() {
    check(&[
        ("鲁Q12345堵住了消防通道", "〔车牌〕堵住了消防通道"),
        ("鲁Q·12A45一直停在门口", "〔车牌〕一直停在门口"),
        ("新能源车鲁QD12345占车位", "新能源车〔车牌〕占车位"),
        ("鲁 Q 12345 违停", "〔车牌〕 违停"),
        ("鲁q8k123乱停车", "〔车牌〕乱停车"),
        ("苏Ｃ·Ｆ１２３４５", "〔车牌〕"),
        ("大货车鲁Q1234挂超载", "大货车〔车牌〕超载"),
        ("车牌号是Q12345的面包车", "车牌号是〔车牌〕的面包车"),
    ]);
}

#[test]
fn homes_are_hidden_and_buildings_stay() {
    check(&[
        ("3号楼2单元501室漏水", "〔门牌号〕漏水"),
        ("恒大华府5栋1203噪音大", "恒大华府〔门牌号〕噪音大"),
        ("阳光小区三号楼二单元402", "阳光小区〔门牌号〕"),
        ("我住3#楼1单元301户", "我住〔门牌号〕"),
        ("A座1502室半夜装修", "〔门牌号〕半夜装修"),
        ("滨河花园3-2-501楼上漏水", "滨河花园〔门牌号〕楼上漏水"),
        ("12-1-302室没有暖气", "〔门牌号〕没有暖气"),
        ("2单元301漏水到楼下", "〔门牌号〕漏水到楼下"),
        ("8号楼1单元6楼东户", "〔门牌号〕"),
        ("我家住兰山路12号院，门口积水", "我家住兰山路〔门牌号〕，门口积水"),
        ("罗家庄56号的老房子漏雨", "罗家庄〔门牌号〕的老房子漏雨"),
        ("沂城街道前村12号住着一位老人", "沂城街道前村〔门牌号〕住着一位老人"),
        ("家庭地址：银雀山路88号", "家庭地址：银雀山路〔门牌号〕"),
        ("楼上1801室天天吵", "楼上〔门牌号〕天天吵"),
    ]);
}

#[test]
fn names_are_hidden_and_titles_stay() {
    check(&[
        ("张女士反映楼道没灯", "〔姓名〕女士反映楼道没灯"),
        ("找过李主任三次", "找过〔姓名〕主任三次"),
        ("村里王建国书记不管", "村里〔姓名〕书记不管"),
        ("欧阳先生家漏水", "〔姓名〕先生家漏水"),
        ("诸葛娜老师很负责", "〔姓名〕老师很负责"),
        ("邻居赵大爷腿脚不好", "邻居〔姓名〕大爷腿脚不好"),
        ("李某某欠钱不还", "〔姓名〕欠钱不还"),
        ("包工头王某跑了", "包工头〔姓名〕跑了"),
        ("我叫张伟，住在附近", "我叫〔姓名〕，住在附近"),
        ("姓名：李晓红", "姓名：〔姓名〕"),
        ("联系人刘洋", "联系人〔姓名〕"),
        ("业主周女士说没人管", "业主〔姓名〕女士说没人管"),
        ("高主任态度不好", "〔姓名〕主任态度不好"),
        ("关于王主任的问题", "关于〔姓名〕主任的问题"),
        ("感谢孙师傅和周师傅", "感谢〔姓名〕师傅和〔姓名〕师傅"),
        ("村会计陈志强会计不在", "村会计〔姓名〕会计不在"),
        ("张哥说明天修", "〔姓名〕哥说明天修"),
        ("任先生、何女士都签了字", "〔姓名〕先生、〔姓名〕女士都签了字"),
        ("跟徐医生、马大夫说过", "跟〔姓名〕医生、〔姓名〕大夫说过"),
        ("物业的高经理", "物业的〔姓名〕经理"),
    ]);
}

#[test]
fn a_whole_letter_is_made_safe_and_stays_readable() {
    check(&[(
        "您好，我是金雀山路阳光小区的住户，我叫王丽，电话13812345678。3号楼2单元门口的路灯坏了5天，\
         鲁Q12345还堵着路，找物业李经理（0539-8312345）说没钱修。请帮忙，谢谢！",
        "您好，我是金雀山路阳光小区的住户，我叫〔姓名〕，电话〔电话〕。3号楼2单元门口的路灯坏了5天，\
         〔车牌〕还堵着路，找物业〔姓名〕经理（〔电话〕）说没钱修。请帮忙，谢谢！",
    )]);
}

#[test]
fn what_leads_to_nobody_stays() {
    let harmless = [
        "路灯从2024年11月23日坏到2026年1月5日",
        "2026-11-23 13:00-15:00停水",
        "打12345热线没人接",
        "拨打12345热线、95598和供水热线12319",
        "电话打了400-820-8820",
        "办事处主任不在",
        "找村主任和副主任都没用",
        "现任主任不管，前任书记也不管",
        "国家主任务是发展",
        "居委会书记说等通知",
        "高先进同志们的事迹",
        "方主要意见是补偿太低",
        "任何先生女士都可以报名",
        "公安同志来过了",
        "保安师傅不让进",
        "对方经理不出面",
        "谢谢老师傅们",
        "上周老师开会说的",
        "班主任要求家长签字",
        "基金经理跑路",
        "一位女士摔倒了",
        "学校老师乱收费",
        "房价12800元一平，总价1500000元",
        "花了1500 2000 300元",
        "工程款13812345678元没结",
        "距离路口200米，宽3.5米",
        "K5路、32路公交车晚点",
        "3号楼下水道堵了",
        "3号楼2单元门口路灯不亮",
        "5栋楼前面垃圾没人清",
        "12号楼电梯坏了",
        "2号井出水浑浊",
        "村1号桥塌了",
        "兰山区政务服务大厅205室窗口态度差",
        "工单号20261123000123456办结",
        "受理编号LY-7F3K-20QX-M4ZP-1V",
        "小区500户居民停电3天",
        "G2京沪高速，S229省道破损",
        "鲁A级景区门票太贵",
        "沂蒙路与金雀山路交叉口东北角",
        "2025年9月26日至10月10日，共14天",
        "补贴标准每亩120元，共35亩6分",
        "一二三四五六七组都没有水",
        "第38条第2款规定",
        "微信公众号12345打不开",
        "微信支付20000元没到账",
        "长江路李庄段路面坑洼",
        "由于施工，部分路段封闭",
        "身份证办理需要几天",
        "气温零下12.5度，暖气不到16度",
    ];
    let wrong: Vec<String> = harmless
        .iter()
        .filter(|text| !propose(text).is_empty())
        .map(|text| format!("{text}\n  got {}", masked(text)))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_moderators_spans_are_checked_and_united() {
    let span = |start, end, kind| MaskSpan {
        start,
        end,
        kind,
        reason: String::new(),
    };
    let text = "张伟住在罗家庄";
    assert_eq!(
        apply(text, &[span(0, 2, MaskKind::Name)]).unwrap(),
        "〔姓名〕住在罗家庄"
    );
    assert_eq!(
        apply(text, &[span(0, 3, MaskKind::Name), span(2, 7, MaskKind::Other)]).unwrap(),
        "〔已隐去〕"
    );
    assert_eq!(
        apply(text, &[span(4, 5, MaskKind::Other), span(5, 7, MaskKind::Other)]).unwrap(),
        "张伟住在〔已隐去〕"
    );
    assert_eq!(apply(text, &[]).unwrap(), text);
    assert_eq!(apply(text, &[span(3, 3, MaskKind::Name)]), Err(MaskError::Empty));
    assert_eq!(apply(text, &[span(5, 8, MaskKind::Name)]), Err(MaskError::OutOfBounds));
    assert_eq!(
        apply(text, &vec![span(0, 1, MaskKind::Name); 1_001]),
        Err(MaskError::TooMany)
    );
}

proptest! {
    #[test]
    fn any_text_is_handled(text: String) {
        let spans = propose(&text);
        let length = text.chars().count();
        prop_assert!(spans.iter().all(|span| span.start < span.end && span.end <= length));
        prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert!(apply(&text, &spans).is_ok());
    }

    #[test]
    fn crowded_text_is_handled(text in "[0-9一三八王李某号楼室单元鲁QA@.xX微信 :：，女士主任高方-]{0,80}") {
        let spans = propose(&text);
        prop_assert!(spans.windows(2).all(|pair| pair[0].end <= pair[1].start));
        prop_assert!(apply(&text, &spans).is_ok());
    }

    #[test]
    fn every_mobile_number_is_hidden(rest in "[3-9][0-9]{9}", front in "[我的电话是，]{0,6}", back in "[，请回复。]{0,5}") {
        let shown = masked(&format!("{front}1{rest}{back}"));
        prop_assert!(!shown.chars().any(|character| character.is_ascii_digit()), "{}", shown);
    }

    #[test]
    fn any_spans_are_applied_or_refused(text in "\\PC{0,30}", ends in proptest::collection::vec((0usize..40, 0usize..40), 0..5)) {
        let spans: Vec<MaskSpan> = ends
            .into_iter()
            .map(|(start, end)| MaskSpan { start, end, kind: MaskKind::Other, reason: String::new() })
            .collect();
        let within = spans.iter().all(|span| span.start < span.end && span.end <= text.chars().count());
        prop_assert_eq!(apply(&text, &spans).is_ok(), within);
    }
}
