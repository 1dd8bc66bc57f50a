//! Reads which paths a Rust file names: `use` trees taken apart, `extern crate`, paths written in place, and the word
//! `async`. Comments and strings are no code. It resolves `crate`, `self` and `super`; what a `use … as` renames later is
//! caught at the `use`.

/// Where a piece of code stands: its crate and modules, e.g. `["api", "routes", "cases"]`.
#[derive(Debug, Clone)]
pub(crate) struct Place(Vec<String>);

impl Place {
    /// The module that `file` (`CRATE/src/…/name.rs`, from the repository's root) is.
    pub(crate) fn of_file(file: &str) -> Self {
        let (krate, rest) = file.split_once("/src/").expect("a file under a crate's src folder");
        let mut modules = vec![krate.replace('-', "_")];
        modules.extend(rest.trim_end_matches(".rs").split('/').map(str::to_owned));
        if modules
            .last()
            .is_some_and(|last| ["mod", "lib", "main"].contains(&last.as_str()))
        {
            modules.pop();
        }
        Self(modules)
    }

    /// `segments` from the crate's name on.
    fn resolve(&self, segments: &[String]) -> Vec<String> {
        let mut resolved = Vec::new();
        for (index, segment) in segments.iter().enumerate() {
            match segment.as_str() {
                "crate" if index == 0 => resolved.extend(self.0.first().cloned()),
                "self" if index == 0 => resolved.extend(self.0.iter().cloned()),
                "super" => {
                    if index == 0 {
                        resolved.extend(self.0.iter().cloned());
                    }
                    resolved.pop();
                }
                "self" => {}
                other => resolved.push(other.to_owned()),
            }
        }
        resolved
    }
}

/// A path that a file names, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct NamedPath {
    /// Counted from 1.
    pub(crate) line: usize,
    /// From the crate's name on; a glob ends in `*`.
    pub(crate) segments: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
enum Token {
    Word(String),
    PathSeparator,
    Open,
    Close,
    Comma,
    Semicolon,
    Star,
    Other(char),
}

/// Every path that `text`, the content of the file at `place`, names.
pub(crate) fn named_paths(place: &Place, text: &str) -> Vec<NamedPath> {
    let tokens = tokens(text);
    let mut named = Vec::new();
    let mut here = place.clone();
    // The depths at which the inline modules around the current token were opened.
    let mut opened_at: Vec<usize> = Vec::new();
    let mut depth = 0_usize;
    let mut at = 0;
    while let Some((token, line)) = tokens.get(at) {
        let following = |steps: usize| tokens.get(at + steps).map(|(token, _)| token);
        match token {
            Token::Open => depth += 1,
            Token::Close => {
                depth = depth.saturating_sub(1);
                if opened_at.last() == Some(&depth) {
                    opened_at.pop();
                    here.0.pop();
                }
            }
            Token::Word(word) if word == "mod" => {
                if let (Some(Token::Word(name)), Some(Token::Open)) = (following(1), following(2)) {
                    here.0.push(name.clone());
                    opened_at.push(depth);
                    depth += 1;
                    at += 2;
                }
            }
            // `use<'a>` in a type is no import.
            Token::Word(word) if word == "use" && following(1) != Some(&Token::Other('<')) => {
                at += 1;
                for path in use_tree(&tokens, &mut at, &[]) {
                    named.push(NamedPath {
                        line: path.line,
                        segments: here.resolve(&path.segments),
                    });
                }
            }
            Token::Word(word) if word == "extern" && following(1) == Some(&Token::Word("crate".to_owned())) => {
                if let Some(Token::Word(name)) = following(2) {
                    named.push(NamedPath {
                        line: *line,
                        segments: vec![name.clone()],
                    });
                }
            }
            Token::Word(word) if word == "async" => {
                named.push(NamedPath {
                    line: *line,
                    segments: vec![word.clone()],
                });
            }
            Token::Word(word) if following(1) == Some(&Token::PathSeparator) && begins_path(&tokens, at) => {
                let mut segments = vec![word.clone()];
                while let (Some((Token::PathSeparator, _)), Some((Token::Word(next), _))) =
                    (tokens.get(at + 1), tokens.get(at + 2))
                {
                    segments.push(next.clone());
                    at += 2;
                }
                named.push(NamedPath {
                    line: *line,
                    segments: here.resolve(&segments),
                });
            }
            _ => {}
        }
        at += 1;
    }
    named
}

/// Whether the word at `at` is a path's first: no `::` before it, or one that nothing stands before.
fn begins_path(tokens: &[(Token, usize)], at: usize) -> bool {
    let before = |steps: usize| {
        at.checked_sub(steps)
            .and_then(|index| tokens.get(index))
            .map(|(token, _)| token)
    };
    before(1) != Some(&Token::PathSeparator) || !matches!(before(2), Some(Token::Word(_) | Token::Other('>')))
}

