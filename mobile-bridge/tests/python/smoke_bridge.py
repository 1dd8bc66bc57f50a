"""Calls the bridge through its generated bindings, as a phone would. `./dev test` generates them first."""

import pathlib
import unittest

import mobile_bridge

CALENDAR = pathlib.Path(__file__).resolve().parents[3] / "api" / "city" / "calendar"


class WorkingDays(unittest.TestCase):
    def setUp(self):
        self.calendar = [path.read_text(encoding="utf-8") for path in sorted(CALENDAR.glob("20*.json"))]
        self.assertGreaterEqual(len(self.calendar), 3)

    def test_spring_festival_is_not_counted(self):
        due = mobile_bridge.working_days_from("2026-02-13", 5, self.calendar)
        self.assertEqual((due.date, due.provisional), ("2026-02-27", False))

    def test_december_waits_for_the_next_notice(self):
        due = mobile_bridge.working_days_from("2026-12-24", 5, self.calendar)
        self.assertEqual((due.date, due.provisional), ("2026-12-31", True))

    def test_a_wrong_argument_is_an_exception_of_its_own(self):
        with self.assertRaises(mobile_bridge.CalendarProblem.NotADate):
            mobile_bridge.working_days_from("明天", 5, self.calendar)
        with self.assertRaises(mobile_bridge.CalendarProblem.NotACalendar):
            mobile_bridge.working_days_from("2026-02-13", 5, ["不是日历"])


if __name__ == "__main__":
    unittest.main()
