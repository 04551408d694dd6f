//! The documentation as tests read it: its pages, their blocks, and the commands and flags in them.

use std::fs;
use std::path::Path;
use std::path::PathBuf;

const ROOT: &str = env!("CARGO_MANIFEST_DIR");

/// A fenced block.
pub struct Block {
    /// Such as `sh`.
    pub language: String,
    /// The file that the line before it names, as in "`rooms.rhai`:".
    pub file: Option<String>,
    /// What stands in it.
    pub text: String,
}

/// The fenced blocks of a page.
pub fn blocks(page: &str) -> Vec<Block> {
    let text = read(page);
    let mut lines = text.lines();
    let mut blocks = Vec::new();
    let mut before = "";
    while let Some(line) = lines.next() {
        let Some(language) = line.strip_prefix("```") else {
            before = if line.is_empty() { before } else { line };
            continue;
        };
        let body: Vec<_> = lines.by_ref().take_while(|line| *line != "```").collect();
        let named = before.strip_suffix(':').and_then(|before| before.split('`').nth_back(1));
        blocks.push(Block {
            language: language.to_owned(),
            file: named.map(str::to_owned),
            text: format!("{}\n", body.join("\n")),
        });
        before = "";
    }
    blocks
}

/// The inline code of a page.
pub fn spans(page: &str) -> Vec<String> {
    let outside: Vec<_> = read(page).split("```").step_by(2).map(str::to_owned).collect();
    let spans = outside.iter().flat_map(|text| text.split('`').skip(1).step_by(2));
    spans.map(|span| span.replace("\\|", "|").replace('\n', " ")).collect()
}

/// The commands of the program in a piece of shell, without its name, as words.
pub fn commands(shell: &str) -> Vec<Vec<String>> {
    let joined = shell.replace("\\\n", " ");
    joined
        .lines()
        .map(words)
        .filter(|words| words.first().is_some_and(|word| word == "xtenant"))
        .map(|words| words[1..].to_vec())
        .collect()
}

/// The words of a line as a shell reads them, up to a comment or a pipe.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = None;
    let mut quote = None;
    for letter in line.chars() {
        match (quote, letter) {
            (Some(open), _) if letter == open => quote = None,
            (None, '"' | '\'') => {
                quote = Some(letter);
                word.get_or_insert_with(String::new);
            }
            (None, '#' | '|') if word.is_none() => break,
            (None, ' ') => words.extend(word.take()),
            _ => word.get_or_insert_with(String::new).push(letter),
        }
    }
    words.extend(word);
    words
}

/// The flags that a text names, such as `--what-if`.
pub fn flags(text: &str) -> Vec<String> {
    let starts = text
        .match_indices("--")
        .filter(|(at, _)| !text[..*at].ends_with(|c: char| c.is_alphanumeric() || c == '-'));
    let flag = |(at, _): (usize, &str)| {
        let name: String = text[at + 2..].chars().take_while(|c| c.is_ascii_lowercase() || *c == '-').collect();
        name.starts_with(|c: char| c.is_ascii_lowercase())
            .then(|| format!("--{}", name.trim_end_matches('-')))
    };
    starts.filter_map(flag).collect()
}

/// The pages, as paths from the root.
pub fn pages() -> Vec<String> {
    let docs = fs::read_dir(Path::new(ROOT).join("docs")).expect("the folder can be listed");
    let docs = docs.map(|entry| PathBuf::from("docs").join(entry.expect("the entry can be read").file_name()));
    let docs = docs
        .map(|path| path.to_string_lossy().replace('\\', "/"))
        .filter(|path| path.ends_with(".md"));
    let mut pages: Vec<_> = ["README.md", "CONTRIBUTING.md"]
        .map(str::to_owned)
        .into_iter()
        .chain(docs)
        .collect();
    pages.sort();
    pages
}

/// The text of a page.
pub fn read(page: &str) -> String {
    let text = fs::read_to_string(Path::new(ROOT).join(page));
    text.unwrap_or_else(|error| panic!("{page}: {error}")).replace("\r\n", "\n")
}
