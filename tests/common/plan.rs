//! `Plan`: the table that a what-if run ends with, read back. A cell that is too wide goes on in the lines below.

/// What a run would write, one entry a change.
#[derive(Debug, Default)]
pub struct Plan(Vec<Entry>);

/// The cells of one change, put together again without blanks.
#[derive(Debug, Default)]
struct Entry {
    title: String,
    attributes: String,
    old: String,
    new: String,
}

const COLUMNS: [&str; 4] = ["object", "attribute", "old", "new"];

impl Plan {
    /// Reads the table in `text`; there is none when nothing would be changed.
    pub fn read(text: &str) -> Self {
        let lines: Vec<Vec<char>> = text.lines().map(|line| line.chars().collect()).collect();
        let is_header = |line: &Vec<char>| line.iter().collect::<String>().split_whitespace().eq(COLUMNS);
        let Some(head) = lines.iter().position(is_header) else {
            return Self::default();
        };
        let title: String = lines[head].iter().collect();
        let starts = COLUMNS.map(|name| title.find(name).expect("it is the header"));
        let mut plan = Self::default();
        for line in lines[head + 2..].iter().take_while(|line| !line.is_empty()) {
            let cell = |at: usize| {
                let end = starts.get(at + 1).copied().unwrap_or(line.len()).min(line.len());
                bare(&line.get(starts[at]..end).unwrap_or_default().iter().collect::<String>())
            };
            if ["contoso:", "northwind:"].iter().any(|tenant| cell(0).starts_with(tenant)) {
                plan.0.push(Entry::default());
            }
            let entry = plan.0.last_mut().expect("the first line begins a change");
            let parts = [&mut entry.title, &mut entry.attributes, &mut entry.old, &mut entry.new];
            for (part, at) in parts.into_iter().zip(0..) {
                part.push_str(&cell(at));
            }
        }
        plan
    }

    /// How many changes it lists.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// It lists the change with this title, and among its attributes each of `attributes`: name, old, new.
    #[track_caller]
    pub fn lists(&self, title: &str, attributes: &[(&str, &str, &str)]) -> &Self {
        let Some(entry) = self.0.iter().find(|entry| entry.title == bare(title)) else {
            panic!("no `{title}` in {self:#?}");
        };
        for (name, old, new) in attributes {
            assert!(entry.attributes.contains(&bare(name)), "no `{name}` in {entry:#?}");
            assert!(entry.old.contains(&bare(old)), "no old `{old}` in {entry:#?}");
            assert!(entry.new.contains(&bare(new)), "no new `{new}` in {entry:#?}");
        }
        self
    }
}

fn bare(text: &str) -> String {
    text.split_whitespace().collect()
}
