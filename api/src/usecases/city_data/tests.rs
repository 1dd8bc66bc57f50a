//! What people who look after the city's data rely on: nothing broken gets in, a year's calendar is enough, export and import
//! are each other's reverse.

use shared::domain::time::Timestamp;

use super::{DataFile, Difference, ImportError, exported_files, import, plan_import};
use crate::{
    city::{City, CityKind, shipped, versions},
    database::{
        Database,
        tests::{audit_trail, on_both},
    },
};

const NOON: Timestamp = Timestamp(1_795_000_000_000_000);

const NOTICE_2027: &str = r#"{"year": 2027, "papers": [], "days": [
    {"name": "元旦", "date": "2026-12-31", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-01", "isOffDay": true},
    {"name": "元旦", "date": "2027-01-03", "isOffDay": false}
]}"#;

fn file(name: &str, text: &str) -> DataFile {
    DataFile {
        name: name.to_owned(),
        kind: None,
        text: text.to_owned(),
    }
}

fn edited(kind: CityKind, from: &str, to: &str) -> DataFile {
    let text = shipped::contents()[&kind].replacen("2026-11-23.1\"", "2026-12-01.1\"", 1);
    assert!(text.contains(from), "{from}");
    file(kind.file(), &text.replacen(from, to, 1))
}

async fn current(database: &Database) -> City {
    versions::load_current(database, NOON).await.unwrap()
}

#[test]
fn a_broken_catalogue_is_refused_and_the_old_one_stays() {
    on_both(async |database: Database| {
        let before = current(&database).await;
        let broken = edited(CityKind::Catalogue, "lead = \"county:", "lead = \"county:nobody-");
        let good = edited(
            CityKind::Knowledge,
            "words = [\"公积金\",",
            "words = [\"公积金\", \"住房金\",",
        );
        let refused = plan_import(&database, vec![good, broken]).await.unwrap_err();
        assert!(refused.to_string().contains("catalogue.toml: rule "), "{refused}");
        let after = current(&database).await;
        assert_eq!(after.parts, before.parts);
        assert_eq!(after.newest, before.newest);
    });
}

#[test]
fn an_import_says_what_changes_and_is_in_force_with_its_line_in_the_audit_trail() {
    on_both(async |database: Database| {
        current(&database).await;
        let words = edited(
            CityKind::Emergency,
            "[[rule]]\ncode = \"fire\"",
            "[[rule]]\ncode = \"blaze\"",
        );
        let plan = plan_import(&database, vec![words]).await.unwrap();
        let change = &plan.changes[0];
        assert_eq!(
            (change.before.as_str(), change.after.as_str()),
            ("2026-11-23.1", "2026-12-01.1")
        );
        assert_eq!(
            change.difference,
            Difference {
                added: 1,
                removed: 1,
                changed: 0
            }
        );
        assert_eq!(
            current(&database).await.version(CityKind::Emergency),
            "2026-11-23.1",
            "a plan stores nothing"
        );
        import(&database, NOON, &plan).await.unwrap();
        assert_eq!(current(&database).await.version(CityKind::Emergency), "2026-12-01.1");
        assert!(matches!(
            import(&database, NOON, &plan).await,
            Err(ImportError::Overtaken)
        ));
        let trail = audit_trail(&database).await;
        assert_eq!(trail.len(), 1);
        assert_eq!(trail[0].0, "city_data.import");
        assert!(trail[0].1.contains("\"after\":\"2026-12-01.1\""), "{}", trail[0].1);
    });
}

#[test]
fn one_more_year_of_the_calendar_is_enough_and_settles_december() {
    on_both(async |database: Database| {
        let december = chrono::NaiveDate::from_ymd_opt(2026, 12, 31).unwrap();
        assert!(current(&database).await.calendar.is_working_day(december).provisional);
        let mut notice = file("放假安排.json", NOTICE_2027);
        notice.kind = Some(CityKind::Calendar);
        let plan = plan_import(&database, vec![notice]).await.unwrap();
        let days = plan.changes[0].difference;
        assert_eq!((days.added, days.removed, days.changed), (3, 0, 0));
        import(&database, NOON, &plan).await.unwrap();
        let city = current(&database).await;
        assert_eq!(city.calendar.years().collect::<Vec<_>>(), [2024, 2025, 2026, 2027]);
        let day = city.calendar.is_working_day(december);
        assert!(!day.working && !day.provisional);
        let again = plan_import(&database, vec![file("2027.json", NOTICE_2027)])
            .await
            .unwrap();
        assert!(again.changes.is_empty());
        assert_eq!(again.unchanged[0].kind, CityKind::Calendar);
    });
}

#[test]
fn what_is_exported_is_what_a_person_edits_and_imports_as_no_change() {
    on_both(async |database: Database| {
        current(&database).await;
        let stored = versions::read_stored(&database).await.unwrap();
        let files = exported_files(&stored.contents);
        assert_eq!(files["units.toml"], include_str!("../../../city/units.toml"));
        assert_eq!(
            files["calendar/2026.json"],
            include_str!("../../../city/calendar/2026.json")
        );
        let given = files
            .iter()
            .map(|(path, text)| file(path.rsplit('/').next().unwrap(), text))
            .collect();
        let plan = plan_import(&database, given).await.unwrap();
        assert!(plan.changes.is_empty());
        assert_eq!(plan.unchanged.len(), CityKind::ALL.len());
    });
}

#[test]
fn one_version_never_means_two_contents() {
    on_both(async |database: Database| {
        current(&database).await;
        let text = shipped::contents()[&CityKind::Emergency].replacen("\"着火\", ", "", 1);
        let refused = plan_import(&database, vec![file("emergency.toml", &text)])
            .await
            .unwrap_err();
        assert!(
            refused.to_string().contains("emergency.toml: the content differs"),
            "{refused}"
        );
    });
}

#[test]
fn files_that_do_not_tell_what_they_are_or_come_twice_are_refused() {
    on_both(async |database: Database| {
        current(&database).await;
        let unknown = plan_import(&database, vec![file("新目录.toml", "")]).await;
        assert!(matches!(unknown, Err(ImportError::UnknownKind(_))));
        let twice = vec![file("2027.json", NOTICE_2027), file("2027.json", NOTICE_2027)];
        assert!(matches!(
            plan_import(&database, twice).await,
            Err(ImportError::Twice(_))
        ));
        let foreign = file("2028.json", &NOTICE_2027.replacen("2027,", "2028,", 1));
        let refused = plan_import(&database, vec![foreign]).await.unwrap_err();
        assert!(refused.to_string().contains("2028.json: "), "{refused}");
    });
}
