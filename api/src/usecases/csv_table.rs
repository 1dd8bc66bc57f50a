//! Tables that a person keeps in a spreadsheet, as comma-separated text: read with their line numbers, so that every fault can be
//! named by the line that has it. What the fields mean is decided by who asked for the table.

use std::fmt;

use csv::{Position, ReaderBuilder, StringRecord, Trim};

/// A column of a table.
#[derive(Debug, Clone, Copy)]
pub struct Column {
    /// The name that documents and messages use.
    pub name: &'static str,
    /// The same in Chinese; the first line may use either.
    pub chinese: &'static str,
    /// Whether the table must have it.
    pub required: bool,
}

/// One line.
#[derive(Debug, Clone)]
pub struct Line {
    /// As an editor counts, from 1; the names of the columns are line 1.
    pub number: u64,
    fields: Vec<(&'static str, String)>,
}

/// What is wrong in a line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineProblem {
    /// The line.
    pub line: u64,
    /// What is wrong in it.
    pub text: String,
}

impl LineProblem {
    /// In this line.
    #[must_use]
    pub fn at(line: u64, text: impl Into<String>) -> Self {
        Self {
            line,
            text: text.into(),
        }
    }
}

impl fmt::Display for LineProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}: {}", self.line, self.text)
    }
}

impl Line {
    /// The field of this column without spaces around it; empty when there is nothing.
    #[must_use]
    pub fn get(&self, column: &str) -> &str {
        let field = self.fields.iter().find(|(name, _)| *name == column);
        field.map_or("", |(_, text)| text.as_str())
    }

    /// The entries of a field that holds several, by semicolons.
    #[must_use]
    pub fn list(&self, column: &str) -> Vec<&str> {
        let entries = self.get(column).split([';', '；']).map(str::trim);
        entries.filter(|entry| !entry.is_empty()).collect()
    }
}

/// Reads a table of at most `most` lines. Empty lines are passed over.
///
/// # Errors
/// Every fault of form: an unknown or missing column, a line with too many fields, text that is not UTF-8.
pub fn read(bytes: &[u8], columns: &[Column], most: usize) -> Result<Vec<Line>, Vec<LineProblem>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ReaderBuilder::new().trim(Trim::All).from_reader(bytes);
    let names = match reader.headers() {
        Ok(header) => named(header, columns)?,
        Err(error) => return Err(vec![LineProblem::at(1, told(&error))]),
    };
    let (mut lines, mut problems) = (Vec::new(), Vec::new());
    let mut count = LineCount { bytes, at: 0, line: 1 };
    for record in reader.records() {
        match record {
            Ok(_) if lines.len() == most => {
                problems.push(LineProblem::at(1, format!("more than {most} lines: divide the table")));
                break;
            }
            Ok(record) => lines.push(Line {
                number: count.line_at(record.position()),
                fields: names.iter().copied().zip(record.iter().map(str::to_owned)).collect(),
            }),
            Err(error) => problems.push(LineProblem::at(count.line_at(error.position()), told(&error))),
        }
    }
    if problems.is_empty() { Ok(lines) } else { Err(problems) }
}

fn named(header: &StringRecord, columns: &[Column]) -> Result<Vec<&'static str>, Vec<LineProblem>> {
    let mut problems = Vec::new();
    let mut names = Vec::new();
    for field in header {
        match columns
            .iter()
            .find(|column| field == column.name || field == column.chinese)
        {
            Some(column) if names.contains(&column.name) => {
                problems.push(LineProblem::at(1, format!("column {}: twice", column.name)));
            }
            Some(column) => names.push(column.name),
            None => problems.push(LineProblem::at(1, format!("unknown column {field}"))),
        }
    }
    for column in columns.iter().filter(|column| column.required) {
        if !names.contains(&column.name) {
            problems.push(LineProblem::at(
                1,
                format!("column {} ({}) is missing", column.name, column.chinese),
            ));
        }
    }
    if problems.is_empty() { Ok(names) } else { Err(problems) }
}

/// Counts lines as an editor does: the reader's own count stands before the line ends that it has yet to skip.
struct LineCount<'bytes> {
    bytes: &'bytes [u8],
    at: usize,
    line: u64,
}

impl LineCount<'_> {
    /// The line in which the record begins that the reader met at this position.
    fn line_at(&mut self, position: Option<&Position>) -> u64 {
        let byte = position.and_then(|position| usize::try_from(position.byte()).ok());
        let rest = self
            .bytes
            .get(byte.unwrap_or(self.at).max(self.at)..)
            .unwrap_or_default();
        let skipped = rest.iter().take_while(|byte| matches!(byte, b'\r' | b'\n')).count();
        let begins = self.bytes.len() - rest.len() + skipped;
        let passed = self.bytes.get(self.at..begins).unwrap_or_default();
        self.line += passed.split(|byte| *byte == b'\n').skip(1).count() as u64;
        self.at = begins;
        self.line
    }
}

/// The library's words without the field's content, which may be somebody's name.
fn told(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::Utf8 { .. } => "the text is not UTF-8: save the table as \"CSV UTF-8\"".to_owned(),
        csv::ErrorKind::UnequalLengths { expected_len, len, .. } => {
            format!("{len} fields, the first line names {expected_len}")
        }
        _ => "not a line of comma-separated text".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: &[Column] = &[
        Column {
            name: "username",
            chinese: "账号",
            required: true,
        },
        Column {
            name: "role",
            chinese: "角色",
            required: false,
        },
    ];

    fn problems(text: &[u8]) -> Vec<String> {
        let problems = read(text, COLUMNS, 3).unwrap_err();
        problems.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_spreadsheet_may_speak_chinese_and_begin_with_its_mark() {
        let lines = read(
            "\u{feff}账号,角色\r\n wang.li , clerk；reviewer;\r\n\r\nli.na,\r\n".as_bytes(),
            COLUMNS,
            3,
        )
        .unwrap();
        assert_eq!(lines.len(), 2);
        assert_eq!((lines[0].number, lines[0].get("username")), (2, "wang.li"));
        assert_eq!(lines[0].list("role"), ["clerk", "reviewer"]);
        assert_eq!((lines[1].number, lines[1].get("role")), (4, ""));
        assert_eq!(read(b"username\nli.na\n", COLUMNS, 3).unwrap()[0].get("role"), "");
    }

    #[test]
    fn each_fault_is_named_with_its_line() {
        assert_eq!(
            problems(b"role,salary\n"),
            [
                "line 1: unknown column salary",
                "line 1: column username (账号) is missing"
            ]
        );
        assert_eq!(problems(b"username,username\n"), ["line 1: column username: twice"]);
        assert_eq!(
            problems(b"username,role\na,b\na,b,c\na\n"),
            [
                "line 3: 3 fields, the first line names 2",
                "line 4: 1 fields, the first line names 2"
            ]
        );
        assert_eq!(
            problems(b"username\na\nb\nc\nd\n"),
            ["line 1: more than 3 lines: divide the table"]
        );
        assert!(problems(b"username\n\xd5\xc5\n")[0].contains("UTF-8"));
    }
}