/// The paths of the tree that begins at `at`, each with `stem` before it; leaves `at` on what ends the tree.
fn use_tree(tokens: &[(Token, usize)], at: &mut usize, stem: &[String]) -> Vec<NamedPath> {
    let mut segments = stem.to_vec();
    let mut line = tokens.get(*at).map_or(0, |(_, line)| *line);
    while let Some((token, token_line)) = tokens.get(*at) {
        match token {
            Token::Word(word) if word == "as" => {
                *at += 2;
                break;
            }
            Token::Word(word) => {
                segments.push(word.clone());
                line = *token_line;
            }
            Token::Star => {
                segments.push("*".to_owned());
                line = *token_line;
            }
            Token::PathSeparator => {}
            Token::Open => {
                let mut paths = Vec::new();
                *at += 1;
                loop {
                    match tokens.get(*at) {
                        None | Some((Token::Semicolon, _)) => return paths,
                        Some((Token::Close, _)) => {
                            *at += 1;
                            return paths;
                        }
                        Some((Token::Comma, _)) => *at += 1,
                        Some(_) => paths.extend(use_tree(tokens, at, &segments)),
                    }
                }
            }
            _ => break,
        }
        *at += 1;
    }
    // Something that is no `use` tree at all must not stop the reader.
    if segments.len() == stem.len() {
        *at += 1;
        return Vec::new();
    }
    vec![NamedPath { line, segments }]
}

/// The code of `text` without comments and literals, each token with its line.
fn tokens(text: &str) -> Vec<(Token, usize)> {
    let letters: Vec<char> = text.chars().collect();
    let mut tokens = Vec::new();
    let mut line = 1;
    let mut at = 0;
    while let Some(&letter) = letters.get(at) {
        let next = letters.get(at + 1).copied();
        let length = match letter {
            '/' if next == Some('/') => letters[at..].iter().take_while(|letter| **letter != '\n').count(),
            '/' if next == Some('*') => block_comment(&letters[at..]),
            '"' => string(&letters[at..]),
            '\'' => character_or_lifetime(&letters[at..]),
            letter if letter.is_alphabetic() || letter == '_' => {
                let rest = &letters[at..];
                if let Some(length) = raw_string(rest) {
                    length
                } else {
                    let length = rest
                        .iter()
                        .take_while(|letter| letter.is_alphanumeric() || **letter == '_')
                        .count();
                    tokens.push((Token::Word(rest[..length].iter().collect()), line));
                    length
                }
            }
            ':' if next == Some(':') => {
                tokens.push((Token::PathSeparator, line));
                2
            }
            letter => {
                if !letter.is_whitespace() {
                    let token = match letter {
                        '{' => Token::Open,
                        '}' => Token::Close,
                        ',' => Token::Comma,
                        ';' => Token::Semicolon,
                        '*' => Token::Star,
                        other => Token::Other(other),
                    };
                    tokens.push((token, line));
                }
                1
            }
        };
        let end = (at + length.max(1)).min(letters.len());
        line += letters[at..end].iter().filter(|letter| **letter == '\n').count();
        at = end;
    }
    tokens
}

/// The length of the block comment, which may hold others, that `letters` begins with.
fn block_comment(letters: &[char]) -> usize {
    let mut depth = 0_usize;
    let mut at = 0;
    while at < letters.len() {
        match (letters[at], letters.get(at + 1)) {
            ('/', Some('*')) => {
                depth += 1;
                at += 2;
            }
            ('*', Some('/')) => {
                depth -= 1;
                at += 2;
                if depth == 0 {
                    return at;
                }
            }
            _ => at += 1,
        }
    }
    at
}

/// The length of the quoted string that `letters` begins with.
fn string(letters: &[char]) -> usize {
    let mut at = 1;
    while at < letters.len() {
        match letters[at] {
            '\\' => at += 2,
            '"' => return at + 1,
            _ => at += 1,
        }
    }
    at
}

/// The length of the raw string, with its prefix, that `letters` begins with.
fn raw_string(letters: &[char]) -> Option<usize> {
    let prefix = letters
        .iter()
        .take_while(|letter| ['r', 'b', 'c'].contains(letter))
        .count();
    if prefix == 0 || prefix > 2 || !letters[..prefix].contains(&'r') {
        return None;
    }
    let hashes = letters[prefix..].iter().take_while(|letter| **letter == '#').count();
    if letters.get(prefix + hashes) != Some(&'"') {
        return None;
    }
    let end: Vec<char> = std::iter::once('"').chain(std::iter::repeat_n('#', hashes)).collect();
    let content = &letters[prefix + hashes + 1..];
    let length = content
        .windows(end.len())
        .position(|window| window == end)
        .unwrap_or(content.len());
    Some(prefix + hashes + 1 + length + end.len())
}

/// The length of the character literal, or of a lifetime's apostrophe alone, that `letters` begins with.
fn character_or_lifetime(letters: &[char]) -> usize {
    match (letters.get(1), letters.get(2)) {
        (Some('\\'), _) => {
            3 + letters[3.min(letters.len())..]
                .iter()
                .take_while(|letter| **letter != '\'')
                .count()
                + 1
        }
        (Some(_), Some('\'')) => 3,
        _ => 1,
    }
}
